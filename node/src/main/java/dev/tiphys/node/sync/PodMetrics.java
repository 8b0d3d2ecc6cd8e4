package dev.tiphys.node.sync;

import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.HistogramFamily;

/// How long it takes to do what the Pods of a node need, under upstream's names.
///
/// Threads: any.
public final class PodMetrics {

  private static final double[] START_BOUNDS = {
    0.5, 1, 2, 3, 4, 5, 6, 8, 10, 20, 30, 45, 60, 120, 180, 240, 300, 360, 480, 600, 900, 1200,
    1800, 2700, 3600
  };
  private static final double[] BOUNDS = {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};
  private static final String OPERATION = "operation_type";

  private final HistogramFamily starts =
      new HistogramFamily(
          "kubelet_pod_start_duration_seconds",
          "How long Pods took from when they were seen first until they ran.",
          START_BOUNDS);
  private final HistogramFamily work =
      new HistogramFamily(
          "kubelet_pod_worker_duration_seconds",
          "How long it took to do what news of a Pod asked for.",
          BOUNDS,
          OPERATION);
  private final HistogramFamily cgroups =
      new HistogramFamily(
          "kubelet_cgroup_manager_duration_seconds",
          "How long it took to change a cgroup.",
          BOUNDS,
          OPERATION);

  /// A Pod runs for the first time.
  ///
  /// @param nanos since it was seen
  void started(long nanos) {
    starts.of().record(nanos);
  }

  /// What news of a Pod asked for is done, as far as it can be for now.
  ///
  /// @param operation `create`, `update`, `sync`, `kill` or `terminated`
  /// @param nanos since the news
  void worked(String operation, long nanos) {
    work.of(operation).record(nanos);
  }

  /// A cgroup was changed.
  ///
  /// @param operation `create`, `update` or `destroy`
  void changedCgroup(String operation, long nanos) {
    cgroups.of(operation).record(nanos);
  }

  /// Writes them.
  public void write(Exposition out) {
    starts.write(out);
    work.write(out);
    cgroups.write(out);
  }
}
