package dev.tiphys.network.router.backends;

import java.time.Duration;

/// By what requests are told apart, so that those of one client go to one endpoint.
public sealed interface HashBy {

  /// By nothing.
  record Nothing() implements HashBy {}

  /// By a header.
  record Header(String name) implements HashBy {}

  /// By a cookie. A client that has none is given one.
  ///
  /// @param path for which the client keeps it; empty for that of the request
  /// @param life how long the client keeps it; zero for as long as it runs, negative to give none
  /// @param mark what its value begins with
  /// @param attributes further ones, each behind a semicolon; empty for none
  record Cookie(String name, String path, Duration life, String mark, String attributes)
      implements HashBy {

    public Cookie(String name, String path, Duration life) {
      this(name, path, life, "", "");
    }
  }

  /// By path and query.
  record Target() implements HashBy {}

  /// By the client's address.
  record Source() implements HashBy {}

  /// By a parameter of the query.
  record Query(String name) implements HashBy {}
}
