package dev.tiphys.node.sync;

import dev.tiphys.node.pod.Pod;
import org.jspecify.annotations.Nullable;

/// Decides whether this node runs a Pod that is bound to it. The scheduler may have decided on an
/// older state, and a Pod may be bound without one.
///
/// Threads: any.
public interface Admission {
  /// Why a Pod is not run.
  ///
  /// @param reason one word, as `OutOfcpu`
  record Refusal(String reason, String message) {}

  /// Null if the Pod may run. It is then counted in until [#release].
  @Nullable Refusal admit(Pod pod);

  /// Counts a Pod in that runs already.
  void adopt(Pod pod);

  /// Says that a Pod has ended.
  void release(String uid);
}
