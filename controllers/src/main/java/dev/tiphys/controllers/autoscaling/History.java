package dev.tiphys.controllers.autoscaling;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What was recommended for one target lately, and how its size was changed.
///
/// Times are the world's nanoTime. What is older than any rule asks for is forgotten.
///
/// Threads: one at a time.
final class History {

  /// No rule looks back further: the API allows no more.
  private static final long LONGEST = Duration.ofHours(1).toNanos();

  private final List<Entry> recommendations = new ArrayList<>();
  private final List<Entry> changes = new ArrayList<>();

  /// @param value a size that was recommended, or by how much a size changed
  private record Entry(long value, long at) {
    boolean isWithin(Duration span, long now) {
      return now - at < span.toNanos();
    }
  }

  /// Notes the size that the target had when it was seen first.
  void begin(long current, long now) {
    if (recommendations.isEmpty()) {
      recommendations.add(new Entry(current, now));
    }
  }

  void recommend(long replicas, long now) {
    recommendations.removeIf(entry -> now - entry.at > LONGEST);
    recommendations.add(new Entry(replicas, now));
  }

  void change(long before, long after, long now) {
    changes.removeIf(entry -> now - entry.at > LONGEST);
    changes.add(new Entry(after - before, now));
  }

  /// The largest of the recommendations that are younger than `window`, and of `replicas`.
  long highest(long replicas, Duration window, long now) {
    return recommendations.stream()
        .filter(entry -> entry.isWithin(window, now))
        .mapToLong(Entry::value)
        .reduce(replicas, Math::max);
  }

  /// The smallest of the recommendations that are younger than `window`, and of `replicas`.
  long lowest(long replicas, Duration window, long now) {
    return recommendations.stream()
        .filter(entry -> entry.isWithin(window, now))
        .mapToLong(Entry::value)
        .reduce(replicas, Math::min);
  }

  /// By how much the size has changed within `period`.
  long changed(Duration period, long now) {
    return changes.stream()
        .filter(entry -> entry.isWithin(period, now))
        .mapToLong(Entry::value)
        .sum();
  }
}
