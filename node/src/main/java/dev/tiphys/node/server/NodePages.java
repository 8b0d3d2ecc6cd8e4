package dev.tiphys.node.server;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.http.Response;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.HealthChecks;
import dev.tiphys.node.eviction.MachineVitals;
import dev.tiphys.node.eviction.Vitals;
import dev.tiphys.node.machine.Machine;
import dev.tiphys.node.measuring.ContainerFigures;
import dev.tiphys.node.measuring.MachineFigures;
import dev.tiphys.node.runtime.Container;
import dev.tiphys.node.runtime.ContainerRuntime;
import dev.tiphys.node.runtime.ContainerState;
import dev.tiphys.node.runtime.PodLabels;
import dev.tiphys.node.runtime.RuntimeFailure;
import dev.tiphys.node.runtime.Sandbox;
import dev.tiphys.node.settings.NodeSettings;
import dev.tiphys.node.volumes.usage.VolumeStats;
import dev.tiphys.node.volumes.usage.VolumeUsages;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.world.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What the agent tells of itself, of its node and of its Pods: for monitoring, and for a look at
/// what it knows.
///
/// Threads: any.
final class NodePages {

  private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

  private static final Path PROC = Path.of("/proc");
  private static final Path SYS = Path.of("/sys");

  private final World world;
  private final Api api;
  private final ContainerRuntime runtime;
  private final NodeSettings settings;
  private final HealthChecks checks;
  private volatile @Nullable VolumeUsages usages;
  private volatile @Nullable Consumer<Exposition> counts;
  private volatile Supplier<String> proxy = () -> "";
  private volatile Consumer<Exposition> probes = _ -> {};

  /// @param checks how those of the agent's health ended
  NodePages(
      World world, Api api, ContainerRuntime runtime, NodeSettings settings, HealthChecks checks) {
    this.checks = checks;
    this.world = world;
    this.api = api;
    this.runtime = runtime;
    this.settings = settings;
  }

  /// Says what knows of volumes. Until then nothing is told of them.
  void volumes(VolumeUsages known, Consumer<Exposition> metrics) {
    usages = known;
    counts = metrics;
  }

  /// Says what the service proxy of this node tells. Until then nothing is told of it.
  void proxy(Supplier<String> page) {
    proxy = page;
  }

  /// Says what tells how probes end.
  void probes(Consumer<Exposition> counts) {
    probes = counts;
  }

  /// The page at a path; null if there is none.
  ///
  /// @param path without slashes at its ends
  /// @param port where the agent listens
  @Nullable Response find(String path, int port) throws Refusal, InterruptedException {
    try {
      return switch (path) {
        case "pods" -> json(pods());
        case "runningpods" -> json(runningPods());
        case "configz" -> json(Struct.of("kubeletconfig", configuration(port)));
        case "stats/summary" -> json(summary());
        case "metrics/resource" -> text(AgentMetrics.ofResources(usage(), podsHere()));
        case "metrics/cadvisor" -> text(containers());
        case "metrics/node" -> text(machine());
        case "metrics/proxy" -> text(proxy.get() + AgentMetrics.ofProcess());
        case "metrics/probes" -> text(page(probes));
        case "metrics/slis" -> text(page(checks::write));
        case "metrics" -> text(metrics());
        default -> null;
      };
    } catch (RuntimeFailure | IOException e) {
      throw Refusal.internal(String.valueOf(e.getMessage()));
    }
  }

  private static Response json(Struct page) {
    return Response.of(200, "application/json", Json.bytes(page));
  }

  private static Response text(String page) {
    return Response.of(200, METRICS, page.getBytes(StandardCharsets.UTF_8));
  }

  private Usage usage() throws IOException, InterruptedException {
    return Usage.look(world.now(), runtime, settings.name(), settings.data());
  }

  private static String page(Consumer<Exposition> content) {
    Exposition out = new Exposition();
    content.accept(out);
    return out.toString();
  }

  private String machine() throws InterruptedException {
    Exposition out = new Exposition();
    new MachineFigures(world, PROC, SYS).write(out);
    return out.toString();
  }

