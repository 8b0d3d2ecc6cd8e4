package dev.tiphys.delivery.experiment;

import dev.tiphys.delivery.model.AnalysisPhase;
import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An Experiment, with names, types and defaults.
///
/// @param object the whole object
record Experiment(Struct object) {

  static final String NAME = "experiment.argoproj.io/name";
  static final String TEMPLATE = "experiment.argoproj.io/template-name";

  private static final long DEFAULT_DEADLINE = 600;
  private static final long DEFAULT_DELAY = 30;
  private static final Set<String> BAD_TEMPLATES = Set.of("Failed", "Error");

  Meta meta() {
    return Meta.of(object);
  }

  Struct spec() {
    return object.struct("spec");
  }

  Struct status() {
    return object.struct("status");
  }

  List<Struct> templates() {
    return spec().structs("templates");
  }

  List<Struct> analyses() {
    return spec().structs("analyses");
  }

  AnalysisPhase phase() {
    return Objects.requireNonNullElse(
        AnalysisPhase.of(status().string("phase")), AnalysisPhase.PENDING);
  }

  /// Since when all versions have run; null if they have not yet.
  @Nullable Instant availableAt() {
    return Timestamps.of(status().get("availableAt"));
  }

  /// When it has run long enough; null if that is not known, or never.
  @Nullable Instant end() {
    Instant available = availableAt();
    return available == null || !spec().has("duration")
        ? null
        : available.plus(GoDuration.parse(spec().string("duration")));
  }

  long progressDeadlineSeconds() {
    return spec().has("progressDeadlineSeconds")
        ? spec().integer("progressDeadlineSeconds")
        : DEFAULT_DEADLINE;
  }

  long scaleDownDelaySeconds() {
    return spec().has("scaleDownDelaySeconds")
        ? spec().integer("scaleDownDelaySeconds")
        : DEFAULT_DELAY;
  }

  Struct templateStatus(String name) {
    return named(status().structs("templateStatuses"), name);
  }

  Struct analysisStatus(String name) {
    return named(status().structs("analysisRuns"), name);
  }

  static Struct named(List<Struct> all, String name) {
    return all.stream()
        .filter(each -> each.string("name").equals(name))
        .findFirst()
        .orElse(Struct.EMPTY);
  }

  /// Whether nothing more is begun, and everything goes.
  boolean isEnding() {
    return spec().bool("terminate")
        || phase().isComplete()
        || status().structs("templateStatuses").stream()
            .anyMatch(template -> BAD_TEMPLATES.contains(template.string("status")))
        || status().structs("analysisRuns").stream().anyMatch(Experiment::isBad)
        || areRequiredSuccessful(status().structs("analysisRuns"));
  }

  private static boolean isBad(Struct run) {
    AnalysisPhase phase = AnalysisPhase.of(run.string("phase"));
    return phase != null && phase.isBad();
  }

  boolean hasRequired() {
    return analyses().stream().anyMatch(analysis -> analysis.bool("requiredForCompletion"));
  }

  /// Whether all analyses that it waits for were successful, and there are such.
  ///
  /// @param runs how the analyses stand
  boolean areRequiredSuccessful(List<Struct> runs) {
    return hasRequired()
        && analyses().stream()
            .filter(analysis -> analysis.bool("requiredForCompletion"))
            .allMatch(
                analysis ->
                    named(runs, analysis.string("name")).string("phase").equals("Successful"));
  }

  /// How many Pods a template is to have.
  long wanted(Struct template) {
    String status = templateStatus(template.string("name")).string("status");
    if (isEnding() || status.equals("Successful") || BAD_TEMPLATES.contains(status)) {
      return 0;
    }
    return template.has("replicas") ? template.integer("replicas") : 1;
  }
}
