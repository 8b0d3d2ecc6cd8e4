package dev.tiphys.metrics;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Counts of one thing, by labels.
///
/// Threads: any.
public final class CounterFamily {

  private final String name;
  private final String help;
  private final List<String> labels;
  private final Map<List<String>, LongAdder> counts = new ConcurrentHashMap<>();

  /// @param labels their names, in the order in which they are shown
  public CounterFamily(String name, String help, String... labels) {
    this.name = name;
    this.help = help;
    this.labels = List.of(labels);
  }

  /// Counts one.
  ///
  /// @param values of the labels, which must be few in the long run: each combination is kept
  public void count(String... values) {
    add(1, values);
  }

  /// Counts several at once.
  public void add(long count, String... values) {
    counts.computeIfAbsent(List.of(values), _ -> new LongAdder()).add(count);
  }

  /// Writes all of them, if there are any.
  public void write(Exposition out) {
    if (!counts.isEmpty()) {
      out.family(name, "counter", help);
      counts.forEach((values, n) -> out.sample(name, Labels.text(labels, values), n.sum()));
    }
  }
}
