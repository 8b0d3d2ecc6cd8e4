package dev.tiphys.scheduler.framework;

import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.verdict.Diagnosis;
import dev.tiphys.scheduler.verdict.WhatIf;
import java.util.List;
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
  /// @param victims the Pods that leave it, as far as that is known
  record PostFilterResult(
      boolean helps, String message, @Nullable String nomination, List<String> victims) {

    /// A node is being cleared.
    public static PostFilterResult nominated(String node, List<String> victims) {
      return new PostFilterResult(true, "", node, List.copyOf(victims));
    }

    /// It is being found out which node is to be cleared.
    public static PostFilterResult pending() {
      return new PostFilterResult(true, "", null, List.of());
    }

    /// Nothing can be done.
    public static PostFilterResult useless(String message) {
      return new PostFilterResult(false, message, "", List.of());
    }

    /// Nothing was tried, for now or at all.
    public static PostFilterResult untried(String message) {
      return new PostFilterResult(false, message, null, List.of());
    }
  }
}
