package dev.tiphys.store.embedded.log;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One entry of the log: all that has to be known, beside what came before it, to do again what was
/// done.
public sealed interface Change {

  /// A change to one key. Each one takes the next revision.
  ///
  /// @param value the new bytes; null deletes the key
  @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
  record Set(String key, byte @Nullable [] value, long lease, long cause) implements Change {}

  /// A lease begins.
  record Grant(long lease, Duration life) implements Change {}

  /// A lease is over. Its keys were deleted before, by changes of their own.
  record Revoke(long lease) implements Change {}

  /// States that were replaced at or before `revision` are given up.
  record Compact(long revision) implements Change {}
}
