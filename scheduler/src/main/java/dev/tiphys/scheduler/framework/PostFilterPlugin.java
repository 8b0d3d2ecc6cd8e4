package dev.tiphys.scheduler.framework;

import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.verdict.Diagnosis;
import dev.tiphys.scheduler.verdict.WhatIf;
import org.jspecify.annotations.Nullable;

/// Tries to help a Pod that fits nowhere. The first that helps ends the chain.
public interface PostFilterPlugin extends Plugin {

  /// @param diagnosis why the Pod fits nowhere
  /// @param whatIf what the filters would say of nodes in other states
  PostFilterResult postFilter(CycleState state, PodInfo pod, Diagnosis diagnosis, WhatIf whatIf);

  /// What came of it.
  ///
  /// @param helps whether the Pod may fit when it is tried again
  /// @param message why it does not help, in upstream's words; empty if it does
  /// @param nomination the node that is being cleared for the Pod; empty if none is any more; null
  ///   if that stays as it is
  record PostFilterResult(boolean helps, String message, @Nullable String nomination) {

    /// A node is being cleared.
    public static PostFilterResult nominated(String node) {
      return new PostFilterResult(true, "", node);
    }

    /// Nothing can be done.
    public static PostFilterResult useless(String message) {
      return new PostFilterResult(false, message, "");
    }

    /// Nothing was tried, for now or at all.
    public static PostFilterResult untried(String message) {
      return new PostFilterResult(false, message, null);
    }
  }
}
