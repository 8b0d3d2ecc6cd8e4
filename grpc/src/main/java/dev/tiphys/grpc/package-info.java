/// A client for gRPC over a unix socket, for code that waits on virtual threads.
///
/// gRPC is a thin layer over HTTP/2: a call is a stream, messages are length-prefixed pieces of its
/// body, and the outcome stands in the trailers. HTTP/2 itself is Netty's. What is here follows the
/// document "gRPC over HTTP2" and has what Tiphys uses: unary and streaming calls, deadlines,
/// cancellation, back-pressure in both directions, reconnecting. There is no compression, load
/// balancing, retrying or name resolution.
package dev.tiphys.grpc;
