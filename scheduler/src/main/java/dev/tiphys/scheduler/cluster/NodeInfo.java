package dev.tiphys.scheduler.cluster;

import dev.tiphys.client.placement.ResourceList;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A node and the Pods on it, those included that are only on their way there.
///
/// Threads: the scheduling task.
public final class NodeInfo {

  private static final NodeFacts UNKNOWN =
      new NodeFacts(
          "",
          Struct.EMPTY,
          Struct.EMPTY,
          Map.of(),
          List.of(),
          true,
          ResourceList.NONE,
          0,
          Set.of(),
          Map.of());

  private final String name;
  private final int slot;
  private final List<PodInfo> pods = new ArrayList<>();
  private final List<PodInfo> podsWithAffinity = new ArrayList<>();
  private final List<HostPort> ports = new ArrayList<>();
  private NodeFacts facts = UNKNOWN;
  private ResourceList requested = ResourceList.NONE;
  private ResourceList scored = ResourceList.NONE;
  private long lowestPriority = Long.MAX_VALUE;
  private long generation;
  private List<PodInfo> nominated = List.of();
  private long nominationVersion;

  NodeInfo(String name, int slot) {
    this.name = name;
    this.slot = slot;
  }

  public String name() {
    return name;
  }

  /// A small number that no other node has at the same time: the place of what is known of it in
  /// arrays.
  public int slot() {
    return slot;
  }

  /// Grows with each change. No two states of any node have the same.
  public long generation() {
    return generation;
  }

  public NodeFacts facts() {
    return facts;
  }

  /// Whether there is such a Node; there may be Pods before there is.
  boolean known() {
    return facts != UNKNOWN;
  }

  /// The value of one of its labels; empty if it has no such label.
  public String label(String key) {
    return facts.labels().string(key);
  }

  public boolean hasLabel(String key) {
    return facts.labels().has(key);
  }

  public List<PodInfo> pods() {
    return Collections.unmodifiableList(pods);
  }

  /// The Pods that want others near or far.
  public List<PodInfo> podsWithAffinity() {
    return Collections.unmodifiableList(podsWithAffinity);
  }

  /// The priority of the least important of its Pods; the highest there is if it has none.
  public long lowestPriority() {
    return lowestPriority;
  }

  /// The ports of the node that are taken.
  public List<HostPort> ports() {
    return Collections.unmodifiableList(ports);
  }

  /// What its Pods have asked for together.
  public ResourceList requested() {
    return requested;
  }

  /// What its Pods count for when nodes are scored.
  public ResourceList scored() {
    return scored;
  }

  /// This node as it would be without some of its Pods and with some more. Takes this node's place
  /// in what is known, but has a generation of its own.
  public NodeInfo changed(Collection<PodInfo> without, Collection<PodInfo> with) {
    NodeInfo changed = new NodeInfo(name, slot);
    changed.generation = -1;
    changed.nominated = nominated;
    changed.nominationVersion = nominationVersion;
    changed.facts = facts;
    for (PodInfo pod : pods) {
      if (!without.contains(pod)) {
        changed.put(pod);
      }
    }
    with.forEach(changed::put);
    return changed;
  }

  /// The Pods that it is being cleared for.
  List<PodInfo> nominated() {
    return nominated;
  }

  /// Of the last change of the Pods that it is being cleared for.
  long nominationVersion() {
    return nominationVersion;
  }

  void nominate(PodInfo pod, long version) {
    List<PodInfo> all = new ArrayList<>(nominated);
    all.add(pod);
    nominated = List.copyOf(all);
    nominationVersion = version;
  }

  void denominate(PodInfo pod, long version) {
    nominated = nominated.stream().filter(other -> !other.uid().equals(pod.uid())).toList();
    nominationVersion = version;
  }

  void describe(NodeFacts now, long newGeneration) {
    facts = now;
    generation = newGeneration;
  }

  void forgetFacts(long newGeneration) {
    facts = UNKNOWN;
    generation = newGeneration;
  }

  void add(PodInfo pod, long newGeneration) {
    put(pod);
    generation = newGeneration;
  }

  private void put(PodInfo pod) {
    PodTemplate template = pod.template();
    pods.add(pod);
    lowestPriority = Math.min(lowestPriority, pod.priority());
    if (!template.podAffinity().isEmpty()) {
      podsWithAffinity.add(pod);
    }
    ports.addAll(template.ports());
    requested = requested.plus(template.requests());
    scored = scored.plus(template.scored());
  }

  void remove(PodInfo pod, long newGeneration) {
    PodTemplate template = pod.template();
    pods.remove(pod);
    if (pod.priority() == lowestPriority) {
      lowestPriority = pods.stream().mapToLong(PodInfo::priority).min().orElse(Long.MAX_VALUE);
    }
    podsWithAffinity.remove(pod);
    template.ports().forEach(ports::remove);
    requested = requested.minus(template.requests());
    scored = scored.minus(template.scored());
    generation = newGeneration;
  }

  /// Puts a new state of a Pod in the place of one that counts for the same.
  void exchange(PodInfo before, PodInfo now) {
    Collections.replaceAll(pods, before, now);
    Collections.replaceAll(podsWithAffinity, before, now);
  }

  @Override
  public String toString() {
    return name;
  }
}
