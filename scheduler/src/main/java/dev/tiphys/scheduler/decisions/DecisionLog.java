package dev.tiphys.scheduler.decisions;

import dev.tiphys.scheduler.cluster.PodInfo;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The last try of each Pod, within a number of bytes: of the oldest ones first only a summary is
/// left, which may take half of the bytes, and then nothing.
///
/// Threads: the scheduling task.
public final class DecisionLog {

  private static final long BYTES = 32 << 20;

  private final long most;

  /// The oldest first.
  private final Map<String, Try> byUid = new LinkedHashMap<>();

  /// Those of which more is left than the summary, the oldest first.
  private final Map<String, Try> whole = new LinkedHashMap<>();

  private long ofSummaries;
  private long ofNodes;

  public DecisionLog() {
    this(BYTES);
  }

  /// @param most how many bytes may be taken
  DecisionLog(long most) {
    this.most = most;
  }

  /// Takes the place of what was known of the Pod's try before.
  ///
  /// @param table what was found of each node; null if none was looked at
  public void note(PodInfo pod, Attempt attempt, @Nullable Table table) {
    forget(pod);
    Try now = new Try(attempt, table);
    byUid.put(pod.uid(), now);
    ofSummaries += attempt.bytes();
    if (table != null) {
      whole.put(pod.uid(), now);
      ofNodes += now.holdTable();
    }
    fit();
  }

  /// The Pod's last try came to another end than it seemed: it was not bound after all. What was
  /// found of the nodes stays.
  public void amend(PodInfo pod, Attempt attempt) {
    Try known = byUid.get(pod.uid());
    if (known == null) {
      note(pod, attempt, null);
    } else {
      ofSummaries += attempt.bytes() - known.summary().bytes();
      known.amend(attempt);
      fit();
    }
  }

  /// Adds what was worked out later.
  public void add(PodInfo pod, Afterthought thought) {
    Try known = byUid.get(pod.uid());
    if (known != null) {
      ofNodes += known.add(thought);
      whole.putIfAbsent(pod.uid(), known);
      fit();
    }
  }

  private void fit() {
    while (ofSummaries > most / 2) {
      drop(byUid.keySet().iterator().next());
    }
    while (bytes() > most && !whole.isEmpty()) {
      ofNodes -= thinned(whole.keySet().iterator().next());
    }
  }

  /// Returns by how many bytes less is held.
  private long thinned(String uid) {
    Try oldest = whole.remove(uid);
    return oldest == null ? 0 : oldest.thin();
  }

  private void drop(String uid) {
    Try known = byUid.remove(uid);
    if (known != null) {
      ofSummaries -= known.summary().bytes();
      ofNodes -= thinned(uid);
    }
  }

  /// Drops what is known of a Pod that is gone.
  public void forget(PodInfo pod) {
    drop(pod.uid());
  }

  /// The last try of a Pod; null if it was not tried yet, or too long ago.
  public @Nullable Try of(PodInfo pod) {
    return byUid.get(pod.uid());
  }

  /// About how many bytes are taken.
  long bytes() {
    return ofSummaries + ofNodes;
  }
}
