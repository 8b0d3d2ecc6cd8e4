package dev.tiphys.network.proxy;

import dev.tiphys.network.NetworkSettings;

/// How a proxy works.
///
/// @param network of its node; node ports are on the addresses that are named there
/// @param masqueradeAll whether all that comes to the address of a Service leaves under the node's
///   address, not just what comes from elsewhere than a Pod
public record ProxySettings(NetworkSettings network, boolean masqueradeAll) {

  /// The usual ones.
  public static ProxySettings of(NetworkSettings network) {
    return new ProxySettings(network, false);
  }
}
