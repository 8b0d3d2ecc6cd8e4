package dev.tiphys.scheduler;

import dev.tiphys.scheduler.decisions.DecisionLog;
import dev.tiphys.scheduler.evaluation.Evaluation;
import dev.tiphys.scheduler.evaluation.Evaluations;
import dev.tiphys.scheduler.framework.Profile;
import dev.tiphys.scheduler.metrics.SchedulerMetrics;
import dev.tiphys.scheduler.reports.Reports;
import java.time.Duration;

/// What is needed to schedule the Pods of one profile.
///
/// @param decisions where tries are written down
record ProfileWork(
    Profile profile,
    Evaluations evaluations,
    Reports reports,
    SchedulerMetrics metrics,
    DecisionLog decisions) {

  /// Counts an attempt that is over.
  ///
  /// @param nanos how long it took
  void attempted(SchedulerMetrics.Result result, long nanos) {
    metrics.attempted(profile.scheduler(), result, Duration.ofNanos(nanos));
  }

  /// Counts how long the plugins of an extension point took.
  ///
  /// @param nanos how long it took
  void asked(SchedulerMetrics.Point point, SchedulerMetrics.Result result, long nanos) {
    metrics.plugins().asked(profile.scheduler(), point, result, nanos);
  }

  /// Counts which plugins have something to say of a Pod.
  void evaluates(Evaluation evaluation) {
    metrics
        .plugins()
        .evaluated(profile.scheduler(), SchedulerMetrics.Point.FILTER, evaluation.filtering());
  }
}
