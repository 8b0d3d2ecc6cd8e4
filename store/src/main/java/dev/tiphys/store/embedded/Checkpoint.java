package dev.tiphys.store.embedded;

import dev.tiphys.store.replica.TreeSnapshot;
import java.time.Duration;
import java.util.Map;

/// Everything the log said up to some revision, in one file, so that the log need not be kept.
///
/// @param snapshot the store at that revision, which is the oldest that can be read
/// @param firstSegment the number of the segment from which on the log is to be done again, but for
///   changes to keys that the snapshot has already
/// @param leases the leases that were there when the checkpoint was made, with their lives
record Checkpoint(TreeSnapshot snapshot, long firstSegment, Map<Long, Duration> leases) {

  private static final String PREFIX = "checkpoint-";

  Checkpoint {
    leases = Map.copyOf(leases);
  }

  long revision() {
    return snapshot.revision();
  }

  String name() {
    return name(revision());
  }

  /// The name of the file with the checkpoint of a revision.
  static String name(long revision) {
    return "%s%020d".formatted(PREFIX, revision);
  }

  static boolean isName(String name) {
    return name.matches(PREFIX + "\\d{20}");
  }
}
