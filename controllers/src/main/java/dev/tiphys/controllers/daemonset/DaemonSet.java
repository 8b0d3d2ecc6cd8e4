package dev.tiphys.controllers.daemonset;

import dev.tiphys.controllers.common.IntOrPercent;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.selector.LabelSelector;

/// What a DaemonSet wants.
///
/// @param object the DaemonSet
record DaemonSet(Struct object) {

  Meta meta() {
    return Meta.of(object);
  }

  Struct status() {
    return object.struct("status");
  }

  Struct template() {
    return object.struct("spec", "template");
  }

  LabelSelector selector() {
    return LabelSelector.from(object.struct("spec", "selector"));
  }

  long minReadySeconds() {
    return object.integer("spec", "minReadySeconds");
  }

  /// Whether Pods of other templates are replaced.
  boolean isRolling() {
    return !object.string("spec", "updateStrategy", "type").equals("OnDelete");
  }

  /// How many Pods may be unavailable during an update of `nodes` nodes.
  long maxUnavailable(long nodes) {
    long most = share("maxUnavailable", nodes);
    return most == 0 && maxSurge(nodes) == 0 ? 1 : most;
  }

  /// How many nodes may run two Pods during an update of `nodes` nodes.
  long maxSurge(long nodes) {
    return isRolling() ? share("maxSurge", nodes) : 0;
  }

  private long share(String field, long nodes) {
    return IntOrPercent.roundedUp(
        object.get("spec", "updateStrategy", "rollingUpdate", field), nodes);
  }

  long historyLimit() {
    return object.has("spec", "revisionHistoryLimit")
        ? object.integer("spec", "revisionHistoryLimit")
        : 10;
  }
}
