package dev.tiphys.node.agent;

import dev.tiphys.node.machine.Machine;
import dev.tiphys.node.runtime.Image;
import dev.tiphys.node.runtime.RuntimeProblems;
import dev.tiphys.node.runtime.RuntimeStatus;
import dev.tiphys.node.runtime.RuntimeVersion;
import dev.tiphys.node.settings.NodeSettings;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The Node as the agent writes it: what it is called, what it has, how it is.
final class NodeObject {
  private static final int MOST_IMAGES = 50;
  private static final int MOST_NAMES = 5;

  private final NodeSettings settings;
  private final Machine machine;

  /// How the node is at a moment.
  ///
  /// @param runtime what the runtime says; null if it does not answer
  record Health(
      @Nullable RuntimeStatus runtime,
      @Nullable RuntimeVersion version,
      List<Image> images,
      boolean shortOfMemory,
      boolean shortOfDisk) {}

  NodeObject(NodeSettings settings, Machine machine) {
    this.settings = settings;
    this.machine = machine;
  }

  /// A new Node, without status.
  Struct fresh() {
    StructBuilder spec = new StructBuilder().addUnlessEmpty("taints", settings.taints());
    if (!settings.podRanges().isEmpty()) {
      spec.add("podCIDR", settings.podRanges().getFirst()).add("podCIDRs", settings.podRanges());
    }
    return new StructBuilder()
        .add("apiVersion", "v1")
        .add("kind", "Node")
        .add(
            "metadata",
            new StructBuilder()
                .add("name", settings.name())
                .add("labels", labels())
                .add(
                    "annotations",
                    Struct.of("volumes.kubernetes.io/controller-managed-attach-detach", "true"))
                .build())
        .add("spec", spec.build())
        .build();
  }

  /// The labels that a Node of this agent must have.
  Struct labels() {
    StructBuilder labels = new StructBuilder();
    settings.labels().forEach(labels::add);
    return labels
        .add("beta.kubernetes.io/arch", machine.architecture())
        .add("beta.kubernetes.io/os", "linux")
        .add("kubernetes.io/arch", machine.architecture())
        .add("kubernetes.io/hostname", settings.name())
        .add("kubernetes.io/os", "linux")
        .build();
  }

  /// What Pods can have of this node.
  Map<String, Quantity> allocatable() {
    return machine.allocatable(settings.reserved(), settings.maxPods());
  }

  String bootId() {
    return machine.bootId();
  }

  /// The status of the node now.
  ///
  /// @param before the Node as the API has it
  Struct status(Struct before, Health health, Instant now) {
    Map<String, Quantity> capacity = new TreeMap<>(machine.capacity());
    capacity.put("pods", Quantity.of(settings.maxPods()));
    return StructBuilder.from(before.struct("status"))
        .add("addresses", addresses())
        .add("capacity", quantities(capacity))
        .add("allocatable", quantities(allocatable()))
        .add("conditions", conditions(before, health, now))
        .add(
            "daemonEndpoints",
            Struct.of("kubeletEndpoint", Struct.of("Port", (long) settings.port())))
        .add("nodeInfo", info(health.version()))
        .addUnlessEmpty("images", images(health.images()))
        .build();
  }

  private List<Struct> addresses() {
    List<Struct> addresses = new ArrayList<>();
    for (String address : settings.addresses()) {
      addresses.add(Struct.of("type", "InternalIP", "address", address));
    }
    addresses.add(Struct.of("type", "Hostname", "address", settings.name()));
    return addresses;
  }

  private static Struct quantities(Map<String, Quantity> amounts) {
    StructBuilder quantities = new StructBuilder();
    amounts.forEach((name, amount) -> quantities.add(name, amount.toString()));
    return quantities.build();
  }

  private Struct info(@Nullable RuntimeVersion version) {
    String runtime =
        version == null
            ? ""
            // A distribution's own marks are not the runtime's version.
            : version.name() + "://" + version.version().replaceFirst("^v|~.*$", "");
    return new StructBuilder()
        .add("architecture", machine.architecture())
        .add("bootID", machine.bootId())
        .add("containerRuntimeVersion", runtime)
        .add("kernelVersion", machine.kernelVersion())
        .add("kubeProxyVersion", "")
        .add("kubeletVersion", NodeSettings.VERSION)
        .add("machineID", machine.machineId())
        .add("operatingSystem", "linux")
        .add("osImage", machine.osImage())
        .add("systemUUID", machine.systemUuid())
        .build();
  }

  private static List<Struct> images(List<Image> images) {
    return images.stream()
        .sorted(Comparator.comparingLong(Image::size).reversed().thenComparing(Image::id))
        .limit(MOST_IMAGES)
        .map(
            image -> {
              List<String> names = new ArrayList<>(image.digests());
              names.addAll(image.tags());
              return Struct.of(
                  "names", names.stream().limit(MOST_NAMES).toList(), "sizeBytes", image.size());
            })
        .toList();
  }

  private static List<Struct> conditions(Struct before, Health health, Instant now) {
    List<String> problems = problems(health);
    return List.of(
        condition(
            before,
            now,
            "MemoryPressure",
            health.shortOfMemory(),
            health.shortOfMemory() ? "KubeletHasInsufficientMemory" : "KubeletHasSufficientMemory",
            "kubelet has "
                + (health.shortOfMemory() ? "insufficient" : "sufficient")
                + " memory available"),
        condition(
            before,
            now,
            "DiskPressure",
            health.shortOfDisk(),
            health.shortOfDisk() ? "KubeletHasDiskPressure" : "KubeletHasNoDiskPressure",
            health.shortOfDisk() ? "kubelet has disk pressure" : "kubelet has no disk pressure"),
        condition(
            before,
            now,
            "PIDPressure",
            false,
            "KubeletHasSufficientPID",
            "kubelet has sufficient PID available"),
        condition(
            before,
            now,
            "Ready",
            problems.isEmpty(),
            problems.isEmpty() ? "KubeletReady" : "KubeletNotReady",
            readiness(problems)));
  }

  private static String readiness(List<String> problems) {
    return switch (problems.size()) {
      case 0 -> "kubelet is posting ready status";
      case 1 -> problems.getFirst();
      default -> "[" + String.join(", ", problems) + "]";
    };
  }

  /// What keeps the node from running Pods.
  private static List<String> problems(Health health) {
    List<String> problems = new ArrayList<>();
    RuntimeStatus runtime = health.runtime();
    if (runtime == null || !runtime.runtimeReady()) {
      problems.add("container runtime is down");
      return problems;
    }
    if (!runtime.networkReady()) {
      problems.add(RuntimeProblems.network(runtime));
    }
    return problems;
  }

  private static Struct condition(
      Struct before, Instant now, String type, boolean holds, String reason, String message) {
    String status = holds ? "True" : "False";
    Struct old = Meta.condition(before, type);
    Object since =
        old != null && old.string("status").equals(status) && old.has("lastTransitionTime")
            ? old.string("lastTransitionTime")
            : Timestamps.seconds(now);
    return new StructBuilder()
        .add("type", type)
        .add("status", status)
        .add("reason", reason)
        .add("message", message)
        .add("lastHeartbeatTime", Timestamps.seconds(now))
        .add("lastTransitionTime", since)
        .build();
  }
}
