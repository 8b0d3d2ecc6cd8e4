package dev.tiphys.storage.resizer;

import dev.tiphys.client.placement.VolumeMatching;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// How far the growth of a claim's volume has come: what the claim's status tells of it.
///
/// @param claim whose status it is
record Growth(Struct claim) {

  static final String IN_PROGRESS = "ControllerResizeInProgress";
  static final String INFEASIBLE = "ControllerResizeInfeasible";
  static final String NODE_PENDING = "NodeResizePending";

  private static final Set<String> ON_NODE = Set.of(NODE_PENDING, "NodeResizeInProgress");
  private static final String RESIZING = "Resizing";
  private static final String PENDING = "FileSystemResizePending";

  Quantity requested() {
    return VolumeMatching.quantity(claim.get("spec", "resources", "requests", "storage"));
  }

  Quantity capacity() {
    return VolumeMatching.quantity(claim.get("status", "capacity", "storage"));
  }

  private Quantity allocated() {
    return VolumeMatching.quantity(claim.get("status", "allocatedResources", "storage"));
  }

  String stage() {
    return claim.string("status", "allocatedResourceStatuses", "storage");
  }

  boolean isOnNode() {
    return ON_NODE.contains(stage());
  }

  /// Whether the size that is asked for is one that was found not to be possible.
  boolean isKnownInfeasible() {
    return stage().equals(INFEASIBLE) && allocated().compareTo(requested()) == 0;
  }

  /// The size to grow to: what was begun is finished first, unless it turned out not to be
  /// possible.
  Quantity target() {
    return stage().equals(IN_PROGRESS) ? allocated() : requested();
  }

  /// The status once a size is set aside and the driver is asked for it.
  Struct begun(Quantity size, Instant now) {
    Struct conditions =
        stage(IN_PROGRESS).with("allocatedResources", Struct.of("storage", size.toString()));
    return withCondition(conditions, RESIZING, "", now);
  }

  Struct infeasible() {
    return stage(INFEASIBLE);
  }

  /// The status once only the node has something to do.
  Struct pendingOnNode(Instant now) {
    return withCondition(
        stage(NODE_PENDING),
        PENDING,
        "Waiting for user to (re-)start a pod to finish file system resize of volume on node.",
        now);
  }

  /// The status once all is done.
  Struct done(Quantity size) {
    Struct status = claim.struct("status").withAt(size.toString(), "capacity", "storage");
    Struct stages = status.struct("allocatedResourceStatuses").without("storage");
    status =
        stages.isEmpty()
            ? status.without("allocatedResourceStatuses")
            : status.with("allocatedResourceStatuses", stages);
    List<Struct> others = otherConditions(status);
    return others.isEmpty() ? status.without("conditions") : status.with("conditions", others);
  }

  private Struct stage(String stage) {
    return claim.struct("status").withAt(stage, "allocatedResourceStatuses", "storage");
  }

  private static List<Struct> otherConditions(Struct status) {
    return status.structs("conditions").stream()
        .filter(each -> !each.string("type").equals(RESIZING))
        .filter(each -> !each.string("type").equals(PENDING))
        .toList();
  }

  private static Struct withCondition(Struct status, String type, String message, Instant now) {
    if (status.structs("conditions").stream().anyMatch(each -> each.string("type").equals(type))) {
      return status;
    }
    List<Struct> all = new ArrayList<>(otherConditions(status));
    all.add(
        new StructBuilder()
            .add("type", type)
            .add("status", "True")
            .add("lastTransitionTime", Timestamps.seconds(now))
            .addUnlessEmpty("message", message)
            .build());
    return status.with("conditions", List.copyOf(all));
  }
}
