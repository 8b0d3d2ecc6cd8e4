package dev.tiphys.delivery.experiment;

import dev.tiphys.delivery.model.AnalysisPhase;
import dev.tiphys.delivery.model.Conditions;
import dev.tiphys.delivery.model.StatusDraft;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One look at one Experiment: its templates, its analyses, and the status that comes of them.
///
/// Threads: one.
final class ExperimentLook {

  private static final List<String> TEMPLATES_BEST_FIRST =
      List.of("Successful", "Running", "Progressing", "Error", "Failed");

  private final Surroundings around;
  private final Experiment experiment;
  private final StatusDraft status;
  private @Nullable Instant next;

  ExperimentLook(Surroundings around, Experiment experiment) {
    this.around = around;
    this.experiment = experiment;
    this.status = new StatusDraft(experiment.status());
  }

  /// What the status has to be changed by.
  StatusDraft status() {
    return status;
  }

  private void lookAgain(Instant when) {
    if (next == null || when.isBefore(next)) {
      next = when;
    }
  }

  /// Takes the look.
  ///
  /// @return when the next one is due; null if only something that happens makes it so
  @Nullable Instant take() {
    Conditions conditions = new Conditions(status, around.world().now());
    String problem = ExperimentRules.problem(experiment);
    if (!problem.isEmpty()) {
      Struct told = conditions.find(Conditions.INVALID_SPEC);
      if (told == null || !told.string("message").equals(problem)) {
        conditions.renew(Conditions.INVALID_SPEC, "True", Conditions.INVALID_SPEC, problem);
      }
      return null;
    }
    List<Struct> templates = new ArrayList<>();
    for (Struct template : experiment.templates()) {
      templates.add(new TemplateLook(around, experiment, template, this::lookAgain).status());
    }
    List<Struct> runs = new ArrayList<>();
    for (Struct analysis : experiment.analyses()) {
      Struct run = new AnalysisLook(around, experiment, analysis).status();
      if (!run.isEmpty()) {
        runs.add(run);
      }
    }
    status.set(List.copyOf(templates), "templateStatuses");
    status.set(List.copyOf(runs), "analysisRuns");
    if (!experiment.status().has("phase")) {
      status.set(AnalysisPhase.PENDING.text(), "phase");
    } else if (!experiment.phase().isComplete()) {
      conclude(templates, runs);
    }
    conditions.remove(Conditions.INVALID_SPEC);
    tellProgress(conditions, templates);
    return next;
  }

  /// How something stands, and why.
  private record Verdict(AnalysisPhase phase, String message) {}

  private void conclude(List<Struct> templates, List<Struct> runs) {
    Verdict ofTemplates = ofTemplates(templates);
    Verdict ofRuns = ofRuns(runs);
    if (ofTemplates.phase == AnalysisPhase.RUNNING && experiment.availableAt() == null) {
      status.set(Timestamps.seconds(around.world().now()), "availableAt");
    }
    Verdict verdict;
    if (ofTemplates.phase.isComplete()) {
      boolean measured = ofRuns.phase.isComplete() || experiment.hasRequired();
      verdict = ofTemplates.phase == AnalysisPhase.SUCCESSFUL && measured ? ofRuns : ofTemplates;
    } else if (ofRuns.phase.isBad() || experiment.areRequiredSuccessful(runs)) {
      verdict = ofRuns;
    } else {
      verdict = ofTemplates;
    }
    status.set(verdict.phase.text(), "phase");
    status.set(verdict.message, "message");
  }

  private static Verdict ofTemplates(List<Struct> templates) {
    String worst = TEMPLATES_BEST_FIRST.getFirst();
    String message = "";
    for (Struct template : templates) {
      String one = template.string("status");
      if (TEMPLATES_BEST_FIRST.indexOf(one) > TEMPLATES_BEST_FIRST.indexOf(worst)) {
        worst = one;
        message = template.string("message");
      }
    }
    AnalysisPhase phase =
        worst.equals("Progressing")
            ? AnalysisPhase.PENDING
            : Objects.requireNonNullElse(AnalysisPhase.of(worst), AnalysisPhase.RUNNING);
    return new Verdict(phase, message);
  }

  private Verdict ofRuns(List<Struct> runs) {
    AnalysisPhase worst = AnalysisPhase.SUCCESSFUL;
    String message = "";
    for (Struct analysis : experiment.analyses()) {
      Struct run = Experiment.named(runs, analysis.string("name"));
      AnalysisPhase one =
          Objects.requireNonNullElse(AnalysisPhase.of(run.string("phase")), AnalysisPhase.PENDING);
      if (one.isWorseThan(worst)) {
        worst = one;
        message = run.string("message");
      }
    }
    if (!worst.isBad() && experiment.areRequiredSuccessful(runs)) {
      return new Verdict(AnalysisPhase.SUCCESSFUL, "Required AnalysisRuns completed");
    }
    return new Verdict(worst == AnalysisPhase.PENDING ? AnalysisPhase.RUNNING : worst, message);
  }

  private void tellProgress(Conditions conditions, List<Struct> templates) {
    String named = "Experiment \"" + experiment.meta().name() + "\"";
    if (status.now().string("phase").equals(AnalysisPhase.SUCCESSFUL.text())) {
      conditions.set(
          Conditions.PROGRESSING,
          "False",
          "ExperimentCompleted",
          named + " has successfully ran and completed.");
    } else if (hasMoved(templates)) {
      conditions.renew(
          Conditions.PROGRESSING, "True", "ReplicaSetUpdated", named + " is progressing.");
    } else if (experiment.availableAt() != null) {
      conditions.set(
          Conditions.PROGRESSING, "True", "NewReplicaSetAvailable", named + " is running.");
    }
  }

  private boolean hasMoved(List<Struct> templates) {
    return templates.stream()
        .anyMatch(
            template ->
                !template
                    .string("lastTransitionTime")
                    .equals(
                        experiment
                            .templateStatus(template.string("name"))
                            .string("lastTransitionTime")));
  }
}