  private String containers() throws InterruptedException {
    ContainerFigures figures = new ContainerFigures(PROC, SYS);
    List<Sandbox> sandboxes = runtime.sandboxes(ours());
    List<Container> running = runtime.containers(ours());
    figures.look(world.now(), new Subjects(settings.cgroup(), podsHere()).of(sandboxes, running));
    Exposition out = new Exposition();
    figures.write(out, Machine.inspect(settings.data()));
    return out.toString();
  }

  private Struct summary() throws IOException, InterruptedException {
    Usage usage = usage();
    Vitals vitals = new MachineVitals(settings.data(), runtime.images()).look();
    DiskStats disks = new DiskStats(usage.at(), vitals, settings.directories(), volumes());
    return Summary.of(usage, disks, podsHere(), settings.name());
  }

  private static Struct podList(List<Struct> pods) {
    return new StructBuilder()
        .add("kind", "PodList")
        .add("apiVersion", "v1")
        .add("metadata", Struct.EMPTY)
        .add("items", pods)
        .build();
  }

  private Struct pods() {
    return podList(podsHere());
  }

  private List<Struct> podsHere() {
    ListOptions here = ListOptions.withFields("spec.nodeName=" + settings.name());
    return api.list(ApiResource.PODS, "", here).items();
  }

  private List<VolumeStats> volumes() throws IOException, InterruptedException {
    VolumeUsages known = usages;
    return known == null ? List.of() : VolumeStats.look(api, podsHere(), known);
  }

  /// What runs, by what the runtime says: nothing is known of it but names.
  private Struct runningPods() throws InterruptedException {
    Map<Usage.PodName, List<Object>> running = new TreeMap<>();
    for (Container container : runtime.containers(ours())) {
      if (container.state() == ContainerState.RUNNING) {
        running
            .computeIfAbsent(Usage.podOf(container.labels()), _ -> new ArrayList<>())
            .add(
                Struct.of(
                    "name",
                    container.name().name(),
                    "image",
                    container.imageId(),
                    "resources",
                    Struct.EMPTY));
      }
    }
    List<Struct> pods = new ArrayList<>();
    running.forEach(
        (pod, containers) ->
            pods.add(
                Struct.of(
                    "metadata",
                    Struct.of("name", pod.name(), "namespace", pod.namespace(), "uid", pod.uid()),
                    "spec",
                    Struct.of("containers", List.copyOf(containers)),
                    "status",
                    Struct.EMPTY)));
    return podList(pods);
  }

  private Map<String, String> ours() {
    return Map.of(PodLabels.NODE, settings.name());
  }

  /// As upstream's `KubeletConfiguration`, as far as this agent has such settings.
  private Struct configuration(int port) {
    StructBuilder reserved = new StructBuilder();
    settings.reserved().forEach((resource, much) -> reserved.add(resource, much.toString()));
    return new StructBuilder()
        .add("kind", "KubeletConfiguration")
        .add("apiVersion", "kubelet.config.k8s.io/v1beta1")
        .add("enableServer", true)
        .add("address", "0.0.0.0")
        .add("port", (long) port)
        .add("clusterDomain", settings.clusterDomain())
        .addUnlessEmpty("clusterDNS", settings.clusterDns())
        .add("maxPods", (long) settings.maxPods())
        .addUnlessEmpty("podCIDR", String.join(",", settings.podRanges()))
        .add("cgroupRoot", settings.cgroup())
        .addUnlessEmpty("systemReserved", reserved.build())
        .build();
  }

  private String metrics() throws IOException, InterruptedException {
    Exposition out = new Exposition();
    settings.gates().write(out);
    runtime.write(out);
    Consumer<Exposition> known = counts;
    if (known != null) {
      known.accept(out);
    }
    return AgentMetrics.ofAgent(
            settings.name(),
            NodeSettings.VERSION,
            runtime.sandboxes(ours()),
            runtime.containers(ours()),
            volumes())
        + out;
  }
}
