package dev.tiphys.scheduler.decisions;

import dev.tiphys.scheduler.cluster.PodInfo;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The last try of each Pod, of those that were tried last.
///
/// Threads: the scheduling task.
public final class DecisionLog {

  /// A Pod's record takes about a kilobyte.
  private static final int MOST = 10_000;

  private final Map<String, Attempt> byUid = new LinkedHashMap<>();

  /// Takes the place of what was known of the Pod's try before.
  public void note(PodInfo pod, Attempt attempt) {
    byUid.remove(pod.uid());
    byUid.put(pod.uid(), attempt);
    if (byUid.size() > MOST) {
      byUid.remove(byUid.keySet().iterator().next());
    }
  }

  /// Drops what is known of a Pod that is gone.
  public void forget(PodInfo pod) {
    byUid.remove(pod.uid());
  }

  /// The last try of a Pod; null if it was not tried yet, or too long ago.
  public @Nullable Attempt of(PodInfo pod) {
    return byUid.get(pod.uid());
  }
}
