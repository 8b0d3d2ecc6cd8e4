package dev.tiphys.network.mesh;

import dev.tiphys.network.NetworkSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Set;

/// Policies, and the rule that only Pods and this node itself are served: the ports that calls are
/// sent to are the node's, and others could find them.
///
/// Threads: any.
public final class OwnCallers implements Mesh.Policies {

  private final NetworkSettings network;
  private final Mesh.Policies policies;

  /// @param policies what they say of callers that are served
  public OwnCallers(NetworkSettings network, Mesh.Policies policies) {
    this.network = network;
    this.policies = policies;
  }

  @Override
  public void letIn(Set<InetSocketAddress> ports) throws IOException {
    policies.letIn(ports);
  }

  @Override
  public boolean covers(InetAddress client, InetSocketAddress endpoint) {
    return isOwn(client) && policies.covers(client, endpoint);
  }

  private boolean isOwn(InetAddress client) {
    return network.podRanges().stream().anyMatch(range -> range.contains(client))
        || network.addresses().contains(client)
        || client.isLoopbackAddress()
        || isOfThisMachine(client);
  }

  private static boolean isOfThisMachine(InetAddress client) {
    try {
      return NetworkInterface.getByInetAddress(client) != null;
    } catch (SocketException e) {
      return false;
    }
  }
}
