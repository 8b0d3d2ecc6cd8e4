package dev.tiphys.controllers.namespace;

import dev.tiphys.metrics.CounterFamily;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.Histogram;
import dev.tiphys.metrics.HistogramFamily;

/// How the root certificates came to namespaces, under upstream's names.
///
/// Threads: any.
public final class PublisherMetrics {

  private static final String CODE = "code";

  private final CounterFamily looks =
      new CounterFamily(
          "root_ca_cert_publisher_sync_total", "Looks at the certificates of namespaces.", CODE);
  private final HistogramFamily durations =
      new HistogramFamily(
          "root_ca_cert_publisher_sync_duration_seconds",
          "How long a look at the certificates of a namespace took.",
          Histogram.exponential(0.001, 2, 15),
          CODE);

  /// Counts one look.
  ///
  /// @param code the HTTP status that came of it
  void looked(int code, long nanoseconds) {
    String label = Integer.toString(code);
    looks.count(label);
    durations.of(label).record(nanoseconds);
  }

  /// Writes all of it, if there is any.
  public void write(Exposition out) {
    looks.write(out);
    durations.write(out);
  }
}
