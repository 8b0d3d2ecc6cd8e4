package dev.tiphys.controllers.autoscaling;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The size that is set, and why it is not the one that the metrics ask for. Pure, the history
/// aside.
///
/// @param able the reason and message of the condition AbleToScale
/// @param limited the reason and message of the condition ScalingLimited
/// @param isLimited whether more or less was asked for than is set
record Sizing(long replicas, Note able, Note limited, boolean isLimited) {

  /// A reason, and its message.
  record Note(String reason, String message) {}

  /// Within which sizes a target may be.
  record Range(long min, long max) {}

  private static final Duration DOWN_WINDOW = Duration.ofMinutes(5);

  private static final Note READY =
      new Note("ReadyForNewScale", "recommended size matches current size");
  private static final Note DOWN_STABILIZED =
      new Note(
          "ScaleDownStabilized",
          "recent recommendations were higher than current one, applying the highest recent"
              + " recommendation");
  private static final Note UP_STABILIZED =
      new Note(
          "ScaleUpStabilized",
          "recent recommendations were lower than current one, applying the lowest recent"
              + " recommendation");
  private static final Note WITHIN =
      new Note("DesiredWithinRange", "the desired count is within the acceptable range");
  private static final Note TOO_MANY =
      new Note(
          "TooManyReplicas", "the desired replica count is more than the maximum replica count");
  private static final Note TOO_FEW =
      new Note(
          "TooFewReplicas", "the desired replica count is less than the minimum replica count");
  private static final Note UP_LIMIT =
      new Note(
          "ScaleUpLimit",
          "the desired replica count is increasing faster than the maximum scale rate");
  private static final Note DOWN_LIMIT =
      new Note(
          "ScaleDownLimit",
          "the desired replica count is decreasing faster than the maximum scale rate");

  /// @param behavior the rules on changes; null for those of old
  /// @param desired what the metrics ask for; the history notes it
  static Sizing of(
      @Nullable Behavior behavior,
      Range range,
      long current,
      long desired,
      History history,
      long now) {
    long stable =
        behavior == null
            ? history.highest(desired, DOWN_WINDOW, now)
            : stable(behavior, current, desired, history, now);
    history.recommend(desired, now);
    Note able;
    if (stable == desired) {
      able = READY;
    } else if (behavior != null && desired >= current) {
      able = UP_STABILIZED;
    } else {
      able = DOWN_STABILIZED;
    }
    Limit limit =
        behavior == null
            ? plain(range, current, stable)
            : ruled(behavior, range, current, stable, history, now);
    return new Sizing(limit.replicas, able, limit.note, limit.replicas != stable);
  }

  /// A size that none of the recent recommendations speaks against.
  private static long stable(
      Behavior behavior, long current, long desired, History history, long now) {
    long lowest = history.lowest(desired, behavior.up().window(), now);
    long highest = history.highest(desired, behavior.down().window(), now);
    return Math.min(Math.max(current, lowest), highest);
  }

  private record Limit(long replicas, Note note) {}

  /// Without rules a size may double, or grow to four.
  private static Limit plain(Range range, long current, long desired) {
    long fastest = Math.max(2 * current, 4);
    if (desired < range.min) {
      return new Limit(range.min, TOO_FEW);
    }
    if (desired > Math.min(range.max, fastest)) {
      return range.max > fastest ? new Limit(fastest, UP_LIMIT) : new Limit(range.max, TOO_MANY);
    }
    return new Limit(desired, WITHIN);
  }

  private static Limit ruled(
      Behavior behavior, Range range, long current, long desired, History history, long now) {
    if (desired > current) {
      long most = behavior.up().most(current, period -> current - history.changed(period, now));
      long fastest = Math.max(most, current);
      if (desired > Math.min(range.max, fastest)) {
        return range.max > fastest ? new Limit(fastest, UP_LIMIT) : new Limit(range.max, TOO_MANY);
      }
    } else if (desired < current) {
      long least = behavior.down().least(current, period -> current - history.changed(period, now));
      long fastest = Math.min(least, current);
      if (desired < Math.max(range.min, fastest)) {
        return range.min < fastest ? new Limit(fastest, DOWN_LIMIT) : new Limit(range.min, TOO_FEW);
      }
    }
    return new Limit(desired, WITHIN);
  }
}
