package dev.tiphys.delivery.measuring;

import dev.tiphys.object.Struct;

/// Takes measurements of one kind.
///
/// A measurement is over at once, or goes on: then it is gone on with at its time, and whenever
/// something happens to what its provider made. What goes wrong makes an Error of the measurement.
///
/// Errors: [MeasuringException], and [dev.tiphys.object.api.ApiException] from the cluster; both
/// become Error measurements.
///
/// Threads: any.
public interface Provider {

  /// What the status tells of how a metric is measured.
  default Struct metadata(Metric metric) {
    return Struct.EMPTY;
  }

  /// Begins a measurement.
  ///
  /// @param run whose it is
  /// @throws InterruptedException if this process ends meanwhile
  Measurement begin(Struct run, Metric metric) throws InterruptedException;

  /// Goes on with one that is not over.
  default Measurement resume(Struct run, Metric metric, Measurement measurement) {
    return measurement;
  }

  /// Gives one up that is not over, and removes what was made for it.
  default Measurement end(Struct run, Metric metric, Measurement measurement) {
    return measurement;
  }
}
