package dev.tiphys.controllers.daemonset;

import dev.tiphys.controllers.common.Pods;
import dev.tiphys.controllers.daemonset.DaemonPods.Place;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Where the Pods of a DaemonSet are and ought to be. Pure.
///
/// Cost: one pass over the nodes and one over the Pods.
final class Placement {

  private final DaemonSet set;
  private final DaemonPods kind;
  private final Instant now;
  private final Map<String, Place> places = new HashMap<>();

  /// By node; those that want a Pod and have none have an empty list.
  private final Map<String, List<Struct>> pods = new TreeMap<>();

  private long wanted;

  Placement(
      DaemonSet set, DaemonPods kind, Iterable<Struct> nodes, List<Struct> owned, Instant now) {
    this.set = set;
    this.kind = kind;
    this.now = now;
    for (Struct node : nodes) {
      Place place = kind.placeOn(node);
      places.put(Meta.of(node).name(), place);
      if (place == Place.WANTED) {
        wanted++;
        pods.put(Meta.of(node).name(), new ArrayList<>());
      }
    }
    for (Struct pod : owned) {
      String node = DaemonPods.nodeOf(pod);
      if (!node.isEmpty()) {
        pods.computeIfAbsent(node, _ -> new ArrayList<>()).add(pod);
      }
    }
    pods.values().forEach(onNode -> onNode.sort(DaemonPods.BY_AGE));
  }

  /// How many nodes want a Pod.
  long wanted() {
    return wanted;
  }

  /// The Pods of each node that wants one or has some.
  Map<String, List<Struct>> pods() {
    return pods;
  }

  /// What is to be done whatever the templates are.
  ///
  /// @param ended where Pods that have ended are put: when these go is for others to say
  Changes changes(List<Struct> ended) {
    Changes changes = new Changes();
    pods.forEach(
        (node, onNode) -> {
          Place place = places.get(node);
          if (place == null || place == Place.UNWANTED) {
            onNode.stream()
                .filter(pod -> !Meta.of(pod).isBeingDeleted())
                .filter(pod -> place != null || pod.string("spec", "nodeName").isEmpty())
                .forEach(changes.doomed()::add);
          } else if (onNode.isEmpty()) {
            changes.nodes().add(node);
          } else {
            thinOut(onNode, changes, ended);
          }
        });
    return changes;
  }

  private void thinOut(List<Struct> onNode, Changes changes, List<Struct> ended) {
    List<Struct> running = new ArrayList<>();
    for (Struct pod : onNode) {
      if (Meta.of(pod).isBeingDeleted()) {
        continue;
      }
      (Pods.isTerminal(pod) ? ended : running).add(pod);
    }
    if (running.size() <= 1) {
      return;
    }
    if (set.maxSurge(wanted) == 0) {
      changes.doomed().addAll(running.subList(1, running.size()));
      return;
    }
    Struct old = null;
    Struct updated = null;
    for (Struct pod : running) {
      if (kind.isUpdated(pod) && updated == null) {
        updated = pod;
      } else if (!kind.isUpdated(pod) && old == null) {
        old = pod;
      } else {
        changes.doomed().add(pod);
      }
    }
    if (old != null && updated != null && (!Pods.isReady(old) || kind.isAvailable(updated, now))) {
      changes.doomed().add(old);
    }
  }

  /// What the status says.
  ///
  /// @param collisions how often a revision had the hash of another
  Struct status(long collisions) {
    long current = 0;
    long misplaced = 0;
    long ready = 0;
    long available = 0;
    long updated = 0;
    for (Map.Entry<String, List<Struct>> each : pods.entrySet()) {
      Place place = places.get(each.getKey());
      if (place == null || each.getValue().isEmpty()) {
        continue;
      }
      if (place != Place.WANTED) {
        misplaced++;
        continue;
      }
      current++;
      Struct first = each.getValue().getFirst();
      ready += Pods.isReady(first) ? 1 : 0;
      available += kind.isAvailable(first, now) ? 1 : 0;
      updated += kind.isUpdated(first) ? 1 : 0;
    }
    StructBuilder status =
        new StructBuilder()
            .add("desiredNumberScheduled", wanted)
            .add("currentNumberScheduled", current)
            .add("numberMisscheduled", misplaced)
            .add("numberReady", ready)
            .addUnlessEmpty("conditions", set.status().structs("conditions"));
    status.addUnlessZero("observedGeneration", set.meta().generation());
    status.addUnlessZero("updatedNumberScheduled", updated);
    status.addUnlessZero("numberAvailable", available);
    status.addUnlessZero("numberUnavailable", wanted - available);
    status.addUnlessZero("collisionCount", collisions);
    return status.build();
  }

  /// When the next Pod becomes available; null if none is on its way.
  @Nullable Instant nextAvailable() {
    Instant next = null;
    for (List<Struct> onNode : pods.values()) {
      for (Struct pod : onNode) {
        Instant from = Pods.availableFrom(pod, set.minReadySeconds());
        if (from != null && from.isAfter(now) && (next == null || from.isBefore(next))) {
          next = from;
        }
      }
    }
    return next;
  }
}
