package dev.tiphys.network.istio;

/// How VirtualServices are served.
///
/// @param domain of the cluster
/// @param port of the edge for VirtualServices that name no Gateway
public record IstioSettings(String domain, int port) {

  /// The usual ones.
  public static final IstioSettings USUAL = new IstioSettings("cluster.local", 80);
}
