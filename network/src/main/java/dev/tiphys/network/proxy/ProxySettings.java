package dev.tiphys.network.proxy;

import dev.tiphys.network.NetworkSettings;
import dev.tiphys.network.conntrack.Tuning;

/// How a proxy works.
///
/// @param network of its node; node ports are on the addresses that are named there
/// @param masqueradeAll whether all that comes to the address of a Service leaves under the node's
///   address, not just what comes from elsewhere than a Pod
/// @param tuning of the machine's kernel; of another namespace's, nothing is changed
public record ProxySettings(NetworkSettings network, boolean masqueradeAll, Tuning tuning) {

  /// The usual ones.
  public static ProxySettings of(NetworkSettings network) {
    return new ProxySettings(network, false, Tuning.USUAL);
  }
}
