package dev.tiphys.node.agent;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.NewCluster;
import dev.tiphys.apiserver.RuntimeConfig;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.node.cni.CniException;
import dev.tiphys.node.cni.PodGuard;
import dev.tiphys.node.devices.CdiSpecs;
import dev.tiphys.node.eviction.Vitals;
import dev.tiphys.node.machine.PodCgroups;
import dev.tiphys.node.runtime.Container;
import dev.tiphys.node.runtime.FakeRuntime;
import dev.tiphys.node.settings.NodeSettings;
import dev.tiphys.node.volumes.FakeMounts;
import dev.tiphys.node.volumes.csi.FakePlugins;
import dev.tiphys.node.volumes.usage.VolumeUsage;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.world.VirtualWorld;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// A node agent on a fake runtime, with an API server, all in this process and on virtual time.
final class VirtualNode implements AutoCloseable {
  final VirtualWorld world;
  final FakeRuntime runtime;
  final Api api;
  private static final NewCluster USUAL = newCluster(FeatureGates.DEFAULT);

  private final NodeSettings settings;
  private final Path cgroups;
  private NodeAgent agent;

  VirtualNode(Path directory, long seed) throws Exception {
    this(directory, seed, FeatureGates.DEFAULT);
  }

  /// One with features that are on, in a cluster that serves all it can.
  VirtualNode(Path directory, long seed, FeatureGates gates) throws Exception {
    world = new VirtualWorld(seed);
    runtime = new FakeRuntime(world);
    server = (gates == FeatureGates.DEFAULT ? USUAL : newCluster(gates)).start(world);
    api = server.api("tester");
    settings =
        NodeSettings.of("node-1", List.of("192.0.2.1"), directory.resolve("data"))
            .withClusterDns(List.of("10.96.0.10"), "cluster.local")
            .withFeatures(gates);
    cdi = directory.resolve("cdi");
    cgroups = directory.resolve("cgroups");
    cgroups.toFile().mkdirs();
    runtime.images().add("busybox:1");
    startAgent(server);
    settle();
  }

  /// One that serves all it can.
  private static NewCluster newCluster(FeatureGates gates) {
    return new NewCluster(
        ApiServerSettings.standard()
            .withoutPlugins("ServiceAccount")
            .serving(RuntimeConfig.parse("api/all=true"), gates),
        new ApiServerAddress("10.0.0.1", 6443, "10.96.0.1"));
  }

  private ApiServer server;

  /// The ranges that the network was set up for, each time.
  final List<List<String>> networks = new ArrayList<>();

  /// How often the next set-up of the network fails.
  int networkFailures;

  /// What stands between the agent and the API server, from the next start of the agent on.
  UnaryOperator<Api> way = UnaryOperator.identity();

  /// What stands between Pods and the network, from the next start of the agent on.
  PodGuard guard = PodGuard.NONE;

  private final NodeNetwork network =
      new NodeNetwork() {
        @Override
        public void install(List<String> ranges) throws CniException {
          if (networkFailures-- > 0) {
            throw new CniException("nft is not installed");
          }
          networks.add(ranges);
        }

        @Override
        public PodGuard guard() {
          return guard;
        }
      };

  private void startAgent(ApiServer on) throws Exception {
    server = on;
    agent =
        new NodeAgent(
            world,
            way.apply(on.api("system:node:node-1")),
            settings,
            runtime,
            network,
            mounts,
            plugins,
            new CdiSpecs(List.of(cdi)),
            new PodCgroups(cgroups),
            () -> vitals);
    agent.start();
  }

  private static VolumeUsage.Amount amount(long total, long left) {
    return new VolumeUsage.Amount(total, total - left, left);
  }

  /// What the machine has left, from now on.
  ///
  /// @param memory in MiB
  /// @param disk in percent, of bytes
  void leave(long memory, long disk) {
    VolumeUsage files = new VolumeUsage(amount(100L << 30, disk << 30), amount(1000, 900), null);
    vitals = new Vitals(amount(8L << 30, memory << 20), files, files);
  }

  private volatile Vitals vitals;

  {
    leave(4096, 50);
  }

  /// What is mounted on the machine.
  final FakeMounts mounts = new FakeMounts();

  /// Where drivers say what their devices are to containers.
  final Path cdi;

  /// The plugins of the machine.
  final FakePlugins plugins = new FakePlugins();

  /// Ends the agent, as a kill would, and starts another one.
  void restartAgent() throws Exception {
    agent.close();
    settle();
    startAgent(server);
    settle();
  }

  void stopAgent() {
    agent.close();
    settle();
  }

  void startAgentAgain() throws Exception {
    startAgent(server);
    settle();
  }

  NodeAgent agent() {
    return agent;
  }

  /// Where the cgroups of the node are: plain directories.
  Path cgroups() {
    return cgroups;
  }

  NodeSettings settings() {
    return settings;
  }

  void settle() {
    world.settle();
  }

  void advance(long seconds) {
    world.advance(Duration.ofSeconds(seconds));
    world.settle();
  }

  /// Creates an object, given as YAML; a Pod is bound to the node.
  Struct create(ApiResource resource, String yaml) {
    Struct object = Yaml.struct(yaml);
    Struct full = object.with("apiVersion", resource.apiVersion()).with("kind", resource.kind());
    if (resource.namespaced()) {
      full = full.withAt("default", "metadata", "namespace");
    }
    if (resource.equals(ApiResource.PODS)) {
      full = full.withAt("node-1", "spec", "nodeName");
    }
    Struct created = api.create(resource, full);
    settle();
    return created;
  }

  Struct createPod(String name, String spec) {
    return create(
        ApiResource.PODS, "metadata: {name: %s}\nspec:\n%s".formatted(name, spec.indent(2)));
  }

  Struct pod(String name) {
    return api.get(ApiResource.PODS, "default", name);
  }

  boolean exists(String name) {
    return api.find(ApiResource.PODS, "default", name) != null;
  }

  void deletePod(String name, long grace) {
    api.delete(
        ApiResource.PODS,
        "default",
        name,
        grace < 0 ? DeleteOptions.DEFAULT : DeleteOptions.withGrace(grace));
    settle();
  }

  /// The status of a container.
  Struct container(String pod, String container) {
    for (String field : List.of("containerStatuses", "initContainerStatuses")) {
      for (Struct status : pod(pod).structs("status", field)) {
        if (status.string("name").equals(container)) {
          return status;
        }
      }
    }
    throw new AssertionError("no status of " + container + " in " + pod(pod));
  }

  /// The runtime's id of a Pod's newest container of a name.
  String id(String pod, String container) {
    String id = container(pod, container).string("containerID");
    return id.substring(id.lastIndexOf('/') + 1);
  }

  List<Container> containers() {
    return runtime.containers(Map.of());
  }

  /// `Reason message` of the events about an object, in the order they happened.
  List<String> events(String name) {
    return api.list(ApiResource.EVENTS, "", ListOptions.ALL).items().stream()
        .filter(event -> event.string("involvedObject", "name").equals(name))
        .map(event -> event.string("reason") + " " + event.string("message"))
        .toList();
  }

  @Override
  public void close() {
    agent.close();
    settle();
  }
}
