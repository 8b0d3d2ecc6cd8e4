package dev.tiphys.node.cri;

import dev.tiphys.metrics.CounterFamily;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.Histogram;
import dev.tiphys.metrics.HistogramFamily;
import java.util.Locale;

/// Counts and times what the runtime is asked for.
///
/// Threads: any.
final class CallMetrics {

  private static final double[] BOUNDS = Histogram.exponential(0.005, 2.5, 14);
  private static final String OPERATION = "operation_type";

  private final CounterFamily calls =
      new CounterFamily(
          "kubelet_runtime_operations_total", "What the runtime was asked for.", OPERATION);
  private final CounterFamily failures =
      new CounterFamily(
          "kubelet_runtime_operations_errors_total", "What the runtime could not do.", OPERATION);
  private final HistogramFamily durations =
      new HistogramFamily(
          "kubelet_runtime_operations_duration_seconds",
          "How long the runtime took.",
          BOUNDS,
          OPERATION);

  /// Counts a call.
  ///
  /// @param method as the runtime names it
  /// @param nanos how long it took
  void count(String method, boolean failed, long nanos) {
    String operation = operation(method);
    calls.count(operation);
    failures.add(failed ? 1 : 0, operation);
    durations.of(operation).record(nanos);
  }

  /// `RunPodSandbox` is called `run_podsandbox`.
  private static String operation(String method) {
    return method
        .replace("PodSandbox", "Podsandbox")
        .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
        .toLowerCase(Locale.ROOT);
  }

  void write(Exposition out) {
    calls.write(out);
    failures.write(out);
    durations.write(out);
  }
}
