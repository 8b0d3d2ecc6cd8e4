package dev.tiphys.monitoring.usage;

import dev.tiphys.monitoring.usage.Reading.Compared;
import dev.tiphys.object.api.ObjectKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What all nodes and Pods use: of each the last reading, and the one before it.
///
/// Threads: any.
public final class Usages {

  private final Duration period;
  private final Map<String, Node> nodes = new ConcurrentHashMap<>();
  private final Map<ObjectKey, String> nodeOf = new ConcurrentHashMap<>();

  private record Node(@Nullable Compared node, Map<ObjectKey, Map<String, Compared>> containers) {

    static final Node UNKNOWN = new Node(null, Map.of());
  }

  /// @param period how often readings are made
  public Usages(Duration period) {
    this.period = period;
  }

  /// Takes what a node tells now. Pods of which it tells nothing are forgotten.
  public void read(String name, NodeReadings readings) {
    Node last = nodes.getOrDefault(name, Node.UNKNOWN);
    Reading node = readings.node();
    Map<ObjectKey, Map<String, Compared>> pods = new HashMap<>();
    readings
        .containers()
        .forEach(
            (pod, containers) -> {
              Map<String, Compared> known = last.containers.getOrDefault(pod, Map.of());
              Map<String, Compared> compared = new TreeMap<>();
              containers.forEach(
                  (container, now) -> compared.put(container, compare(now, known.get(container))));
              pods.put(pod, compared);
              nodeOf.put(pod, name);
            });
    nodes.put(name, new Node(node == null ? null : compare(node, last.node), pods));
    nodeOf
        .entrySet()
        .removeIf(each -> each.getValue().equals(name) && !pods.containsKey(each.getKey()));
  }

  private Compared compare(Reading now, @Nullable Compared last) {
    return new Compared(now, now.before(last, period));
  }

  /// Forgets all nodes but these.
  public void retain(Set<String> names) {
    nodes.keySet().retainAll(names);
    nodeOf.values().retainAll(names);
  }

  /// What a node uses; null if it is not known.
  public @Nullable Usage ofNode(String name) {
    Compared compared = nodes.getOrDefault(name, Node.UNKNOWN).node;
    return compared == null ? null : compared.usage();
  }

  /// What the containers of a Pod use, by name; empty unless it is known of all of them.
  public Map<String, Usage> ofPod(ObjectKey pod) {
    String name = nodeOf.get(pod);
    Node node = name == null ? Node.UNKNOWN : nodes.getOrDefault(name, Node.UNKNOWN);
    Map<String, Usage> usages = new TreeMap<>();
    for (Map.Entry<String, Compared> each :
        node.containers.getOrDefault(pod, Map.of()).entrySet()) {
      Usage usage = each.getValue().usage();
      if (usage == null) {
        return Map.of();
      }
      usages.put(each.getKey(), usage);
    }
    return usages;
  }
}
