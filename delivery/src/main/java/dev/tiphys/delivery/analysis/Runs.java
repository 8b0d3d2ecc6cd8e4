package dev.tiphys.delivery.analysis;

import dev.tiphys.client.PatchType;
import dev.tiphys.delivery.model.AnalysisPhase;
import dev.tiphys.delivery.model.DeliveryResources;
import dev.tiphys.delivery.model.Labels;
import dev.tiphys.delivery.pass.History;
import dev.tiphys.delivery.pass.Pass;
import dev.tiphys.delivery.pass.PauseReasons;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The AnalysisRuns of a Rollout, for one look.
///
/// All that is known of how a run stands is in its status (`phase`, `message`): what measures, and
/// writes that, is another part.
///
/// @param pass the look
public record Runs(Pass pass) {

  /// Sees to it that an analysis runs for this update, once, and tells how it stands. One that
  /// fails aborts the update; one that can't tell halts it, once.
  ///
  /// @param analysis templates and arguments
  public Verdict ask(Kind kind, Struct analysis) {
    Struct noted = kind.noted(pass.status());
    Struct run = noted.isEmpty() ? null : find(noted.string("name"));
    if (run == null || isOfOtherStep(kind, run)) {
      drop(kind);
      run = create(kind, analysis);
      noted = Struct.EMPTY;
    }
    String phase = run.string("status", "phase");
    String message = run.string("status", "message");
    kind.note(
        pass.status(),
        new StructBuilder()
            .add("name", Meta.of(run).name())
            .add("status", phase)
            .addUnlessEmpty("message", message)
            .build());
    boolean isNew = !noted.string("status").equals(phase);
    if (isNew && AnalysisPhase.isComplete(phase)) {
      tell(kind, run, phase);
    }
    if (AnalysisPhase.isWarning(phase)) {
      pass.status()
          .abort(
              kind.text() + " phase error/failed" + (message.isEmpty() ? "" : ": " + message),
              pass.now());
      return Verdict.STOP;
    }
    if (phase.equals("Inconclusive")) {
      if (isNew) {
        pass.status().pause(PauseReasons.INCONCLUSIVE, pass.now());
      }
      return pass.status().pausedSince(PauseReasons.INCONCLUSIVE) == null
          ? Verdict.GO
          : Verdict.STOP;
    }
    return phase.equals("Successful") ? Verdict.GO : Verdict.WAIT;
  }

  /// A person may have moved the Rollout to another step.
  private boolean isOfOtherStep(Kind kind, Struct run) {
    return kind == Kind.STEP
        && !Meta.of(run).label("step-index").equals(Long.toString(pass.status().stepIndex()));
  }

  private void tell(Kind kind, Struct run, String phase) {
    String message =
        "%s Analysis Run '%s' Status New: '%s' Previous: 'Running'"
            .formatted(kind.label(), Meta.of(run).name(), phase);
    if (AnalysisPhase.isWarning(phase)) {
      pass.warning("AnalysisRun" + phase, message);
    } else {
      pass.normal("AnalysisRun" + phase, message);
    }
  }

  /// Whether there is a run for this update.
  public boolean isAsked(Kind kind) {
    return !kind.noted(pass.status()).isEmpty();
  }

  /// Whether some analysis found a template bad.
  public boolean hasFailed(String hash) {
    return owned().stream()
        .anyMatch(
            run ->
                Meta.of(run).label(Labels.HASH).equals(hash)
                    && AnalysisPhase.isWarning(run.string("status", "phase")));
  }

  /// Ends what is not asked for any more, and forgets it.
  public void drop(Kind... kinds) {
    for (Kind kind : kinds) {
      Struct noted = kind.noted(pass.status());
      if (!noted.isEmpty()) {
        kind.note(pass.status(), Struct.EMPTY);
        terminate(noted.string("name"));
      }
    }
  }

  /// Ends what still runs; how the others ended stays in the status.
  public void stop() {
    for (Kind kind : Kind.values()) {
      Struct noted = kind.noted(pass.status());
      if (!noted.isEmpty()) {
        terminate(noted.string("name"));
      }
    }
  }

  private void terminate(String name) {
    Struct run = find(name);
    if (run == null
        || AnalysisPhase.isComplete(run.string("status", "phase"))
        || run.bool("spec", "terminate")) {
      return;
    }
    try {
      pass.tools()
          .api()
          .patch(
              DeliveryResources.ANALYSIS_RUNS,
              pass.rollout().namespace(),
              name,
              "",
              PatchType.MERGE,
              Struct.of("spec", Struct.of("terminate", true)));
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
    }
  }

  /// Deletes the oldest ended runs beyond those that are kept.
  public void trim() {
    List<String> current =
        Arrays.stream(Kind.values()).map(kind -> kind.noted(pass.status()).string("name")).toList();
    List<Struct> ended =
        owned().stream()
            .filter(run -> AnalysisPhase.isComplete(run.string("status", "phase")))
            .filter(run -> !current.contains(Meta.of(run).name()))
            .filter(run -> !Meta.of(run).isBeingDeleted())
            .toList();
    new History(pass, DeliveryResources.ANALYSIS_RUNS).trim(ended);
  }

  private List<Struct> owned() {
    return pass.tools().runsByOwner().with(pass.rollout().meta().uid());
  }

  private @Nullable Struct find(String name) {
    String namespace = pass.rollout().namespace();
    Struct known = pass.tools().analysisRuns().find(namespace, name);
    return known != null
        ? known
        : pass.tools().api().find(DeliveryResources.ANALYSIS_RUNS, namespace, name);
  }

  /// A run under the first name that is free. One that is there already, is ours and has not ended
  /// was made by a look that could not note it.
  private Struct create(Kind kind, Struct analysis) {
    Struct wanted = new NewRun(pass, kind, analysis).object();
    String base = Meta.of(wanted).name();
    for (int i = 0; ; i++) {
      String name = i == 0 ? base : base + "." + i;
      try {
        return pass.tools()
            .api()
            .create(DeliveryResources.ANALYSIS_RUNS, wanted.withAt(name, "metadata", "name"));
      } catch (ApiException e) {
        if (!e.is(Reason.ALREADY_EXISTS)) {
          throw e;
        }
      }
      Struct present = find(name);
      if (present != null
          && Meta.of(present).isControlledBy(pass.rollout().meta().uid())
          && !AnalysisPhase.isComplete(present.string("status", "phase"))
          && !present.bool("spec", "terminate")) {
        return present;
      }
    }
  }
}
