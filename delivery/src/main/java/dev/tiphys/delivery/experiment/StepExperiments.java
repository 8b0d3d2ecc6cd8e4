package dev.tiphys.delivery.experiment;

import dev.tiphys.client.PatchType;
import dev.tiphys.delivery.analysis.Verdict;
import dev.tiphys.delivery.model.AnalysisPhase;
import dev.tiphys.delivery.model.DeliveryResources;
import dev.tiphys.delivery.model.Labels;
import dev.tiphys.delivery.model.ReplicaSet;
import dev.tiphys.delivery.pass.History;
import dev.tiphys.delivery.pass.Pass;
import dev.tiphys.delivery.pass.PauseReasons;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The Experiments of a Rollout, for one look.
///
/// @param pass the look
public record StepExperiments(Pass pass) {

  /// A version of an Experiment that gets a share of the traffic.
  ///
  /// @param service what selects its Pods
  public record Share(String service, String hash, long weight) {}

  private String noted() {
    return pass.status().now().string("canary", "currentExperiment");
  }

  private void note(String name) {
    pass.status().set(name, "canary", "currentExperiment");
  }

  /// Whether there is one for the present step.
  public boolean isAsked() {
    return !noted().isEmpty();
  }

  /// Sees to it that an Experiment runs for the present step, once, and tells how it stands. One
  /// that fails aborts the update; one that can't tell halts it.
  ///
  /// @param step the step
  public Verdict ask(Struct step) {
    Struct experiment = noted().isEmpty() ? null : find(noted());
    if (experiment == null || !isOfThisStep(experiment)) {
      ReplicaSet stable = pass.stable();
      if (stable == null) {
        return Verdict.WAIT;
      }
      experiment = create(new NewExperiment(pass, stable, step).object());
      note(Meta.of(experiment).name());
    }
    AnalysisPhase phase = AnalysisPhase.of(experiment.string("status", "phase"));
    return switch (phase) {
      case SUCCESSFUL -> Verdict.GO;
      case FAILED, ERROR -> {
        abort(experiment);
        yield Verdict.STOP;
      }
      case INCONCLUSIVE -> inconclusive();
      case RUNNING, PENDING -> Verdict.WAIT;
      case null -> Verdict.WAIT;
    };
  }

  /// It waits for a decision; that the pause is over is one.
  private Verdict inconclusive() {
    if (pass.status().pausedSince(PauseReasons.INCONCLUSIVE_EXPERIMENT) == null) {
      if (pass.status().isControllerPaused()) {
        return Verdict.GO;
      }
      pass.status().pause(PauseReasons.INCONCLUSIVE_EXPERIMENT, pass.now());
    }
    return Verdict.STOP;
  }

  private boolean isOfThisStep(Struct experiment) {
    String base = NewExperiment.name(pass);
    String name = Meta.of(experiment).name();
    return name.equals(base) || name.startsWith(base + "-");
  }

  /// The shares that the present Experiment is to have; none before its versions serve, and after.
  public List<Share> shares(Struct step) {
    Struct experiment = noted().isEmpty() ? null : find(noted());
    List<Share> shares = new ArrayList<>();
    if (experiment == null
        || !isOfThisStep(experiment)
        || experiment.bool("spec", "terminate")
        || !experiment.string("status", "phase").equals(AnalysisPhase.RUNNING.text())) {
      return shares;
    }
    for (Struct template : step.structs("templates")) {
      Struct status =
          Experiment.named(
              experiment.structs("status", "templateStatuses"), template.string("name"));
      if (template.integer("weight") > 0
          && status.has("serviceName")
          && status.integer("availableReplicas") > 0) {
        shares.add(
            new Share(
                status.string("serviceName"),
                status.string("podTemplateHash"),
                template.integer("weight")));
      }
    }
    return shares;
  }

  /// Forgets the one of a step that was left; [#tidy] ends it.
  public void drop() {
    note("");
  }

  /// Forgets the one of a step that was left unfinished. If it had failed by then, the update is
  /// given up all the same.
  public void leave() {
    Struct experiment = noted().isEmpty() ? null : find(noted());
    drop();
    if (experiment == null) {
      return;
    }
    if (AnalysisPhase.isWarning(experiment.string("status", "phase"))) {
      abort(experiment);
    }
  }

  private void abort(Struct experiment) {
    String message = experiment.string("status", "message");
    pass.status()
        .abort(
            "Experiment analysis phase is error/failed" + (message.isEmpty() ? "" : ": " + message),
            pass.now());
  }

  /// Ends all that still run but the one of the present step, and forgets the oldest.
  public void tidy() {
    List<Struct> ended = new ArrayList<>();
    for (Struct experiment : owned()) {
      if (AnalysisPhase.isComplete(experiment.string("status", "phase"))) {
        ended.add(experiment);
      } else if (pass.status().isAborted() || !Meta.of(experiment).name().equals(noted())) {
        terminate(experiment);
      }
    }
    ended.removeIf(experiment -> Meta.of(experiment).name().equals(noted()));
    new History(pass, DeliveryResources.EXPERIMENTS).trim(ended);
  }

  private void terminate(Struct experiment) {
    Meta meta = Meta.of(experiment);
    if (experiment.bool("spec", "terminate") || meta.isBeingDeleted()) {
      return;
    }
    ifPresent(
        () ->
            pass.tools()
                .api()
                .patch(
                    DeliveryResources.EXPERIMENTS,
                    meta.namespace(),
                    meta.name(),
                    "",
                    PatchType.MERGE,
                    Struct.of("spec", Struct.of("terminate", true))));
  }

  private static void ifPresent(Runnable request) {
    try {
      request.run();
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
    }
  }

  /// Whether some Experiment found a template bad.
  public boolean hasFailed(String hash) {
    return owned().stream()
        .anyMatch(
            experiment ->
                Meta.of(experiment).label(Labels.HASH).equals(hash)
                    && AnalysisPhase.isWarning(experiment.string("status", "phase")));
  }

  private List<Struct> owned() {
    return pass.tools().experimentsByOwner().with(pass.rollout().meta().uid());
  }

  private @Nullable Struct find(String name) {
    String namespace = pass.rollout().namespace();
    Struct known = pass.tools().experiments().find(namespace, name);
    return known != null
        ? known
        : pass.tools().api().find(DeliveryResources.EXPERIMENTS, namespace, name);
  }

  /// An Experiment under the first name that is free. One that is there already, is ours and has
  /// not ended was made by a look that could not note it.
  private Struct create(Struct wanted) {
    String base = Meta.of(wanted).name();
    for (int i = 0; ; i++) {
      String name = i == 0 ? base : base + "-" + i;
      try {
        Struct made =
            pass.tools()
                .api()
                .create(DeliveryResources.EXPERIMENTS, wanted.withAt(name, "metadata", "name"));
        pass.normal("ExperimentCreated", "Created Experiment '" + name + "'");
        return made;
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
