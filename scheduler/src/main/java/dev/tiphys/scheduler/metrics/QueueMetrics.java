package dev.tiphys.scheduler.metrics;

import dev.tiphys.metrics.CounterFamily;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.Histogram;
import dev.tiphys.metrics.HistogramFamily;
import java.util.concurrent.atomic.LongAdder;

/// What is counted of Pods that wait, and of the events that they wait for, under upstream's names.
///
/// Threads: any.
public final class QueueMetrics {

  private static final String AFTER_FLUSH = "scheduler_pod_scheduled_after_flush_total";

  private final CounterFamily incoming =
      new CounterFamily(
          "scheduler_queue_incoming_pods_total",
          "Pods that came into a queue, by what brought them there.",
          "event",
          "queue");
  private final HistogramFamily hints =
      new HistogramFamily(
          "scheduler_queueing_hint_execution_duration_seconds",
          "How long a plugin took to say whether an event may help a pod, of one question in ten.",
          Histogram.exponential(0.00001, 1.5, 20),
          "event",
          "hint",
          "plugin");
  private final HistogramFamily handling =
      new HistogramFamily(
          "scheduler_event_handling_duration_seconds",
          "How long it took to find out which Pods an event helps.",
          Histogram.exponential(0.0001, 2, 12),
          "event");
  private final LongAdder afterFlush = new LongAdder();

  /// A Pod came into a queue.
  ///
  /// @param event what brought it there, in upstream's words
  public void arrived(String queue, String event) {
    incoming.count(event, queue);
  }

  /// A plugin was asked whether an event may help a Pod, and that was timed.
  public void hinted(String plugin, String event, boolean mayHelp, long nanos) {
    hints.of(event, mayHelp ? "Queue" : "QueueSkip", plugin).record(nanos);
  }

  /// An event was gone through.
  public void handled(String event, long nanos) {
    handling.of(event).record(nanos);
  }

  /// A Pod is bound that nothing but the longest wait has let be tried again.
  public void boundAfterFlush() {
    afterFlush.increment();
  }

  void write(Exposition out) {
    incoming.write(out);
    hints.write(out);
    handling.write(out);
    out.family(
        AFTER_FLUSH, "counter", "Pods that were scheduled after no event had let them be tried.");
    out.sample(AFTER_FLUSH, "", afterFlush.sum());
  }
}
