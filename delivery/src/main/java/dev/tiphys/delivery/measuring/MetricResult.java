package dev.tiphys.delivery.measuring;

import dev.tiphys.delivery.model.AnalysisPhase;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What the measurements of one metric have come to so far, as the status has it.
///
/// @param stored an element of `metricResults`
record MetricResult(Struct stored) {

  static MetricResult begun(String name, boolean dryRun, Struct metadata) {
    Struct stored = Struct.of("name", name, "phase", AnalysisPhase.RUNNING.text());
    stored = dryRun ? stored.with("dryRun", true) : stored;
    return new MetricResult(metadata.isEmpty() ? stored : stored.with("metadata", metadata));
  }

  String name() {
    return stored.string("name");
  }

  AnalysisPhase phase() {
    return Objects.requireNonNullElse(
        AnalysisPhase.of(stored.string("phase")), AnalysisPhase.PENDING);
  }

  boolean isDryRun() {
    return stored.bool("dryRun");
  }

  String message() {
    return stored.string("message");
  }

  /// A counter: `count`, `failed`, `consecutiveError` and so on.
  long number(String counter) {
    return stored.integer(counter);
  }

  List<Measurement> measurements() {
    return stored.structs("measurements").stream().map(Measurement::of).toList();
  }

  @Nullable Measurement last() {
    List<Measurement> all = measurements();
    return all.isEmpty() ? null : all.getLast();
  }

  MetricResult withPhase(AnalysisPhase phase) {
    return new MetricResult(stored.with("phase", phase.text()));
  }

  MetricResult withMessage(String message) {
    return new MetricResult(
        message.isEmpty() ? stored.without("message") : stored.with("message", message));
  }

  /// With a measurement that is new, or is the last one taken further.
  MetricResult with(Measurement measurement) {
    List<Struct> all = new ArrayList<>(stored.structs("measurements"));
    Measurement before = last();
    if (before != null && !before.phase().isComplete()) {
      all.removeLast();
    }
    all.add(measurement.stored());
    MetricResult next = new MetricResult(stored.with("measurements", List.copyOf(all)));
    return measurement.phase().isComplete() ? next.counted(measurement.phase()) : next;
  }

  private MetricResult counted(AnalysisPhase phase) {
    String counter = phase.text().toLowerCase(Locale.ROOT);
    Struct next = stored.with(counter, number(counter) + 1);
    boolean isError = phase == AnalysisPhase.ERROR;
    boolean isSuccess = phase == AnalysisPhase.SUCCESSFUL;
    if (!isError) {
      next = next.with("count", number("count") + 1);
    }
    next = counted(next, "consecutiveError", isError);
    return new MetricResult(counted(next, "consecutiveSuccess", isSuccess));
  }

  private Struct counted(Struct result, String counter, boolean goesOn) {
    return goesOn ? result.with(counter, number(counter) + 1) : result.without(counter);
  }

  /// With the newest measurements only.
  MetricResult trimmed(long most) {
    List<Struct> all = stored.structs("measurements");
    return all.size() <= most
        ? this
        : new MetricResult(
            stored.with(
                "measurements", List.copyOf(all.subList((int) (all.size() - most), all.size()))));
  }
}
