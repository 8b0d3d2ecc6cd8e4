/// A reverse proxy for HTTP: what comes from clients is passed on as the table says, and what comes
/// back is passed on to the client. Nothing is buffered on the way, but for small contents that may
/// have to be sent again.
///
/// A connection of a client stays on the event loop that accepted it, and so do the `connections`
/// to endpoints that its requests go by, those that rest included: nothing is handed from thread to
/// thread, and nothing here is locked. The next part of a message is read only when there is room
/// for it on the other side.
///
/// A request: [ClientStream] → `message.RequestHead` → [Exchange] → `connections.Upstream`, and
/// back.
package dev.tiphys.network.router.proxy;
