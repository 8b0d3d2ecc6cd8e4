package dev.tiphys.apiserver.streaming;

/// Where the agent of a node listens.
///
/// @param host its address
/// @param port its port
record NodeAgent(String host, int port) {

  String url(String path) {
    String name = host.indexOf(':') < 0 ? host : "[" + host + "]";
    return "https://" + name + ":" + port + path;
  }
}
