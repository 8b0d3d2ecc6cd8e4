package dev.tiphys.delivery.controller;

import dev.tiphys.client.PatchType;
import dev.tiphys.client.controller.Claims;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.client.controller.OwnerIndex;
import dev.tiphys.delivery.model.Conditions;
import dev.tiphys.delivery.model.DeliveryResources;
import dev.tiphys.delivery.model.Labels;
import dev.tiphys.delivery.model.ReplicaSet;
import dev.tiphys.delivery.model.Rollout;
import dev.tiphys.delivery.model.StatusDraft;
import dev.tiphys.delivery.pass.Pass;
import dev.tiphys.delivery.pass.Tools;
import dev.tiphys.delivery.restart.PodRestarts;
import dev.tiphys.delivery.status.Conclusion;
import dev.tiphys.delivery.traffic.Routers;
import dev.tiphys.delivery.validation.RolloutValidation;
import dev.tiphys.delivery.workload.WorkloadScaleDown;
import dev.tiphys.delivery.workload.WorkloadTemplate;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One look at one Rollout.
///
/// Every write says which state of the Rollout it is made for: a decision that is taken on an older
/// state than what was just asked for is refused, and taken anew.
///
/// Threads: one.
final class Look {

  private static final Duration INVALID_AGAIN = Duration.ofSeconds(20);

  private final Tools tools;
  private final Claims claims;
  private final OwnerIndex sets;
  private final Routers routers;
  private final StatusDraft status;

  /// As it is stored.
  private Rollout stored;

  Look(Tools tools, Claims claims, OwnerIndex sets, Routers routers, Rollout rollout) {
    this.tools = tools;
    this.claims = claims;
    this.sets = sets;
    this.routers = routers;
    this.stored = rollout;
    this.status = new StatusDraft(rollout.status());
  }

  /// The newest state of the Rollout that is known.
  Struct last() {
    return stored.object();
  }

  Outcome run() {
    if (!stored.spec().has("replicas")) {
      stored =
          new Rollout(
              tools
                  .api()
                  .update(
                      DeliveryResources.ROLLOUTS, stored.object().withAt(1L, "spec", "replicas")));
      return Outcome.DONE;
    }
    WorkloadTemplate workload = WorkloadTemplate.of(tools.api(), stored);
    Rollout rollout = workload.rollout();
    boolean missing = !stored.workloadRef().isEmpty() && workload.target() == null;
    List<ReplicaSet> sets = rollout.spec().has("selector") && !missing ? owned(rollout) : List.of();
    Optional<String> problem = new RolloutValidation(tools).problem(rollout, stored, missing, sets);
    return problem.isPresent() ? refuse(problem.get()) : run(rollout, sets, workload.target());
  }

  private List<ReplicaSet> owned(Rollout rollout) {
    try {
      return rollout.selector().matchesEverything()
          ? List.of()
          : claims.of(rollout.object(), rollout.selector(), sets).stream()
              .map(ReplicaSet::new)
              .toList();
    } catch (IllegalArgumentException e) {
      return List.of(); // the selector can't be read: that is what is told
    }
  }

  private Outcome refuse(String problem) {
    Conditions conditions = new Conditions(status, tools.world().now());
    Struct present = conditions.find(Conditions.INVALID_SPEC);
    if (present == null || !present.string("message").equals(problem)) {
      conditions.renew(Conditions.INVALID_SPEC, "True", Conditions.INVALID_SPEC, problem);
    }
    status.set(Long.toString(stored.meta().generation()), "observedGeneration");
    Conclusion.writePhase(status, stored);
    write();
    return Outcome.again(INVALID_AGAIN);
  }

