package dev.tiphys.network.router.backends;

/// What endpoints speak.
public enum Protocol {
  /// HTTP/1.1 (RFC 9112).
  HTTP_1,
  /// HTTP/2 from the first byte on, without TLS (RFC 9113, 3.3), as gRPC servers do.
  HTTP_2
}
