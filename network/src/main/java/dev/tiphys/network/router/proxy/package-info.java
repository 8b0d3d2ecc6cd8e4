/// A reverse proxy for HTTP: what comes from clients is passed on as the table says, and what comes
/// back is passed on to the client. Nothing is buffered on the way, but for small contents that may
/// have to be sent again.
///
/// A connection of a client stays on the event loop that accepted it, and so do the connections to
/// endpoints that its requests go by, those that are kept in the [Pool] of that loop included:
/// nothing is handed from thread to thread, and nothing here is locked. Both sides are
/// [PulledChannel]s: the next part of a message is read only when there is room for it on the other
/// side.
///
/// A request: [ClientStream] → `message.RequestHead` → [Exchange] → [Upstream], and back.
package dev.tiphys.network.router.proxy;
