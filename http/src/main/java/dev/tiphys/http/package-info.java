/// A server for HTTP/1.1 and HTTP/2, over TLS or in the clear, on Netty.
///
/// Each request is given to an [dev.tiphys.http.HttpHandler] on a virtual thread of its own, whole;
/// the handler answers through the [dev.tiphys.http.Exchange] with a response, with a stream that
/// goes on for as long as it likes, or by taking the connection over ([dev.tiphys.http.Tunnel]).
package dev.tiphys.http;
