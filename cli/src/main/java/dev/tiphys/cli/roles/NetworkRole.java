package dev.tiphys.cli.roles;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.network.NetworkSettings;
import dev.tiphys.network.health.Pages;
import dev.tiphys.network.hostports.HostPorts;
import dev.tiphys.network.loadbalancer.LocalAddresses;
import dev.tiphys.network.mesh.Mesh;
import dev.tiphys.network.netlink.NetlinkSocket;
import dev.tiphys.network.nftables.Tables;
import dev.tiphys.network.pods.PodRoutes;
import dev.tiphys.network.policy.NetworkPolicies;
import dev.tiphys.network.proxy.Proxy;
import dev.tiphys.network.proxy.ProxySettings;
import dev.tiphys.node.agent.NodeNetwork;
import dev.tiphys.node.cni.CniException;
import dev.tiphys.node.cni.PodGuard;
import dev.tiphys.node.cni.PodNetwork;
import dev.tiphys.object.Struct;
import dev.tiphys.world.World;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The network of this node's Pods, and the parts that make Services and policies of it.
///
/// Threads: any.
public final class NetworkRole implements NodeNetwork, PodGuard, AutoCloseable {

  /// How long a Pod that ends waits for Services to let go of it.
  private static final Duration LONGEST_DRAIN = Duration.ofSeconds(1);

  /// The user that follows policies.
  public static final String POLICY_USER = "system:tiphys:network-policy";

  /// The user that follows the other nodes.
  public static final String ROUTES_USER = "system:tiphys:pod-network";

  private static final System.Logger LOG = System.getLogger(NetworkRole.class.getName());

  private final @Nullable PodNetwork pods;
  private final HostPorts hostPorts;
  private final @Nullable Proxy proxy;
  private final @Nullable NetworkPolicies policies;
  private final @Nullable PodRoutes routes;
  private final Object installing = new Object();
  private List<String> installed = List.of();

  /// The API as the parts see it, each null if another program does its work.
  ///
  /// @param proxy as the service proxy does
  /// @param policies as what makes policies hold does
  /// @param routes as what leads to Pods of other nodes does
  public record Apis(@Nullable Api proxy, @Nullable Api policies, @Nullable Api routes) {}

  private NetworkRole(
      World world,
      Apis apis,
      NetworkSettings settings,
      @Nullable PodNetwork pods,
      HostPorts hostPorts)
      throws IOException {
    this.pods = pods;
    this.hostPorts = hostPorts;
    this.proxy =
        apis.proxy() == null ? null : new Proxy(world, apis.proxy(), ProxySettings.of(settings));
    this.policies =
        apis.policies() == null ? null : new NetworkPolicies(world, apis.policies(), settings);
    this.routes =
        apis.routes() == null || pods == null
            ? null
            : new PodRoutes(world, apis.routes(), settings, this::resized);
  }

  /// Starts it. What runs on the node keeps its network.
  ///
  /// @param node the API as the node sees it
  /// @param apis the API as the parts see it
  /// @param pods the network of Pods; null if another program makes it
  /// @throws CliException if the kernel does not take the rules
  public static NetworkRole start(
      World world, Api node, Apis apis, NetworkSettings network, @Nullable PodNetwork pods) {
    try {
      NetworkSettings settings = network.onThisKernel();
      HostPorts hostPorts = new HostPorts(world, settings);
      ListOptions own = ListOptions.withFields("spec.nodeName=" + settings.node());
      hostPorts.start(node.list(ApiResource.PODS, "", own).items());
      NetworkRole role = new NetworkRole(world, apis, settings, pods, hostPorts);
      role.start();
      return role;
    } catch (IOException e) {
      throw new CliException("cannot set up the network of pods: " + e.getMessage(), e);
    }
  }

  /// The policies of this node, for what passes on calls of its Pods; none where another program
  /// makes them hold.
  public Mesh.Policies meshPolicies() {
    NetworkPolicies own = policies;
    if (own == null) {
      return Mesh.Policies.NONE;
    }
    return new Mesh.Policies() {
      @Override
      public void letIn(Set<InetSocketAddress> ports) throws IOException {
        own.letIn(ports);
      }

      @Override
      public boolean covers(InetAddress client, InetSocketAddress endpoint) {
        return own.let(client, endpoint);
      }
    };
  }

  /// What the service proxy tells; nothing where another program is that.
  public String metrics() {
    return proxy == null ? "" : proxy.metrics();
  }

  private void start() throws IOException {
    if (proxy != null) {
      proxy.serve(Pages.HEALTH, Pages.METRICS);
      proxy.start();
    }
    if (policies != null) {
      policies.start();
    }
    if (routes != null) {
      routes.start();
    }
  }

  /// Removes all rules and routes of a network's parts, whichever process made them.
  ///
  /// @throws IOException if the kernel cannot be asked
  static void clear(NetworkSettings settings) throws IOException {
    try (NetlinkSocket socket = settings.namespace().open(NetlinkSocket.NETFILTER)) {
      Tables.deleteBeginningWith(settings.table(""), socket);
    }
    PodRoutes.clear(settings);
    LocalAddresses.clear(settings, LocalAddresses.Shared.of(LocalAddresses.Shared.USUAL).pool());
  }

  @Override
  public void install(List<String> ranges) throws CniException, InterruptedException {
    if (pods == null) {
      return;
    }
    synchronized (installing) {
      pods.install(ranges, routes == null ? 0 : routes.mtu());
      installed = ranges;
    }
  }

  /// Pods that start from now on send packets of the new size; those that run learn of it as they
  /// send too large ones.
  private void resized(int mtu) {
    synchronized (installing) {
      if (pods == null || installed.isEmpty()) {
        return;
      }
      try {
        pods.install(installed, mtu);
      } catch (CniException e) {
        LOG.log(Level.WARNING, "new pods send packets of the old size: {0}", e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public PodGuard guard() {
    return this;
  }

  @Override
  public void protect(Struct pod, List<String> addresses)
      throws CniException, InterruptedException {
    try {
      if (policies != null) {
        policies.protect(pod, addresses);
      }
    } catch (IOException e) {
      throw new CniException("network policies do not hold for the pod: " + e.getMessage(), e);
    }
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
    if (policies != null) {
      policies.release(uid);
    }
  }

  /// Ends the parts. The rules stay, and so do connections.
  @Override
  public void close() {
    if (proxy != null) {
      proxy.close();
    }
    if (policies != null) {
      policies.close();
    }
    if (routes != null) {
      routes.close();
    }
    hostPorts.close();
  }
}
