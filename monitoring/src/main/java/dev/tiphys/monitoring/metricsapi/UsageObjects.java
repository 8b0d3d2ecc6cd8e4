package dev.tiphys.monitoring.metricsapi;

import dev.tiphys.client.Informer;
import dev.tiphys.monitoring.usage.Usage;
import dev.tiphys.monitoring.usage.Usages;
import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Usage as objects: `NodeMetrics` and `PodMetrics` of `metrics.k8s.io/v1beta1`.
final class UsageObjects {

  static final String VERSION = "metrics.k8s.io/v1beta1";

  private final World world;
  private final Usages usages;
  private final Informer nodes;
  private final Informer pods;

  /// @param nodes all nodes
  /// @param pods those that run
  UsageObjects(World world, Usages usages, Informer nodes, Informer pods) {
    this.world = world;
    this.usages = usages;
    this.nodes = nodes;
    this.pods = pods;
  }

  /// What a node uses; null if it is not known.
  @Nullable Struct ofNode(String name) {
    Struct node = nodes.find("", name);
    return node == null ? null : ofNode(node);
  }

  /// What the containers of a Pod use; null if it is not known.
  @Nullable Struct ofPod(String namespace, String name) {
    Struct pod = pods.find(namespace, name);
    return pod == null ? null : ofPod(pod);
  }

  /// Those that are known of the nodes that are wanted, in the order of their names.
  List<Struct> ofNodes(Predicate<Struct> wanted) {
    return known(nodes.list(), wanted, this::ofNode);
  }

  /// Those that are known of the Pods that are wanted, in the order of namespaces and names.
  List<Struct> ofPods(String namespace, Predicate<Struct> wanted) {
    return known(namespace.isEmpty() ? pods.list() : pods.list(namespace), wanted, this::ofPod);
  }

  private interface Making {
    @Nullable Struct of(Struct object);
  }

  private static List<Struct> known(
      List<Struct> objects, Predicate<Struct> wanted, Making metrics) {
    List<Struct> known = new ArrayList<>();
    objects.stream()
        .filter(wanted)
        .sorted(
            Comparator.comparing((Struct each) -> Meta.of(each).namespace())
                .thenComparing(each -> Meta.of(each).name()))
        .forEach(
            each -> {
              Struct made = metrics.of(each);
              if (made != null) {
                known.add(made);
              }
            });
    return known;
  }

  private @Nullable Struct ofNode(Struct node) {
    Usage usage = usages.ofNode(Meta.of(node).name());
    return usage == null
        ? null
        : begun("NodeMetrics", node, usage).add("usage", quantities(usage)).build();
  }

  private @Nullable Struct ofPod(Struct pod) {
    Map<String, Usage> containers = usages.ofPod(ObjectKey.of(pod));
    if (containers.isEmpty()) {
      return null;
    }
    List<Struct> parts = new ArrayList<>();
    containers.forEach(
        (name, usage) -> parts.add(Struct.of("name", name, "usage", quantities(usage))));
    Usage oldest = containers.values().stream().min(Comparator.comparing(Usage::at)).orElseThrow();
    return begun("PodMetrics", pod, oldest).add("containers", parts).build();
  }

  private StructBuilder begun(String kind, Struct object, Usage usage) {
    Meta meta = Meta.of(object);
    return new StructBuilder()
        .add("kind", kind)
        .add("apiVersion", VERSION)
        .add(
            "metadata",
            new StructBuilder()
                .add("name", meta.name())
                .addUnlessEmpty("namespace", meta.namespace())
                .add("creationTimestamp", Timestamps.seconds(world.now()))
                .addUnlessEmpty("labels", meta.labels())
                .build())
        .add("timestamp", Timestamps.seconds(usage.at()))
        .add("window", GoDuration.text(usage.window()));
  }

  private static Struct quantities(Usage usage) {
    return Struct.of(
        "cpu",
        Quantity.ofNano(usage.cpu()).toString(),
        "memory",
        Quantity.ofBytes(usage.memory()).toString());
  }
}
