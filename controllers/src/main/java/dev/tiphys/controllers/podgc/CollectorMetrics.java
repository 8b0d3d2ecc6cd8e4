package dev.tiphys.controllers.podgc;

import dev.tiphys.metrics.CounterFamily;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;

/// Which Pods were collected, under upstream's names (`pod_gc_collector_…`).
///
/// Threads: any.
public final class CollectorMetrics {

  /// Why a Pod is collected.
  enum Reason {
    /// It has ended, and so have many others.
    TERMINATED("terminated"),
    /// Its node is out of service.
    OUT_OF_SERVICE("out-of-service"),
    /// Its node is gone.
    ORPHANED("orphaned"),
    /// It is to end and was never bound.
    UNSCHEDULED("unscheduled");

    private final String label;

    Reason(String label) {
      this.label = label;
    }
  }

  private final CounterFamily deletions =
      new CounterFamily(
          "pod_gc_collector_force_delete_pods_total",
          "Pods that were to be deleted at once.",
          "namespace",
          "reason");
  private final CounterFamily errors =
      new CounterFamily(
          "pod_gc_collector_force_delete_pod_errors_total",
          "Pods that could not be deleted at once.",
          "namespace",
          "reason");

  /// Counts a Pod that is deleted.
  void deleting(Struct pod, Reason reason) {
    deletions.count(Meta.of(pod).namespace(), reason.label);
  }

  /// Counts a Pod that could not be deleted.
  void failed(Struct pod, Reason reason) {
    errors.count(Meta.of(pod).namespace(), reason.label);
  }

  /// Writes all of it, if there is any.
  public void write(Exposition out) {
    deletions.write(out);
    errors.write(out);
  }
}
