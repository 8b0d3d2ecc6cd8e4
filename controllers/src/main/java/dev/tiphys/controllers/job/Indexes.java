package dev.tiphys.controllers.job;

import java.util.Map;
import java.util.TreeMap;

/// A set of indexes, small where they lie side by side. Its text is that of the API: `0,2-4`.
///
/// Threads: one.
final class Indexes {

  /// From the first of each run to its last.
  private final TreeMap<Long, Long> runs = new TreeMap<>();

  private long size;

  /// @param text numbers and ranges that ascend; what is not well formed is left out
  /// @param limit what is not below it is left out
  static Indexes parse(String text, long limit) {
    Indexes all = new Indexes();
    for (String range : text.split(",", -1)) {
      int dash = range.indexOf('-');
      try {
        long first = Long.parseLong(dash < 0 ? range : range.substring(0, dash));
        long last = dash < 0 ? first : Long.parseLong(range.substring(dash + 1));
        all.addRun(first, Math.min(last, limit - 1));
      } catch (NumberFormatException e) {
        continue;
      }
    }
    return all;
  }

  Indexes copy() {
    Indexes copy = new Indexes();
    copy.runs.putAll(runs);
    copy.size = size;
    return copy;
  }

  private void addRun(long first, long last) {
    Map.Entry<Long, Long> before = runs.lastEntry();
    if (first > last || (before != null && before.getValue() >= first)) {
      return;
    }
    boolean joins = before != null && before.getValue() == first - 1;
    runs.put(joins ? before.getKey() : first, last);
    size += last - first + 1;
  }

  boolean contains(long index) {
    Map.Entry<Long, Long> run = runs.floorEntry(index);
    return run != null && run.getValue() >= index;
  }

  /// Returns whether it was not there.
  boolean add(long index) {
    if (contains(index)) {
      return false;
    }
    Map.Entry<Long, Long> before = runs.floorEntry(index);
    long first = before != null && before.getValue() == index - 1 ? before.getKey() : index;
    Long behind = runs.remove(index + 1);
    runs.put(first, behind == null ? index : behind);
    size++;
    return true;
  }

  long size() {
    return size;
  }

  /// How many are in both.
  long common(Indexes other) {
    long count = 0;
    for (Map.Entry<Long, Long> run : runs.entrySet()) {
      Long from = other.runs.floorKey(run.getKey());
      for (Map.Entry<Long, Long> each :
          other
              .runs
              .subMap(from == null ? run.getKey() : from, true, run.getValue(), true)
              .entrySet()) {
        long first = Math.max(run.getKey(), each.getKey());
        long last = Math.min(run.getValue(), each.getValue());
        count += Math.max(0, last - first + 1);
      }
    }
    return count;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    runs.forEach(
        (first, last) -> {
          text.append(text.isEmpty() ? "" : ",").append(first);
          if (last > first) {
            text.append(last == first + 1 ? "," : "-").append(last);
          }
        });
    return text.toString();
  }
}
