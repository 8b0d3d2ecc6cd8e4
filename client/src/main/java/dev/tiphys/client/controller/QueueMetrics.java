package dev.tiphys.client.controller;

import dev.tiphys.metrics.CounterFamily;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.Histogram;
import dev.tiphys.metrics.HistogramFamily;
import dev.tiphys.world.World;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;

/// What work queues have to do, and how long it takes, under upstream's names (`workqueue_…`).
///
/// It counts in the queues that are made [#during] something: those of the controllers that a
/// process runs. Queues of one name are one here, so that counts go on when controllers are made
/// anew.
///
/// Threads: any.
public final class QueueMetrics {

  private static final ScopedValue<QueueMetrics> CURRENT = ScopedValue.newInstance();
  private static final double[] BOUNDS = Histogram.exponential(10e-9, 10, 10);
  private static final String LABEL = "name";

  private final World world;
  private final UnaryOperator<String> names;
  private final CounterFamily adds =
      new CounterFamily("workqueue_adds_total", "Keys that were added to work queues.", LABEL);
  private final CounterFamily retries =
      new CounterFamily(
          "workqueue_retries_total", "Keys that were to be looked at again after a while.", LABEL);
  private final HistogramFamily waits =
      new HistogramFamily(
          "workqueue_queue_duration_seconds",
          "How long keys waited in a work queue.",
          BOUNDS,
          LABEL);
  private final HistogramFamily works =
      new HistogramFamily(
          "workqueue_work_duration_seconds", "How long the work on a key took.", BOUNDS, LABEL);
  private final Map<String, QueueCounts> queues = new ConcurrentHashMap<>();

  /// @param names under which name a queue is told, by its own
  public QueueMetrics(World world, UnaryOperator<String> names) {
    this.world = world;
    this.names = names;
  }

  /// Makes something, and counts in the work queues that are made thereby.
  public <T> T during(Supplier<T> body) {
    return ScopedValue.where(CURRENT, this).call(body::get);
  }

  /// The counts of a queue that is being made.
  static QueueCounts of(String queue) {
    if (!CURRENT.isBound()) {
      return QueueCounts.NONE;
    }
    QueueMetrics current = CURRENT.get();
    String name = current.names.apply(queue);
    return current.queues.computeIfAbsent(
        name,
        _ ->
            new QueueCounts(
                current.world,
                () -> current.adds.count(name),
                () -> current.retries.count(name),
                current.waits.of(name)::record,
                current.works.of(name)::record));
  }

  /// Writes all of it, if there are queues.
  public void write(Exposition out) {
    if (queues.isEmpty()) {
      return;
    }
    adds.write(out);
    gauge(out, "workqueue_depth", "Keys that wait in a work queue.", QueueCounts::depth);
    gauge(
        out,
        "workqueue_longest_running_processor_seconds",
        "How long the work on a key has taken that has taken longest.",
        QueueCounts::longestWork);
    waits.write(out);
    retries.write(out);
    gauge(
        out,
        "workqueue_unfinished_work_seconds",
        "How long the work on all keys has taken that is not done.",
        QueueCounts::unfinishedWork);
    works.write(out);
  }

  private void gauge(
      Exposition out, String family, String help, ToDoubleFunction<QueueCounts> value) {
    out.family(family, "gauge", help);
    new TreeMap<>(queues)
        .forEach(
            (name, counts) ->
                out.sample(family, "name=\"" + name + "\"", value.applyAsDouble(counts)));
  }
}
