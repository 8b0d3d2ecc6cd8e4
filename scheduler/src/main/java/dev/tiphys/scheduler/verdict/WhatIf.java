package dev.tiphys.scheduler.verdict;

import dev.tiphys.scheduler.cluster.NodeInfo;
import org.jspecify.annotations.Nullable;

/// What the filters of the cycle that goes on would say of a node in another state.
public interface WhatIf {

  /// Why a node would still not do if it were changed, or null if it would.
  ///
  /// @param changed a state that a known node could be in, as [NodeInfo#changed] makes one
  @Nullable Rejection rejectionOf(NodeInfo changed);

  /// Whether the answer depends on the node and on what the Pod's template asks for alone, so that
  /// it holds for other Pods of the template until the node changes.
  boolean isLocal();
}
