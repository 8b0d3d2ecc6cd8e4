/// Connections as the proxy holds them, each on one event loop, which nothing of it leaves: so
/// nothing here is locked.
///
/// Each side of what is passed on is a [PulledChannel], of which the next part is read only when it
/// is asked for. Those to endpoints are [Upstream]s: between two requests they rest in the [Pool]
/// of their loop; over HTTP/2 each is one of the [Streams] of a connection. A [Peer] has one of
/// them for as long as its request takes. What must be over by some time is among the [Deadlines]
/// of the loop.
package dev.tiphys.network.router.connections;
