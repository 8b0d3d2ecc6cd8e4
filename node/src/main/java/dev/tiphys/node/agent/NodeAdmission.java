package dev.tiphys.node.agent;

import dev.tiphys.client.placement.NodeAffinity;
import dev.tiphys.client.placement.PodRequests;
import dev.tiphys.client.placement.ResourceList;
import dev.tiphys.client.placement.Taint;
import dev.tiphys.client.placement.Toleration;
import dev.tiphys.node.eviction.Pressure;
import dev.tiphys.node.eviction.Ranking;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.QosClass;
import dev.tiphys.node.sync.Admission;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Refuses Pods that do not fit on this node beside those that are here, or that do not want to be
/// on it.
///
/// Threads: any.
final class NodeAdmission implements Admission {
  private final String node;
  private final ResourceList allocatable;
  private final long mostPods;
  private final Supplier<Struct> labels;
  private final Pressure pressure;
  private static final Taint MEMORY_PRESSURE =
      new Taint("node.kubernetes.io/memory-pressure", "", Taint.Effect.NO_SCHEDULE);
  private final Map<String, Pod> here = new HashMap<>();

  /// @param node the node's name
  /// @param labels the node's as they are known now: they may change at any time. Must not wait
  NodeAdmission(
      String node, Map<String, Quantity> allocatable, Supplier<Struct> labels, Pressure pressure) {
    this.node = node;
    this.labels = labels;
    this.pressure = pressure;
    StructBuilder list = new StructBuilder();
    allocatable.forEach((name, amount) -> list.add(name, amount.toString()));
    this.allocatable = ResourceList.of(list.build());
    this.mostPods = allocatable.getOrDefault("pods", Quantity.ZERO).units();
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

  /// What a node is short of it takes no more Pods for, but those that it needs. Without any memory
  /// to spare it still takes those that say how much they need.
  private @Nullable Refusal shortage(Pod pod) {
    List<String> conditions = pressure.conditions();
    if (conditions.isEmpty() || Ranking.isCritical(pod)) {
      return null;
    }
    if (conditions.equals(List.of("MemoryPressure"))
        && (pod.qos() != QosClass.BEST_EFFORT
            || Toleration.tolerated(MEMORY_PRESSURE, Toleration.of(pod.spec())))) {
      return null;
    }
    return new Refusal(
        "Evicted", "The node had condition: [" + String.join(" ", conditions) + "]. ");
  }

  private @Nullable Refusal refusal(Pod pod) {
    Refusal shortage = shortage(pod);
    if (shortage != null) {
      return shortage;
    }
    if (!NodeAffinity.of(pod.spec()).allows(node, labels.get())) {
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
    if (here.size() >= mostPods) {
      return lacks("pods", 1, here.size(), mostPods);
    }
    ResourceList wanted = PodRequests.of(pod.spec());
    ResourceList used = ResourceList.NONE;
    for (Pod other : here.values()) {
      used = used.plus(PodRequests.of(other.spec()));
    }
    for (Counted each : COUNTED) {
      long more = each.amount.applyAsLong(wanted);
      long before = each.amount.applyAsLong(used);
      long total = each.amount.applyAsLong(allocatable);
      if (more > 0 && before + more > total) {
        return lacks(each.name, more, before, total);
      }
    }
    return null;
  }

  private record Counted(String name, ToLongFunction<ResourceList> amount) {}

  private static final List<Counted> COUNTED =
      List.of(
          new Counted("cpu", ResourceList::cpu),
          new Counted("memory", ResourceList::memory),
          new Counted("ephemeral-storage", ResourceList::ephemeralStorage));

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

  private static Refusal lacks(String resource, long wanted, long used, long total) {
    return new Refusal(
        "OutOf" + resource,
        "Node didn't have enough resource: %s, requested: %d, used: %d, capacity: %d"
            .formatted(resource, wanted, used, total));
  }
}
