package dev.tiphys.controllers.daemonset;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The Pods of a DaemonSet on one node that are not on their way out: in an update at most one of
/// an old template and one of the new.
///
/// @param old the one of an old template, or null
/// @param updated the one of the present template, or null
/// @param orderly whether there is at most one of each
record NodePods(@Nullable Struct old, @Nullable Struct updated, boolean orderly) {

  static NodePods of(List<Struct> pods, DaemonPods kind) {
    Struct old = null;
    Struct updated = null;
    boolean orderly = true;
    for (Struct pod : pods) {
      if (Meta.of(pod).isBeingDeleted()) {
        continue;
      }
      if (kind.isUpdated(pod)) {
        orderly &= updated == null;
        updated = pod;
      } else {
        orderly &= old == null;
        old = pod;
      }
    }
    return new NodePods(old, updated, orderly);
  }
}
