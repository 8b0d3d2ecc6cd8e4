package dev.tiphys.network.istio.destinations;

/// Where a request or a connection comes in, and from whose point of view its destinations are
/// looked up.
///
/// @param gateway [#MESH], a Gateway as `NAMESPACE/NAME`, or empty for all of them
/// @param port that the client has called: a Service's, or a Gateway's
/// @param isOutside whether it is the edge, though no Gateway says so
/// @param viewer the namespace that the client is in, of which the DestinationRules and
///   ServiceEntries count; empty for one that sees only what is exported to all
public record Place(String gateway, int port, boolean isOutside, String viewer) {

  /// Stands for calls between Pods.
  public static final String MESH = "mesh";

  /// Calls between Pods to a port of a Service.
  public static Place mesh(int port, String viewer) {
    return new Place(MESH, port, false, viewer);
  }

  /// A port of a Gateway, which sees what its namespace sees.
  public static Place ofGateway(String gateway, int port) {
    return new Place(gateway, port, false, gateway.substring(0, gateway.indexOf('/')));
  }

  /// The edge, for an object that names no Gateway.
  public static Place outside(int port, String viewer) {
    return new Place(MESH, port, true, viewer);
  }

  /// No place in particular: whatever an object says of any counts.
  public static Place everywhere(int port, String viewer) {
    return new Place("", port, false, viewer);
  }

  /// Whether it is for objects that name no Gateway.
  public boolean isMesh() {
    return gateway.equals(MESH);
  }

  /// Whether whatever an object says of any place counts.
  public boolean isEverywhere() {
    return gateway.isEmpty();
  }

  /// Whether clients come from Pods, which can be told apart.
  public boolean isBetweenPods() {
    return isMesh() && !isOutside;
  }

  /// Whether a list of gateways has this one.
  ///
  /// @param namespace of the object that has the list, which names without a namespace are in
  public boolean isIn(Iterable<String> gateways, String namespace) {
    for (String name : gateways) {
      if (name.equals(gateway) || (namespace + "/" + name).equals(gateway)) {
        return true;
      }
    }
    return false;
  }
}