  private Outcome run(Rollout rollout, List<ReplicaSet> sets, @Nullable Struct workload) {
    Conditions conditions = new Conditions(status, tools.world().now());
    return switch (new NewestReplicaSet(tools.api(), rollout, sets).ensure()) {
      case NewestReplicaSet.Result.Found(var set) -> {
        if (!status.current().equals(set.hash())) {
          conditions.renew(
              Conditions.PROGRESSING,
              "True",
              "FoundNewReplicaSet",
              "Found new replica set \"" + set.name() + "\"");
        }
        yield pass(rollout, sets, set, workload);
      }
      case NewestReplicaSet.Result.Created(var set) -> {
        String message = "Created new replica set \"" + set.name() + "\"";
        conditions.renew(Conditions.PROGRESSING, "True", "NewReplicaSetCreated", message);
        tools
            .events()
            .normal(
                stored.object(),
                "NewReplicaSetCreated",
                "Created ReplicaSet %s (revision %d)".formatted(set.name(), set.revision()));
        yield pass(rollout, sets, set, workload);
      }
      case NewestReplicaSet.Result.Collision() -> {
        status.set(status.now().integer("collisionCount") + 1, "collisionCount");
        write();
        yield Outcome.RETRY;
      }
      case NewestReplicaSet.Result.Unseen() -> Outcome.RETRY;
      case NewestReplicaSet.Result.Refused(var name, var why) -> {
        String message = "Failed to create new replica set \"" + name + "\": " + why.message();
        tools.events().warning(stored.object(), "ReplicaSetCreateError", message);
        conditions.set(Conditions.PROGRESSING, "False", "ReplicaSetCreateError", message);
        Conclusion.writePhase(status, stored);
        write();
        yield Outcome.RETRY;
      }
    };
  }

  private Outcome pass(
      Rollout rollout, List<ReplicaSet> before, ReplicaSet newest, @Nullable Struct workload) {
    List<ReplicaSet> sets = new ArrayList<>(before);
    sets.removeIf(set -> set.name().equals(newest.name()));
    sets.add(newest);
    noteRevision(rollout, newest);
    Pass pass = new Pass(tools, rollout, status, sets, newest);
    Strategy strategy = Strategy.of(pass, routers);
    begin(pass, strategy);
    if (pass.isScaling()) {
      strategy.resize();
    } else {
      strategy.run();
      if (!pass.updateBegins()) {
        new PodRestarts(pass).run();
      }
    }
    new Conclusion(pass).write();
    new WorkloadScaleDown(pass).run(workload);
    write();
    Instant next = pass.nextLook();
    return next == null ? Outcome.DONE : Outcome.again(Duration.between(tools.world().now(), next));
  }

  private void begin(Pass pass, Strategy strategy) {
    ReplicaSet newest = pass.newest();
    if (pass.updateBegins() || status.current().isEmpty()) {
      pass.normal("RolloutUpdated", "Rollout updated to revision " + newest.revision());
    }
    if (pass.updateBegins()) {
      if (!status.isFullyPromoted() && !status.stable().isEmpty()) {
        pass.normal(
            "RolloutNotCompleted",
            "Rollout not completed, started update to revision %d (%s)"
                .formatted(newest.revision(), newest.hash()));
      }
      strategy.reset();
    } else if (strategy.hasOtherSteps()) {
      strategy.reset();
    } else if (status.isAborted() && status.stable().equals(newest.hash())) {
      status.dropAbort(); // there is nothing to give up
    } else if (!status.isAborted()
        && new Conditions(status, pass.now())
            .hasReason(Conditions.PROGRESSING, Conditions.ABORTED)) {
      strategy.retry();
    }
  }

  /// The Rollout tells which revision it is at.
  private void noteRevision(Rollout rollout, ReplicaSet newest) {
    StructBuilder annotations = new StructBuilder();
    note(annotations, Labels.REVISION, Long.toString(newest.revision()));
    note(
        annotations,
        Labels.WORKLOAD_GENERATION,
        rollout.meta().annotation(Labels.WORKLOAD_GENERATION));
    if (annotations.isEmpty()) {
      return;
    }
    Meta meta = stored.meta();
    Struct patch =
        Struct.of(
            "metadata",
            Struct.of(
                "resourceVersion", meta.resourceVersion(), "annotations", annotations.build()));
    stored =
        new Rollout(
            tools
                .api()
                .patch(
                    DeliveryResources.ROLLOUTS,
                    meta.namespace(),
                    meta.name(),
                    "",
                    PatchType.MERGE,
                    patch));
  }

  private void note(StructBuilder annotations, String key, String value) {
    if (!value.isEmpty() && !stored.meta().annotation(key).equals(value)) {
      annotations.add(key, value);
    }
  }

  private void write() {
    Struct patch = status.patch();
    if (patch.isEmpty()) {
      return;
    }
    Meta meta = stored.meta();
    stored =
        new Rollout(
            tools
                .api()
                .patch(
                    DeliveryResources.ROLLOUTS,
                    meta.namespace(),
                    meta.name(),
                    "status",
                    PatchType.MERGE,
                    Struct.of(
                        "metadata",
                        Struct.of("resourceVersion", meta.resourceVersion()),
                        "status",
                        patch)));
  }
}
