package dev.tiphys.storage.resizer;

import dev.tiphys.grpc.GrpcException;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// How far a claim's volume has come on its way to another VolumeAttributesClass: what the claim's
/// status tells of it.
///
/// @param claim whose status it is
record Modification(Struct claim) {

  private static final String PENDING = "Pending";
  private static final String IN_PROGRESS = "InProgress";
  private static final String INFEASIBLE = "Infeasible";
  private static final String MODIFYING = "ModifyingVolume";
  private static final String ERROR = "ModifyVolumeError";

  /// The class that the claim asks for; empty if it does not matter.
  String wanted() {
    return claim.string("spec", "volumeAttributesClassName");
  }

  private String current() {
    return claim.string("status", "currentVolumeAttributesClassName");
  }

  /// The class that the driver was asked for last; empty if that was done, or never begun.
  String target() {
    return claim.string("status", "modifyVolumeStatus", "targetVolumeAttributesClassName");
  }

  private String stage() {
    return claim.string("status", "modifyVolumeStatus", "status");
  }

  /// Whether anything is to be done, or to be told.
  boolean isNeeded() {
    return !stage().isEmpty() || !wanted().equals(current());
  }

  boolean isInProgress() {
    return stage().equals(IN_PROGRESS);
  }

  /// Whether the class that is asked for is one that the driver found not to be possible.
  boolean isKnownInfeasible() {
    return stage().equals(INFEASIBLE) && target().equals(wanted());
  }

  boolean saysModifying() {
    return claim.structs("status", "conditions").stream()
        .anyMatch(each -> each.string("type").equals(MODIFYING));
  }

  /// The status while there is no such class.
  Struct pending() {
    return stage(PENDING);
  }

  /// The status before the driver is asked for the class that the claim asks for.
  Struct begun(Instant now) {
    Struct status =
        stage(IN_PROGRESS)
            .withAt(wanted(), "modifyVolumeStatus", "targetVolumeAttributesClassName");
    return with(
        status,
        MODIFYING,
        "",
        "Modifying volume to \"%s\" is in progress.".formatted(wanted()),
        now);
  }

  /// The status after the driver failed.
  ///
  /// @param certain whether it has surely done nothing, and does not go on
  /// @param infeasible whether it never will
  Struct failed(GrpcException failure, boolean certain, boolean infeasible, Instant now) {
    String message =
        certain
            ? "Modifying volume to \"%s\" failed. Waiting for retry."
            : "Modifying volume to \"%s\" is still in progress.";
    Struct status =
        with(
            stage(infeasible ? INFEASIBLE : IN_PROGRESS),
            MODIFYING,
            "",
            message.formatted(target()),
            now);
    return with(status, ERROR, failure.status().display(), failure.description(), now);
  }

  /// The status once the volume is of the target class.
  Struct done() {
    return without(
        claim
            .struct("status")
            .with("currentVolumeAttributesClassName", target())
            .without("modifyVolumeStatus"),
        Set.of(MODIFYING, ERROR));
  }

  /// The status of a claim that no longer asks for a class: what became of the last attempt stays.
  Struct cancelled() {
    return without(claim.struct("status"), Set.of(MODIFYING));
  }

  private Struct stage(String stage) {
    return claim.struct("status").withAt(stage, "modifyVolumeStatus", "status");
  }

  private static Struct without(Struct status, Set<String> types) {
    List<Struct> others =
        status.structs("conditions").stream()
            .filter(each -> !types.contains(each.string("type")))
            .toList();
    return others.isEmpty() ? status.without("conditions") : status.with("conditions", others);
  }

  /// A status with a condition, which keeps its place and, unless its reason changes, the time of
  /// its last transition.
  private static Struct with(
      Struct status, String type, String reason, String message, Instant now) {
    List<Struct> all = new ArrayList<>(status.structs("conditions"));
    int place = 0;
    while (place < all.size() && !all.get(place).string("type").equals(type)) {
      place++;
    }
    Struct before = place < all.size() ? all.remove(place) : Struct.EMPTY;
    boolean same = before.string("status").equals("True") && before.string("reason").equals(reason);
    String probed = Timestamps.seconds(now);
    all.add(
        place,
        new StructBuilder()
            .add("type", type)
            .add("status", "True")
            .add("lastProbeTime", probed)
            .add("lastTransitionTime", same ? before.string("lastTransitionTime") : probed)
            .addUnlessEmpty("reason", reason)
            .addUnlessEmpty("message", message)
            .build());
    return status.with("conditions", List.copyOf(all));
  }
}
