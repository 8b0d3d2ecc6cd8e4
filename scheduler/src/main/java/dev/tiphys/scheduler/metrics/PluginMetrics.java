package dev.tiphys.scheduler.metrics;

import dev.tiphys.metrics.CounterFamily;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.Histogram;
import dev.tiphys.metrics.HistogramFamily;
import dev.tiphys.scheduler.metrics.SchedulerMetrics.Point;
import dev.tiphys.scheduler.metrics.SchedulerMetrics.Result;
import java.util.Collection;

/// What is counted of plugins, under upstream's names.
///
/// Threads: any.
public final class PluginMetrics {

  private final HistogramFamily points =
      new HistogramFamily(
          "scheduler_framework_extension_point_duration_seconds",
          "How long all plugins of an extension point took. PreScore is part of Score here; Filter"
              + " and Score have what is kept of nodes that have not changed.",
          Histogram.exponential(0.0001, 2, 12),
          "extension_point",
          "profile",
          "status");
  private final HistogramFamily durations =
      new HistogramFamily(
          "scheduler_plugin_execution_duration_seconds",
          "How long one plugin took at an extension point, in one cycle of ten. Filters and scores"
              + " that are kept from pod to pod run in no cycle.",
          Histogram.exponential(0.00001, 1.5, 20),
          "extension_point",
          "plugin",
          "status");
  private final CounterFamily evaluations =
      new CounterFamily(
          "scheduler_plugin_evaluation_total",
          "Attempts to schedule pods that a plugin had something to say in, by extension point.",
          "extension_point",
          "plugin",
          "profile");

  /// The plugins of an extension point were asked.
  public void asked(String profile, Point point, Result result, long nanos) {
    points.of(point.word(), profile, result.status()).record(nanos);
  }

  /// A plugin was asked, in a cycle that is measured.
  ///
  /// @param status what it said, in upstream's word
  public void ran(String plugin, Point point, String status, long nanos) {
    durations.of(point.word(), plugin, status).record(nanos);
  }

  /// Plugins took part in an attempt.
  public void evaluated(String profile, Point point, Collection<String> plugins) {
    plugins.forEach(plugin -> evaluations.count(point.word(), plugin, profile));
  }

  void write(Exposition out) {
    points.write(out);
    durations.write(out);
    evaluations.write(out);
  }
}
