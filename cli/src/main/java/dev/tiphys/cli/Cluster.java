package dev.tiphys.cli;

import dev.tiphys.apiserver.http.Health;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.cli.data.AdminKubeconfig;
import dev.tiphys.cli.data.Certificates;
import dev.tiphys.cli.data.ClusterSettings;
import dev.tiphys.cli.data.DataDirectory;
import dev.tiphys.cli.data.DataLock;
import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.machine.HeapKeeper;
import dev.tiphys.cli.machine.HostAddress;
import dev.tiphys.cli.machine.HostName;
import dev.tiphys.cli.machine.HostRequirements;
import dev.tiphys.cli.machine.NodePackages;
import dev.tiphys.cli.machine.Ports;
import dev.tiphys.cli.options.NetworkOption;
import dev.tiphys.cli.options.SchedulerFile;
import dev.tiphys.cli.roles.ApiServerRole;
import dev.tiphys.cli.roles.Closeables;
import dev.tiphys.cli.roles.ContainerMachinery;
import dev.tiphys.cli.roles.DnsRole;
import dev.tiphys.cli.roles.EdgeRole;
import dev.tiphys.cli.roles.LeftParts;
import dev.tiphys.cli.roles.MetricsRole;
import dev.tiphys.cli.roles.NetworkRole;
import dev.tiphys.cli.roles.NodeRole;
import dev.tiphys.cli.roles.Starting;
import dev.tiphys.cli.roles.StateRole;
import dev.tiphys.cli.roles.StorageRole;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.network.NetworkSettings;
import dev.tiphys.network.loadbalancer.AddressPool;
import dev.tiphys.network.loadbalancer.Announcer;
import dev.tiphys.node.settings.EvictionThresholds;
import dev.tiphys.node.settings.NodeSettings;
import dev.tiphys.node.simulated.SimulatedNodes;
import dev.tiphys.node.simulated.SimulatedSettings;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.store.Store;
import dev.tiphys.world.World;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A whole cluster in this process: puts the parts together, in order, and takes them apart again.
final class Cluster implements AutoCloseable {

  /// All simulated nodes share one connection, so no node's rights would do.
  private static final UserInfo SIMULATED_NODES =
      UserInfo.of("system:tiphys:simulated-nodes", UserInfo.AUTHENTICATED);

  private static final UserInfo DNS = UserInfo.of(DnsRole.USER, UserInfo.AUTHENTICATED);

  private static final UserInfo NETWORK_POLICY =
      UserInfo.of(NetworkRole.POLICY_USER, UserInfo.AUTHENTICATED);

  private static final UserInfo STORAGE = UserInfo.of(StorageRole.USER, UserInfo.AUTHENTICATED);

  private static final UserInfo POD_NETWORK =
      UserInfo.of(NetworkRole.ROUTES_USER, UserInfo.AUTHENTICATED);

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(10);

  private final World world;
  private final Closeables running = new Closeables();
  private final LeftParts left = new LeftParts();
  private final ApiServerRole server;
  private final Path kubeconfig;
  private final List<String> podRanges;
  private volatile @Nullable EdgeRole edge;
  private int nodes;
  private boolean awaitsPlugin;

  /// Starts it. When this returns, the API is ready; the rest gets ready by itself.
  ///
  /// @throws CliException if it can't be; then nothing of it runs any more
  Cluster(World world, UpOptions options, Progress progress) throws InterruptedException {
    this.world = world;
    check(options, progress);
    DataDirectory data = DataDirectory.make(options.server.dataDirectory);
    running.add(DataLock.take(data));
    running.add(HeapKeeper.start(world));
    podRanges = options.podRange.of(data, options.simulatedNodes() > 0);
    // what takes longest starts first, beside everything else
    Starting<ContainerMachinery> machinery =
        options.node == UpOptions.NodeKind.CONTAINERD
            ? new Starting<>(
                world,
                "containerd",
                () -> ContainerMachinery.start(world, data, podRanges, options.podNetwork.isOurs()))
            : Starting.nothing();
    try {
      Store store = running.add(options.server.store.open(data, world));
      Certificates certificates = new Certificates(world, data.pki());
      server =
          running.add(
              ApiServerRole.start(
                  world,
                  store,
                  certificates,
                  options.server.settings(options.server.encryption.choiceOfCluster(world, data)),
                  new Health()));
      kubeconfig = AdminKubeconfig.write(server.admin(), data, options.server.kubeconfig);
      server.onRenewedAdmin(next -> AdminKubeconfig.renew(next, data, kubeconfig));
      progress.done("API server", server.admin().server());
      new ControlPlane(world, server, running, left, podRanges, () -> edge).start(options, data);
      startNodes(options, data, certificates, machinery, podRanges, progress);
      if (options.network.has(NetworkOption.Part.METRICS)) {
        running.add(MetricsRole.start(world, server));
        running.add(StateRole.start(world, server));
      }
    } catch (RuntimeException e) {
      running.close();
      machinery.undo(ContainerMachinery::undo);
      throw e;
    }
  }

  /// Finds out what would make the start fail, before anything is started.
  private static void check(UpOptions options, Progress progress) throws InterruptedException {
    DataLock.requireFree(DataDirectory.of(options.server.dataDirectory));
    SchedulerFile.read(options.schedulerConfig, options.server.features.gates());
    options.server.served.config();
    if (options.server.port != 0) {
      Ports.requireFree(options.server.port, "--port");
    }
    if (options.node == UpOptions.NodeKind.CONTAINERD) {
      HostRequirements.requireContainers();
      NodePackages.require(!options.noInstall, options.podNetwork.isOurs(), progress::say);
    }
  }

