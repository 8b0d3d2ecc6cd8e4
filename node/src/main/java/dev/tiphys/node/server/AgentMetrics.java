package dev.tiphys.node.server;

import dev.tiphys.node.runtime.Container;
import dev.tiphys.node.runtime.ContainerStats;
import dev.tiphys.node.runtime.Sandbox;
import dev.tiphys.node.volumes.usage.VolumeStats;
import dev.tiphys.node.volumes.usage.VolumeUsage;
import dev.tiphys.node.volumes.usage.VolumeUsage.Amount;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The pages of metrics, in Prometheus' text format: what the agent is and does, and what its node
/// and Pods use.
final class AgentMetrics {

  private static final double NANOS = 1e9;
  private static final double TICKS_PER_SECOND = 100;
  private static final long PAGE = 4096;

  /// Where in `/proc/self/stat`, after the name in brackets, the times stand (proc(5)).
  private static final int USER_TIME = 11;

  private static final int SYSTEM_TIME = 12;

  private final StringBuilder out = new StringBuilder(4 << 10);

  private AgentMetrics() {}

  private void family(String name, String type, String help) {
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  /// @param suffix what follows the value: nothing, or a time
  private void sample(String name, String labels, double value, String suffix) {
    out.append(name);
    if (!labels.isEmpty()) {
      out.append('{').append(labels).append('}');
    }
    String text =
        value == Math.rint(value) && Math.abs(value) < 1e15
            ? Long.toString((long) value)
            : Double.toString(value);
    out.append(' ').append(text).append(suffix).append('\n');
  }

  private void gauge(String name, String help, String labels, double value) {
    family(name, "gauge", help);
    sample(name, labels, value, "");
  }

  /// `/metrics`: what the agent is, what it runs, and what its process uses.
  static String ofAgent(
      String node,
      String version,
      List<Sandbox> sandboxes,
      List<Container> containers,
      List<VolumeStats> volumes) {
    AgentMetrics metrics = new AgentMetrics();
    metrics.gauge(
        "kubernetes_build_info",
        "Which version this is.",
        "git_version=\"%s\"".formatted(version),
        1);
    metrics.gauge("kubelet_node_name", "The name of the node.", "node=\"" + node + "\"", 1);
    metrics.gauge(
        "kubelet_running_pods",
        "How many Pods have a sandbox that runs.",
        "",
        sandboxes.stream().filter(Sandbox::ready).count());
    metrics.family("kubelet_running_containers", "gauge", "How many containers there are.");
    Map<String, Integer> states = new TreeMap<>();
    containers.forEach(
        each -> states.merge(each.state().name().toLowerCase(Locale.ROOT), 1, Integer::sum));
    states.forEach(
        (state, count) ->
            metrics.sample(
                "kubelet_running_containers",
                "container_state=\"%s\"".formatted(state),
                count,
                ""));
    metrics.volumes(volumes);
    metrics.process();
    return metrics.out.toString();
  }

  /// What the process of the agent, and of what runs in it, uses.
  static String ofProcess() {
    AgentMetrics metrics = new AgentMetrics();
    metrics.process();
    return metrics.out.toString();
  }

  /// Only of claims: what lives with a Pod counts as the Pod's.
  private void volumes(List<VolumeStats> all) {
    Map<String, VolumeUsage> byClaim = new LinkedHashMap<>(); // Pods may share a claim.
    for (VolumeStats volume : all) {
      if (!volume.claim().isEmpty()) {
        byClaim.putIfAbsent(
            "namespace=\"%s\",persistentvolumeclaim=\"%s\""
                .formatted(volume.namespace(), volume.claim()),
            volume.usage());
      }
    }
    health(byClaim);
    amounts("available_bytes", "Bytes that can be written.", byClaim, bytes(Amount::available));
    amounts("capacity_bytes", "Size of the volume.", byClaim, bytes(Amount::total));
    amounts("inodes", "Most files that there can be.", byClaim, inodes(Amount::total));
    amounts("inodes_free", "Files that can be made.", byClaim, inodes(Amount::available));
    amounts("inodes_used", "Files that there are.", byClaim, inodes(Amount::used));
    amounts("used_bytes", "Bytes that are in use.", byClaim, bytes(Amount::used));
  }

  private void health(Map<String, VolumeUsage> byClaim) {
    String name = "kubelet_volume_stats_health_status_abnormal";
    if (byClaim.values().stream().allMatch(usage -> usage.health() == null)) {
      return;
    }
    family(name, "gauge", "1 if the driver says that the volume is not well, 0 if it is.");
    byClaim.forEach(
        (labels, usage) -> {
          VolumeUsage.@Nullable Health health = usage.health();
          if (health != null) {
            sample(name, labels, health.abnormal() ? 1 : 0, "");
          }
        });
  }

  private static Function<VolumeUsage, @Nullable Long> bytes(ToLongFunction<Amount> part) {
    return usage -> part.applyAsLong(usage.bytes());
  }

  private static Function<VolumeUsage, @Nullable Long> inodes(ToLongFunction<Amount> part) {
    return usage -> {
      Amount inodes = usage.inodes();
      return inodes == null ? null : part.applyAsLong(inodes);
    };
  }

  private void amounts(
      String what,
      String help,
      Map<String, VolumeUsage> byClaim,
      Function<VolumeUsage, @Nullable Long> measure) {
    String name = "kubelet_volume_stats_" + what;
    if (!byClaim.isEmpty()) {
      family(name, "gauge", help);
    }
    byClaim.forEach(
        (labels, usage) -> {
          Long amount = measure.apply(usage);
          if (amount != null) {
            sample(name, labels, amount, "");
          }
        });
  }

  private void process() {
    Path self = Path.of("/proc/self");
    try {
      String stat = Files.readString(self.resolve("stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      double ticks =
          Double.parseDouble(fields[USER_TIME]) + Double.parseDouble(fields[SYSTEM_TIME]);
      family("process_cpu_seconds_total", "counter", "Processor time that was used.");
      sample("process_cpu_seconds_total", "", ticks / TICKS_PER_SECOND, "");
      String[] pages = Files.readString(self.resolve("statm")).split(" ");
      gauge(
          "process_virtual_memory_bytes",
          "Size of the virtual memory.",
          "",
          Long.parseLong(pages[0]) * PAGE);
      gauge(
          "process_resident_memory_bytes",
          "Size of the resident memory.",
          "",
          Long.parseLong(pages[1]) * PAGE);
      try (Stream<Path> open = Files.list(self.resolve("fd"))) {
        gauge("process_open_fds", "Files and connections that are open.", "", open.count());
      }
    } catch (IOException e) {
      // there is no such kernel here: what it would tell is left out
    }
  }

  /// `/metrics/resource`: processor time and memory of containers, Pods and the node.
  ///
  /// @param known the node's Pods, as the API has them
  static String ofResources(Usage usage, List<Struct> known) {
    AgentMetrics metrics = new AgentMetrics();
    String at = " " + usage.at().toEpochMilli();
    metrics.family(
        "container_cpu_usage_seconds_total", "counter", "Processor time that a container used.");
    metrics.containers(usage, "container_cpu_usage_seconds_total", c -> Usage.cpu(c) / NANOS);
    metrics.family("container_memory_working_set_bytes", "gauge", "Memory that a container needs.");
    metrics.containers(usage, "container_memory_working_set_bytes", Usage::workingSet);
    metrics.family("container_start_time_seconds", "gauge", "When a container was started.");
    metrics.starts(usage, known);
    metrics.family("node_cpu_usage_seconds_total", "counter", "Processor time of the node.");
    metrics.sample("node_cpu_usage_seconds_total", "", usage.machine().cpuNanos() / NANOS, at);
    metrics.family("node_memory_working_set_bytes", "gauge", "Memory that the node needs.");
    metrics.sample("node_memory_working_set_bytes", "", usage.machine().workingSet(), at);
    metrics.family("pod_cpu_usage_seconds_total", "counter", "Processor time that a Pod used.");
    metrics.pods(usage, "pod_cpu_usage_seconds_total", at, c -> Usage.cpu(c) / NANOS);
    metrics.family("pod_memory_working_set_bytes", "gauge", "Memory that a Pod needs.");
    metrics.pods(usage, "pod_memory_working_set_bytes", at, Usage::workingSet);
    metrics.gauge("resource_scrape_error", "1 if something could not be measured.", "", 0);
    return metrics.out.toString();
  }

  /// What is told of a container.
  private interface Measure {
    double of(ContainerStats stats);
  }

  private void containers(Usage usage, String name, Measure measure) {
    usage
        .pods()
        .forEach(
            (pod, containers) ->
                containers.forEach(
                    container ->
                        sample(
                            name,
                            labels(pod, container),
                            measure.of(container),
                            at(container, usage))));
  }

  private static String labels(Usage.PodName pod, ContainerStats container) {
    return "container=\"%s\",namespace=\"%s\",pod=\"%s\""
        .formatted(container.name().name(), pod.namespace(), pod.name());
  }

  /// When a container was measured: rates go by that.
  private static String at(ContainerStats container, Usage usage) {
    ContainerStats.Cpu cpu = container.cpu();
    return " " + (cpu == null ? usage.at() : cpu.at()).toEpochMilli();
  }

  private void starts(Usage usage, List<Struct> known) {
    usage
        .pods()
        .forEach(
            (pod, containers) -> {
              Struct object = pod.among(known);
              for (ContainerStats container : containers) {
                Instant started = Timestamps.of(Usage.started(object, container.name().name()));
                if (started != null) {
                  sample(
                      "container_start_time_seconds",
                      labels(pod, container),
                      started.toEpochMilli() / 1000.0,
                      at(container, usage));
                }
              }
            });
  }

  private void pods(Usage usage, String name, String at, Measure measure) {
    usage
        .pods()
        .forEach(
            (pod, containers) ->
                sample(
                    name,
                    "namespace=\"%s\",pod=\"%s\"".formatted(pod.namespace(), pod.name()),
                    containers.stream().mapToDouble(measure::of).sum(),
                    at));
  }
}
