package dev.tiphys.controllers.nodelifecycle;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What a node's conditions say. Pure.
final class NodeConditions {

  static final String READY = "Ready";

  /// What cannot be known of a node that is lost.
  private static final List<String> UNKNOWABLE =
      List.of(READY, "MemoryPressure", "DiskPressure", "PIDPressure");

  private NodeConditions() {}

  /// The status of a condition; empty if there is no such condition.
  static String statusOf(Struct node, String type) {
    Struct condition = Meta.condition(node, type);
    return condition == null ? "" : condition.string("status");
  }

  static boolean isReady(Struct node) {
    return Meta.isTrue(node, READY);
  }

  /// `node` as one that is lost; the same if it says so already.
  static Struct lost(Struct node, Instant now) {
    List<Struct> conditions = new ArrayList<>(node.structs("status", "conditions"));
    boolean changed = false;
    for (String type : UNKNOWABLE) {
      int place = placeOf(conditions, type);
      if (place < 0) {
        conditions.add(neverSeen(node, type, now));
        changed = true;
      } else if (!conditions.get(place).string("status").equals("Unknown")) {
        conditions.set(place, noLongerSeen(conditions.get(place), now));
        changed = true;
      }
    }
    return changed ? node.withAt(List.copyOf(conditions), "status", "conditions") : node;
  }

  private static int placeOf(List<Struct> conditions, String type) {
    for (int i = 0; i < conditions.size(); i++) {
      if (conditions.get(i).string("type").equals(type)) {
        return i;
      }
    }
    return -1;
  }

  private static Struct neverSeen(Struct node, String type, Instant now) {
    return new StructBuilder()
        .add("type", type)
        .add("status", "Unknown")
        .add("reason", "NodeStatusNeverUpdated")
        .add("message", "Kubelet never posted node status.")
        .add("lastHeartbeatTime", node.string("metadata", "creationTimestamp"))
        .add("lastTransitionTime", Timestamps.seconds(now))
        .build();
  }

  private static Struct noLongerSeen(Struct condition, Instant now) {
    return StructBuilder.from(condition)
        .add("status", "Unknown")
        .add("reason", "NodeStatusUnknown")
        .add("message", "Kubelet stopped posting node status.")
        .add("lastTransitionTime", Timestamps.seconds(now))
        .build();
  }
}
