package dev.tiphys.cli.roles;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.network.NetworkSettings;
import dev.tiphys.network.health.Pages;
import dev.tiphys.network.hostports.HostPorts;
import dev.tiphys.network.netlink.NetlinkSocket;
import dev.tiphys.network.nftables.Tables;
import dev.tiphys.network.proxy.Proxy;
import dev.tiphys.network.proxy.ProxySettings;
import dev.tiphys.node.agent.NodeNetwork;
import dev.tiphys.node.cni.CniException;
import dev.tiphys.node.cni.PodGuard;
import dev.tiphys.node.cni.PodNetwork;
import dev.tiphys.object.Struct;
import dev.tiphys.world.World;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The network of this node's Pods, and the parts that make Services and policies of it.
///
/// Threads: any.
public final class NetworkRole implements NodeNetwork, PodGuard, AutoCloseable {

  /// How long a Pod that ends waits for Services to let go of it.
  private static final Duration LONGEST_DRAIN = Duration.ofSeconds(1);

  private final PodNetwork pods;
  private final HostPorts hostPorts;
  private final @Nullable Proxy proxy;

  private NetworkRole(PodNetwork pods, HostPorts hostPorts, @Nullable Proxy proxy) {
    this.pods = pods;
    this.hostPorts = hostPorts;
    this.proxy = proxy;
  }

  /// Starts it. What runs on the node keeps its network.
  ///
  /// @param node the API as the node sees it
  /// @param proxies the API as the service proxy sees it; null if another program does its work
  /// @throws CliException if the kernel does not take the rules
  public static NetworkRole start(
      World world, Api node, @Nullable Api proxies, NetworkSettings settings, PodNetwork pods) {
    try {
      HostPorts hostPorts = new HostPorts(settings);
      ListOptions own = ListOptions.withFields("spec.nodeName=" + settings.node());
      hostPorts.start(node.list(ApiResource.PODS, "", own).items());
      Proxy proxy = proxies == null ? null : new Proxy(world, proxies, ProxySettings.of(settings));
      if (proxy != null) {
        proxy.start();
        proxy.serve(Pages.HEALTH, Pages.METRICS);
      }
      return new NetworkRole(pods, hostPorts, proxy);
    } catch (IOException e) {
      throw new CliException("cannot set up the network of pods: " + e.getMessage(), e);
    }
  }

  /// Removes all rules of a network's parts, whichever process made them.
  ///
  /// @throws IOException if the kernel cannot be asked
  static void clear(NetworkSettings settings) throws IOException {
    try (NetlinkSocket socket = settings.namespace().open(NetlinkSocket.NETFILTER)) {
      Tables.deleteBeginningWith(settings.table(""), socket);
    }
  }

  @Override
  public void install(List<String> ranges) throws CniException, InterruptedException {
    pods.install(ranges);
  }

  @Override
  public PodGuard guard() {
    return this;
  }

  @Override
  public void protect(Struct pod, List<String> addresses) throws CniException {
    try {
      hostPorts.protect(pod, addresses);
    } catch (IOException e) {
      throw new CniException("ports of the node cannot lead to the pod: " + e.getMessage(), e);
    }
  }

  @Override
  public void drain(Struct pod) throws InterruptedException {
    if (proxy != null) {
      boolean _ = proxy.awaitDrained(pod, LONGEST_DRAIN);
    }
  }

  @Override
  public void release(String uid) {
    hostPorts.release(uid);
  }

  /// Ends the parts. The rules stay, and so do connections.
  @Override
  public void close() {
    if (proxy != null) {
      proxy.close();
    }
    hostPorts.close();
  }
}
