package dev.tiphys.scheduler.framework;

import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.verdict.Rejection;
import org.jspecify.annotations.Nullable;

/// Decides whether a Pod may be tried at all. It is asked whenever the Pod is about to have its
/// turn again, so it must be cheap.
public interface PreEnqueuePlugin extends Plugin {

  /// Why the Pod is held back, or null if it is not.
  @Nullable Rejection preEnqueue(PodInfo pod);
}
