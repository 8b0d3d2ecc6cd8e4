package dev.tiphys.controllers.nodelifecycle;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which taints a node's conditions ask for. Pure.
final class NodeTaints {

  static final String NOT_READY = "node.kubernetes.io/not-ready";
  static final String UNREACHABLE = "node.kubernetes.io/unreachable";
  static final String NO_SCHEDULE = "NoSchedule";
  static final String NO_EXECUTE = "NoExecute";

  private static final String UNSCHEDULABLE = "node.kubernetes.io/unschedulable";

  private static final Map<String, String> BY_PROBLEM =
      Map.of(
          "MemoryPressure", "node.kubernetes.io/memory-pressure",
          "DiskPressure", "node.kubernetes.io/disk-pressure",
          "PIDPressure", "node.kubernetes.io/pid-pressure",
          "NetworkUnavailable", "node.kubernetes.io/network-unavailable");

  private NodeTaints() {}

  /// The taints that `node` is to have. Those that keep new Pods away follow its conditions; of
  /// those that evict Pods, the ones that no longer apply are taken away or replaced, but none is
  /// added to a node that has none: that is rationed ([Zones]).
  static List<Struct> following(Struct node, Instant now) {
    List<Struct> present = node.structs("spec", "taints");
    Set<String> wanted = keepingAway(node, present);
    List<Struct> next = new ArrayList<>();
    String evicting = evictionKey(node);
    boolean tainted = false;
    for (Struct taint : present) {
      String key = taint.string("key");
      boolean own = isOurs(key);
      if (own && taint.string("effect").equals(NO_EXECUTE) && isReadiness(key)) {
        tainted = true;
        if (key.equals(evicting)) {
          next.add(taint);
        }
      } else if (!own || !taint.string("effect").equals(NO_SCHEDULE) || wanted.remove(key)) {
        next.add(taint);
      }
    }
    wanted.stream().sorted().forEach(key -> next.add(taint(key, NO_SCHEDULE, now)));
    if (tainted && !evicting.isEmpty() && !has(next, evicting, NO_EXECUTE)) {
      next.add(taint(evicting, NO_EXECUTE, now));
    }
    return next;
  }

  /// The taints of `node` with the one that evicts the Pods of a node that is not ready.
  static List<Struct> withEvictionTaint(Struct node, Instant now) {
    List<Struct> next = new ArrayList<>(node.structs("spec", "taints"));
    next.add(taint(evictionKey(node), NO_EXECUTE, now));
    return next;
  }

  /// The taints of `node` without those that evict the Pods of a node that is not ready.
  static List<Struct> withoutEvictionTaints(Struct node) {
    return node.structs("spec", "taints").stream()
        .filter(
            taint ->
                !isReadiness(taint.string("key")) || !taint.string("effect").equals(NO_EXECUTE))
        .toList();
  }

  /// The key of the taint that is to evict Pods; empty if they may stay.
  static String evictionKey(Struct node) {
    return switch (NodeConditions.statusOf(node, NodeConditions.READY)) {
      case "False" -> NOT_READY;
      case "Unknown" -> UNREACHABLE;
      default -> "";
    };
  }

  static boolean has(List<Struct> taints, String key, String effect) {
    return taints.stream()
        .anyMatch(
            taint -> taint.string("key").equals(key) && taint.string("effect").equals(effect));
  }

  private static Set<String> keepingAway(Struct node, List<Struct> present) {
    Set<String> keys = new HashSet<>();
    BY_PROBLEM.forEach(
        (condition, key) -> {
          if (NodeConditions.statusOf(node, condition).equals("True")) {
            keys.add(key);
          }
        });
    if (node.bool("spec", "unschedulable")) {
      keys.add(UNSCHEDULABLE);
    }
    String readiness = evictionKey(node);
    if (!readiness.isEmpty()) {
      keys.add(readiness);
    } else if (!NodeConditions.isReady(node) && has(present, NOT_READY, NO_SCHEDULE)) {
      // It has said nothing yet, and got this taint when it was made.
      keys.add(NOT_READY);
    }
    return keys;
  }

  private static boolean isReadiness(String key) {
    return key.equals(NOT_READY) || key.equals(UNREACHABLE);
  }

  private static boolean isOurs(String key) {
    return isReadiness(key) || key.equals(UNSCHEDULABLE) || BY_PROBLEM.containsValue(key);
  }

  private static Struct taint(String key, String effect, Instant now) {
    return new StructBuilder()
        .add("key", key)
        .add("effect", effect)
        .add("timeAdded", Timestamps.seconds(now))
        .build();
  }
}
