package dev.tiphys.http.server;

import java.time.Duration;

/// How long a connection may keep the server waiting. The numbers are upstream's: those of its HTTP
/// server, and of its requests for what has to do with one request.
final class Timeouts {

  /// For TLS and the head of the first request, and for each later head from its first byte on.
  static final Duration HEAD = Duration.ofSeconds(32);

  /// Between requests.
  static final Duration IDLE = Duration.ofSeconds(90);

  /// For the whole content of a request, from when it is first waited for.
  static final Duration CONTENT = Duration.ofSeconds(60);

  /// For a client that has not read all of an answer, since it last read some of it. Streams are
  /// exempt: their writers are held up instead.
  static final Duration STALLED = Duration.ofSeconds(60);

  /// For a client to read the last answer of a connection that is closed while it still sends.
  static final Duration LINGER = Duration.ofSeconds(1);

  private Timeouts() {}
}
