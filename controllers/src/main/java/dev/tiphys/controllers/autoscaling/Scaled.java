package dev.tiphys.controllers.autoscaling;

import dev.tiphys.object.Struct;
import dev.tiphys.object.selector.LabelSelector;
import java.time.Instant;
import java.util.List;

/// What an autoscaler scales, as it is now.
///
/// @param selector which Pods belong to it
/// @param pods those Pods
/// @param replicas how many there are to be
/// @param present how many its controller counts
record Scaled(
    String namespace,
    LabelSelector selector,
    List<Struct> pods,
    long replicas,
    long present,
    Tolerance tolerance,
    Instant now) {

  Scaled {
    pods = List.copyOf(pods);
  }
}
