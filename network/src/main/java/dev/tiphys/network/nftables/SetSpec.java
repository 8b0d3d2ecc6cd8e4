package dev.tiphys.network.nftables;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a set of a table is like.
///
/// @param data to what a map leads; null for a set
/// @param intervals whether elements may be ranges, which must not overlap
/// @param timeout how long elements stay that packets add; zero if none do
public record SetSpec(
    String name, Type key, @Nullable Type data, boolean intervals, Duration timeout) {

  private static final int INTERVAL = 4;
  private static final int MAP = 8;
  private static final int TIMEOUT = 0x10;
  private static final int EVALUATED = 0x20;
  private static final int CONCATENATED = 0x80;

  /// A set of single keys.
  public static SetSpec set(String name, Type key) {
    return new SetSpec(name, key, null, false, Duration.ZERO);
  }

  /// A set of ranges.
  public static SetSpec ranges(String name, Type key) {
    return new SetSpec(name, key, null, true, Duration.ZERO);
  }

  /// A map.
  public static SetSpec map(String name, Type key, Type data) {
    return new SetSpec(name, key, data, false, Duration.ZERO);
  }

  /// The same, with elements that packets add or refresh and that go after a while.
  public SetSpec remembering(Duration span) {
    return new SetSpec(name, key, data, intervals, span);
  }

  int flags() {
    int flags = data == null ? 0 : MAP;
    if (intervals) {
      flags |= INTERVAL;
      if (key.fields().size() > 1) {
        flags |= CONCATENATED;
      }
    }
    if (timeout.isPositive()) {
      flags |= TIMEOUT | EVALUATED;
    }
    return flags;
  }
}
