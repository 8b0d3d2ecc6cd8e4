package dev.tiphys.node.agent;

import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.spec.Resources;
import dev.tiphys.node.sync.Admission;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Refuses Pods that do not fit on this node beside those that are here, or that do not want to be
/// on it.
///
/// Threads: any.
final class NodeAdmission implements Admission {
  private static final List<String> COUNTED = List.of("cpu", "memory", "ephemeral-storage");

  private final Map<String, Quantity> allocatable;
  private final Supplier<NodeChoice> choice;
  private final Map<String, Pod> here = new HashMap<>();

  /// @param choice the node as it is known now: its labels may change at any time. Must not wait
  NodeAdmission(Map<String, Quantity> allocatable, Supplier<NodeChoice> choice) {
    this.allocatable = Map.copyOf(allocatable);
    this.choice = choice;
  }

  @Override
  public synchronized @Nullable Refusal admit(Pod pod) {
    here.remove(pod.uid());
    Refusal refusal = pod.isTerminal() ? null : refusal(pod);
    if (refusal == null) {
      here.put(pod.uid(), pod);
    }
    return refusal;
  }

  @Override
  public synchronized void adopt(Pod pod) {
    here.put(pod.uid(), pod);
  }

  @Override
  public synchronized void release(String uid) {
    here.remove(uid);
  }

  private @Nullable Refusal refusal(Pod pod) {
    if (NodeChoice.matters(pod) && !choice.get().suits(pod)) {
      return new Refusal(
          "NodeAffinity",
          "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector");
    }
    if (here.values().stream().anyMatch(other -> collide(pod, other))) {
      return new Refusal(
          "NodePorts",
          "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod"
              + " ports");
    }
    long capacity = allocatable.getOrDefault("pods", Quantity.ZERO).units();
    if (here.size() >= capacity) {
      return lacks("pods", 1, here.size(), capacity);
    }
    for (String resource : COUNTED) {
      long wanted = Resources.request(pod, resource);
      long used = here.values().stream().mapToLong(p -> Resources.request(p, resource)).sum();
      long total = amount(resource);
      if (wanted > 0 && used + wanted > total) {
        return lacks(resource, wanted, used, total);
      }
    }
    return null;
  }

  /// Whether two Pods want the same port of the node.
  private static boolean collide(Pod one, Pod other) {
    for (Struct port : hostPorts(one)) {
      for (Struct taken : hostPorts(other)) {
        if (port.integer("hostPort") == taken.integer("hostPort")
            && port.string("protocol").equals(taken.string("protocol"))
            && overlap(port.string("hostIP"), taken.string("hostIP"))) {
          return true;
        }
      }
    }
    return false;
  }

  private static List<Struct> hostPorts(Pod pod) {
    return pod.allContainers().stream()
        .flatMap(container -> container.spec().structs("ports").stream())
        .filter(port -> port.integer("hostPort") > 0)
        .toList();
  }

  private static boolean overlap(String one, String other) {
    return one.equals(other) || isAny(one) || isAny(other);
  }

  private static boolean isAny(String address) {
    return address.isEmpty() || address.equals("0.0.0.0") || address.equals("::");
  }

  private long amount(String resource) {
    Quantity amount = allocatable.getOrDefault(resource, Quantity.ZERO);
    return resource.equals("cpu") ? amount.milli() : amount.units();
  }

  private static Refusal lacks(String resource, long wanted, long used, long total) {
    return new Refusal(
        "OutOf" + resource,
        "Node didn't have enough resource: %s, requested: %d, used: %d, capacity: %d"
            .formatted(resource, wanted, used, total));
  }
}