  private void startNodes(
      UpOptions options,
      DataDirectory data,
      Certificates certificates,
      Starting<ContainerMachinery> machinery,
      List<String> podRanges,
      Progress progress)
      throws InterruptedException {
    nodes = options.simulatedNodes();
    if (nodes > 0) {
      running
          .add(
              new SimulatedNodes(
                  world,
                  server.api(SIMULATED_NODES, "kubelet", "kubelet"),
                  nodes,
                  SimulatedSettings.DEFAULT))
          .start();
    }
    if (options.node == UpOptions.NodeKind.CONTAINERD) {
      nodes++;
      awaitsPlugin = !options.podNetwork.isOurs();
      ContainerMachinery runtime = running.add(machinery.await());
      progress.done("containerd", runtime.containerd().adopted() ? "taken over" : "started");
      String name = HostName.find();
      List<String> addresses = HostAddress.find(podRanges);
      Api api = server.api(UserInfo.ofNode(name), "kubelet", "kubelet");
      NetworkSettings settings =
          ContainerMachinery.networkSettings(data, name, addresses, podRanges);
      NetworkRole network =
          running.add(
              NetworkRole.start(world, api, networkApis(options), settings, runtime.network()));
      startAnnouncer(options, settings);
      edge =
          new ClusterEdge(world, server, running, left)
              .start(options, data, settings, network.meshPolicies());
      List<String> names = startDns(options, data, name, addresses.getFirst());
      running.add(
          NodeRole.start(
              world,
              api,
              NodeSettings.of(name, addresses, data.path())
                  .withClusterDns(names, options.dns.domain())
                  .withFeatures(options.server.features.gates())
                  .withEviction(
                      options.eviction.thresholds(EvictionThresholds.ON_A_SHARED_MACHINE)),
              data,
              runtime,
              network,
              certificates,
              certificates.authorities(),
              _ -> {})); // what is counted besides is told by the API server
      if (options.network.has(NetworkOption.Part.STORAGE)) {
        running.add(
            StorageRole.start(
                world, server.api(STORAGE, StorageRole.PROGRAM, StorageRole.PROGRAM), name, data));
      }
    }
  }

  /// Addresses of a pool are answered for by nodes; those of the nodes themselves need nothing.
  private void startAnnouncer(UpOptions options, NetworkSettings settings) {
    AddressPool pool = options.network.pool();
    if (pool == null || !options.network.has(NetworkOption.Part.LOADBALANCER)) {
      return;
    }
    try {
      Api api = server.api(UserInfo.PROXY, "kube-proxy", "kube-proxy");
      running.add(new Announcer(world, api, settings, pool)).start();
    } catch (IOException e) {
      throw new CliException("cannot answer for addresses of load balancers: " + e.getMessage(), e);
    }
  }

  private NetworkRole.Apis networkApis(UpOptions options) {
    return new NetworkRole.Apis(
        options.network.has(NetworkOption.Part.PROXY)
            ? server.api(UserInfo.PROXY, "kube-proxy", "kube-proxy")
            : null,
        options.network.has(NetworkOption.Part.POLICY)
            ? server.api(NETWORK_POLICY, "network-policy", "network-policy")
            : null,
        server.api(POD_NETWORK, "pod-network", "pod-network"));
  }

  /// Starts the DNS, if it is to run here. Returns where Pods ask.
  private List<String> startDns(
      UpOptions options, DataDirectory data, String node, String address) {
    if (!options.network.has(NetworkOption.Part.DNS)) {
      return options.dns.servers(() -> "");
    }
    List<String> service = options.dns.servers(() -> options.server.services.of(data).dnsAddress());
    running.add(
        DnsRole.start(
            world,
            server.api(DNS, DnsRole.PROGRAM, DnsRole.PROGRAM),
            DnsRole.settings(node, address, service, options.dns.domain())));
    return service;
  }

  /// Waits until there is all that a user expects: the default objects, and nodes that are ready.
  ///
  /// @throws CliException if that takes too long
  void awaitComplete(Progress progress) throws InterruptedException {
    Api api = server.api("tiphys");
    await("the default objects are", () -> hasDefaults(api));
    ClusterSettings.write(api, podRanges);
    progress.done("default objects", "");
    if (awaitsPlugin) {
      progress.done("node", "not ready before a network plugin is installed");
    } else if (nodes > 0) {
      await("the nodes are", () -> readyNodes(api) >= nodes);
      progress.done(nodes == 1 ? "node" : "nodes", "Ready");
    }
  }

  private void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = world.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (world.nanoTime() > end) {
        throw new CliException(what + " not there after " + PATIENCE.toSeconds() + " seconds");
      }
      world.sleep(PAUSE);
    }
  }

  private static boolean hasDefaults(Api api) {
    return api.find(ApiResource.SERVICES, "default", "kubernetes") != null
        && api.find(ApiResource.SERVICE_ACCOUNTS, "default", "default") != null;
  }

  private static long readyNodes(Api api) {
    List<Struct> all = api.list(ApiResource.NODES, "", ListOptions.ALL).items();
    return all.stream().filter(node -> Meta.isTrue(node, "Ready")).count();
  }

  /// What a user does next.
  String welcome() {
    boolean shared = kubeconfig.equals(AdminKubeconfig.usual());
    return """

        The cluster is ready. Next:

        %s  kubectl get nodes
          kubectl create deployment web --image=nginx:1.24 --replicas=3
          tiphys trace deployment/web

        Images come from a registry, or from a file: tiphys image load FILE.tar
        """
        .formatted(shared ? "" : "  export KUBECONFIG=" + kubeconfig.toAbsolutePath() + "\n");
  }

  /// Waits until the process is told to end.
  void awaitEnd() throws InterruptedException {
    running.awaitEnd();
  }

  @Override
  public void close() {
    running.close();
  }
}
