package dev.tiphys.scheduler.cluster;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The nodes, and the Pods that are on them or on their way.
///
/// A Pod that the scheduler has placed is *assumed* to be on its node until the API says so, or the
/// binding fails and it is forgotten; else the next Pod would be given the same room.
///
/// Threads: the scheduling task.
public final class Cluster {

  private final Map<String, NodeInfo> byName = new HashMap<>();
  private final List<NodeInfo> nodes = new ArrayList<>();
  private final List<@Nullable NodeInfo> bySlot = new ArrayList<>();
  private final Map<String, Placed> pods = new HashMap<>();
  private final Map<String, Struct> namespaces = new HashMap<>();
  private final Map<String, Integer> imageNodes = new HashMap<>();

  /// By generation, modulo its length: the slot of the node that has changed.
  private final int[] changes = new int[4_096];

  private long generation;
  private long membership;

  private record Placed(PodInfo pod, NodeInfo node, boolean assumed) {}

  /// The nodes that exist, in no particular order.
  public List<NodeInfo> nodes() {
    return Collections.unmodifiableList(nodes);
  }

  public @Nullable NodeInfo node(String name) {
    NodeInfo node = byName.get(name);
    return node != null && node.known() ? node : null;
  }

  /// More than the slot of any node.
  public int slots() {
    return bySlot.size();
  }

  /// The node that has a slot; null if none has it.
  public @Nullable NodeInfo nodeAt(int slot) {
    NodeInfo node = bySlot.get(slot);
    return node != null && node.known() ? node : null;
  }

  /// The generation of the newest change.
  public long generation() {
    return generation;
  }

  /// Grows as nodes come and go.
  public long membership() {
    return membership;
  }

  /// Tells the slots where something has changed after a generation, some of them several times.
  public void changedSince(long since, IntConsumer slot) {
    if (generation - since > changes.length) {
      for (int i = 0; i < bySlot.size(); i++) {
        slot.accept(i);
      }
      return;
    }
    for (long i = since + 1; i <= generation; i++) {
      slot.accept(changes[(int) (i % changes.length)]);
    }
  }

  /// The generation of a change that a node undergoes now.
  private long change(NodeInfo node) {
    generation++;
    changes[(int) (generation % changes.length)] = node.slot();
    return generation;
  }

  /// How many nodes have an image.
  public int nodesWithImage(String image) {
    return imageNodes.getOrDefault(image, 0);
  }

  public Struct namespaceLabels(String namespace) {
    return namespaces.getOrDefault(namespace, Struct.EMPTY);
  }

  /// Takes note of a namespace's labels, which affinities may select it by.
  ///
  /// @return whether they have changed
  public boolean describeNamespace(String namespace, Struct labels) {
    boolean changed = !labels.equals(namespaces.put(namespace, labels));
    if (changed) {
      refresh(); // Any node may have Pods of it.
    }
    return changed;
  }

  /// Has all nodes looked at again, as something has changed that plugins judge them by. For what
  /// is rare.
  public void refresh() {
    nodes.forEach(node -> node.describe(node.facts(), change(node)));
  }

  public void forgetNamespace(String namespace) {
    namespaces.remove(namespace);
  }

  /// Takes note of a node.
  ///
  /// @return the node if it is new or has changed, or null
  public @Nullable NodeInfo describe(NodeFacts facts) {
    NodeInfo node = place(facts.name());
    if (node.known() && node.facts().equals(facts)) {
      return null;
    }
    if (!node.known()) {
      membership++;
      nodes.add(node);
    }
    countImages(node.facts(), -1);
    node.describe(facts, change(node));
    countImages(facts, 1);
    return node;
  }

  private void countImages(NodeFacts facts, int by) {
    facts.images().keySet().forEach(image -> imageNodes.merge(image, by, Cluster::sumOrNone));
  }

  private static @Nullable Integer sumOrNone(Integer before, Integer by) {
    return before + by == 0 ? null : before + by;
  }

