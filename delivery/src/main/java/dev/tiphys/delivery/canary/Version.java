package dev.tiphys.delivery.canary;

import dev.tiphys.delivery.model.ReplicaSet;
import org.jspecify.annotations.Nullable;

/// How many Pods a revision is to have, and how many of them are available.
record Version(long replicas, long available) {

  static final Version NONE = new Version(0, 0);

  static Version of(@Nullable ReplicaSet set) {
    return set == null ? NONE : new Version(set.replicas(), set.available());
  }

  /// A status may be older than the size, and then tells of Pods that are about to go.
  long serving() {
    return Math.min(available, replicas);
  }
}
