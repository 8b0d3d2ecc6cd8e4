package dev.tiphys.controllers.statefulset;

import dev.tiphys.controllers.common.IntOrPercent;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.selector.LabelSelector;
import java.util.List;

/// What a StatefulSet wants.
///
/// @param object the StatefulSet
record StatefulSet(Struct object) {

  /// Opts in to what upstream leaves to a person: a Pod that blocks a rollout, since it never
  /// became ready, makes room for one of the newer template.
  static final String REPLACE_BROKEN = "statefulset.tiphys.dev/replace-broken-pods";

  /// Opts in to claims that grow when their template does.
  static final String GROW_CLAIMS = "statefulset.tiphys.dev/grow-claims";

  /// Opts in to a condition that names the Pod all others wait for.
  static final String REPORT_BLOCKED = "statefulset.tiphys.dev/report-blocked";

  Meta meta() {
    return Meta.of(object);
  }

  Struct spec() {
    return object.struct("spec");
  }

  Struct status() {
    return object.struct("status");
  }

  LabelSelector selector() {
    return LabelSelector.from(spec().struct("selector"));
  }

  long replicas() {
    return spec().has("replicas") ? spec().integer("replicas") : 1;
  }

  /// The first ordinal.
  long start() {
    return spec().integer("ordinals", "start");
  }

  /// The ordinal behind the last one.
  long end() {
    return start() + replicas();
  }

  /// The ordinal in the name of a Pod; -1 if the name is none of this set's.
  long ordinalOf(Struct pod) {
    String name = Meta.of(pod).name();
    String prefix = meta().name() + "-";
    String rest = name.startsWith(prefix) ? name.substring(prefix.length()) : "";
    return rest.matches("0|[1-9][0-9]{0,8}") ? Long.parseLong(rest) : -1;
  }

  boolean isWanted(long ordinal) {
    return ordinal >= start() && ordinal < end();
  }

  String podName(long ordinal) {
    return meta().name() + "-" + ordinal;
  }

  /// Whether each Pod waits for those before it.
  boolean isOrdered() {
    return !spec().string("podManagementPolicy").equals("Parallel");
  }

  /// Whether Pods of other templates are replaced.
  boolean isRolling() {
    return !spec().string("updateStrategy", "type").equals("OnDelete");
  }

  /// Whether it says how a rolling update goes.
  boolean hasRollingUpdate() {
    return spec().has("updateStrategy", "rollingUpdate");
  }

  /// The first ordinal that a rolling update reaches.
  long firstUpdated() {
    return start() + spec().integer("updateStrategy", "rollingUpdate", "partition");
  }

  /// How many Pods may be unavailable during a rolling update.
  long maxUnavailable() {
    Object value = spec().get("updateStrategy", "rollingUpdate", "maxUnavailable");
    return Math.max(1, IntOrPercent.roundedUp(value, replicas()));
  }

  long minReadySeconds() {
    return spec().integer("minReadySeconds");
  }

  List<Struct> claimTemplates() {
    return spec().structs("volumeClaimTemplates");
  }

  /// Whether claims go with the set.
  boolean endsClaimsWhenDeleted() {
    return spec().string("persistentVolumeClaimRetentionPolicy", "whenDeleted").equals("Delete");
  }

  /// Whether claims go with the Pods for which the set has become too small.
  boolean endsClaimsWhenScaled() {
    return spec().string("persistentVolumeClaimRetentionPolicy", "whenScaled").equals("Delete");
  }

  long historyLimit() {
    return spec().has("revisionHistoryLimit") ? spec().integer("revisionHistoryLimit") : 10;
  }

  /// Whether it opts in to something.
  boolean asksFor(String annotation) {
    return meta().annotation(annotation).equals("true");
  }
}
