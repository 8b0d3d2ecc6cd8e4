package dev.tiphys.network.istio;

/// Where a request comes in.
///
/// @param gateway [#MESH], or a Gateway as `NAMESPACE/NAME`
/// @param port that the client has called: a Service's, or a Gateway's
/// @param isOutside whether it is the edge, though no Gateway says so
record Place(String gateway, int port, boolean isOutside) {

  /// Of a Gateway, or for calls between Pods.
  Place(String gateway, int port) {
    this(gateway, port, false);
  }

  /// Stands for calls between Pods.
  static final String MESH = "mesh";

  boolean isMesh() {
    return gateway.equals(MESH);
  }

  /// Whether a list of gateways has this one.
  ///
  /// @param namespace of the object that has the list, which names without a namespace are in
  boolean isIn(Iterable<String> gateways, String namespace) {
    for (String name : gateways) {
      if (name.equals(gateway) || (namespace + "/" + name).equals(gateway)) {
        return true;
      }
    }
    return false;
  }
}