  /// The node of this name; one that is not known yet, if there is none.
  NodeInfo place(String name) {
    return byName.computeIfAbsent(
        name,
        _ -> {
          int free = bySlot.indexOf(null);
          NodeInfo node = new NodeInfo(name, free < 0 ? bySlot.size() : free);
          if (free < 0) {
            bySlot.add(node);
          } else {
            bySlot.set(free, node);
          }
          return node;
        });
  }

  /// Takes note that a node is gone. Its Pods may outlive it.
  public void forgetNode(String name) {
    NodeInfo node = byName.get(name);
    if (node != null && node.known()) {
      countImages(node.facts(), -1);
      node.forgetFacts(change(node));
      nodes.remove(node);
      membership++;
      releaseIfUnused(node);
    }
  }

  /// Drops a node that does not exist and that no Pod is on or is to go to.
  void releaseIfUnused(NodeInfo node) {
    if (!node.known() && node.pods().isEmpty() && node.nominated().isEmpty()) {
      byName.remove(node.name());
      bySlot.set(node.slot(), null);
    }
  }

  /// How many Pods are on nodes, or on their way.
  public int size() {
    return pods.size();
  }

  /// How many of them the API has not confirmed yet.
  public int assumed() {
    return (int) pods.values().stream().filter(Placed::assumed).count();
  }

  /// Puts a Pod on a node until the API confirms it.
  public void assume(PodInfo pod, NodeInfo node) {
    node.add(pod, change(node));
    pods.put(pod.uid(), new Placed(pod, node, true));
  }

  /// A Pod as it is known to be on a node; null if it is on none.
  public @Nullable PodInfo pod(String uid) {
    Placed placed = pods.get(uid);
    return placed == null ? null : placed.pod;
  }

  public boolean isPlaced(PodInfo pod) {
    return pods.containsKey(pod.uid());
  }

  /// What would be if a Pod were on no node.
  public <T> T without(PodInfo pod, Supplier<T> body) {
    Placed placed = pods.remove(pod.uid());
    if (placed == null) {
      return body.get();
    }
    placed.node.remove(placed.pod, change(placed.node));
    try {
      return body.get();
    } finally {
      placed.node.add(placed.pod, change(placed.node));
      pods.put(pod.uid(), placed);
    }
  }

  /// Takes an assumed Pod back, whose binding has failed.
  ///
  /// @return the node it was on, or null if the API has confirmed it or it is gone
  public @Nullable NodeInfo forget(PodInfo pod) {
    Placed placed = pods.get(pod.uid());
    return placed != null && placed.assumed ? remove(pod) : null;
  }

  /// Takes note of the state of a Pod that the API says is on a node.
  ///
  /// @return what that changes
  public Placement put(PodInfo pod) {
    Placed before = pods.get(pod.uid());
    NodeInfo node = place(pod.node());
    if (before != null && before.node == node && before.pod.countsLike(pod)) {
      node.exchange(before.pod, pod);
      pods.put(pod.uid(), new Placed(pod, node, false));
      return Placement.NOTHING;
    }
    if (before != null) {
      before.node.remove(before.pod, change(before.node));
    }
    node.add(pod, change(node));
    pods.put(pod.uid(), new Placed(pod, node, false));
    if (before == null) {
      return Placement.ADDED;
    }
    releaseIfUnused(before.node);
    return Placement.CHANGED;
  }

  /// What a new state of a Pod changes.
  public enum Placement {
    NOTHING,
    ADDED,
    CHANGED
  }

  /// Takes note that a Pod is gone.
  ///
  /// @return the node it was on, or null if it was on none
  public @Nullable NodeInfo remove(PodInfo pod) {
    Placed placed = pods.remove(pod.uid());
    if (placed == null) {
      return null;
    }
    placed.node.remove(placed.pod, change(placed.node));
    releaseIfUnused(placed.node);
    return placed.node;
  }
}
