package dev.tiphys.store.embedded;

import dev.tiphys.store.embedded.log.Log;
import java.time.Duration;

/// The sizes and spans that a store works with. Tests use smaller ones.
///
/// @param firstSegmentBytes how large the first segment of the log is; each next one is larger
/// @param segmentBytes how large a segment gets at most
/// @param checkpointBytes how much of the log a checkpoint must make superfluous to be worth it
/// @param reserveBytes how much room on the disk is kept for deletions
/// @param history how long replaced states are kept
/// @param historyBytes how much memory they may take; beyond it, they are given up earlier
record Options(
    long firstSegmentBytes,
    long segmentBytes,
    long checkpointBytes,
    long reserveBytes,
    Duration history,
    long historyBytes) {

  private static final long MEGABYTE = 1 << 20;

  static final Options DEFAULT =
      new Options(
          4 * MEGABYTE,
          64 * MEGABYTE,
          64 * MEGABYTE,
          16 * MEGABYTE,
          Duration.ofMinutes(5),
          96 * MEGABYTE);

  Log.Sizes segments() {
    return new Log.Sizes(firstSegmentBytes, segmentBytes);
  }
}
