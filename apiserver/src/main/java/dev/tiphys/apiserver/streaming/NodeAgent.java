package dev.tiphys.apiserver.streaming;

import dev.tiphys.http.client.RequestTarget;

/// Where the agent of a node listens.
///
/// @param host its address
/// @param port its port
public record NodeAgent(String host, int port) {

  /// Host and port, as they stand in URLs.
  String authority() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }

  String url(RequestTarget target) {
    return "https://" + authority() + target;
  }
}
