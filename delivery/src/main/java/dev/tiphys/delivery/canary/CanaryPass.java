package dev.tiphys.delivery.canary;

import dev.tiphys.delivery.analysis.Kind;
import dev.tiphys.delivery.analysis.Runs;
import dev.tiphys.delivery.analysis.Verdict;
import dev.tiphys.delivery.experiment.StepExperiments;
import dev.tiphys.delivery.metadata.EphemeralMetadata;
import dev.tiphys.delivery.model.Canary;
import dev.tiphys.delivery.model.ReplicaSet;
import dev.tiphys.delivery.model.StatusDraft;
import dev.tiphys.delivery.model.Step;
import dev.tiphys.delivery.pass.Pass;
import dev.tiphys.delivery.replicasets.Revisions;
import dev.tiphys.delivery.replicasets.TemplateHash;
import dev.tiphys.delivery.traffic.Routers;
import dev.tiphys.object.Struct;
import java.util.List;

/// One look at a Rollout that moves in steps.
///
/// Analyses are heard first. Services and traffic come before sizes: no revision loses Pods before
/// nothing sends requests to them.
///
/// Threads: one.
public final class CanaryPass {

  private final Pass pass;
  private final StatusDraft status;
  private final Canary strategy;
  private final Plan plan;
  private final CanaryServices services;
  private final TrafficPass traffic;
  private final Scaling scaling;
  private final Runs runs;
  private final StepExperiments experiments;

  /// @param routers what can share traffic out
  public CanaryPass(Pass pass, Routers routers) {
    this.pass = pass;
    this.status = pass.status();
    this.strategy = pass.rollout().canary();
    this.plan = new Plan(pass);
    this.services = new CanaryServices(pass);
    this.experiments = new StepExperiments(pass);
    this.traffic = new TrafficPass(pass, plan, services, routers, experiments);
    this.scaling = new Scaling(pass, plan, services, traffic);
    this.runs = new Runs(pass);
  }

  private String stepHash() {
    List<Struct> steps = strategy.spec().structs("steps");
    return steps.isEmpty() ? "" : TemplateHash.ofSteps(steps);
  }

  /// Whether other steps are to be taken than at the look before.
  public boolean hasOtherSteps() {
    return !status.now().string("currentStepHash").equals(stepHash());
  }

  /// A new update begins: what was decided about the one before is forgotten.
  public void reset() {
    status.clearPauses();
    status.dropAbort();
    status.set(null, "promoteFull");
    runs.drop(Kind.STEP, Kind.BACKGROUND);
    experiments.drop();
    status.set(stepHash(), "currentStepHash");
    if (plan.steps().isEmpty()) {
      status.set(null, "currentStepIndex");
    } else if (pass.stable() != null && pass.stable().name().equals(pass.newest().name())) {
      skipSteps("Rollback to stable ReplicaSets");
    } else if (isInRollbackWindow()) {
      skipSteps("Rollback to active ReplicaSets within RollbackWindow");
    } else {
      status.set(plan.isDirect() ? (long) plan.steps().size() : 0L, "currentStepIndex");
    }
  }

  private void skipSteps(String why) {
    if (pass.updateBegins()) {
      pass.normal("SkipSteps", why);
    }
    endSteps();
  }

  private void endSteps() {
    if (!plan.steps().isEmpty()) {
      status.set((long) plan.steps().size(), "currentStepIndex");
    }
  }

  private boolean isInRollbackWindow() {
    return Revisions.isInRollbackWindow(pass.rollout(), pass.newest(), pass.stable(), pass.all())
        && !runs.hasFailed(pass.newest().hash())
        && !experiments.hasFailed(pass.newest().hash());
  }

  /// The update that was given up is tried once more, from the first step.
  public void retry() {
    pass.keep(pass.newest());
    runs.drop(Kind.STEP, Kind.BACKGROUND);
    experiments.drop();
  }

  /// Only the sizes follow the Rollout's.
  public void resize() {
    scaling.resize();
  }

  public void run() {
    services.begin();
    new EphemeralMetadata(pass)
        .keep(plan.isDirect(), strategy.stableMetadata(), strategy.canaryMetadata());
    if (status.isAborted()) {
      status.clearPauses();
      if (!plan.steps().isEmpty()) {
        status.set(0L, "currentStepIndex");
      }
      runs.stop();
    }
    if (!pass.isHalted()) {
      go();
    }
    Revisions.excess(pass.rollout(), scaling.unused()).forEach(pass::delete);
    runs.trim();
    experiments.tidy();
  }

  private void go() {
    askBackground();
    askStep();
    if (pass.isHalted()) {
      return;
    }
    pointServices();
    traffic.run();
    scaling.run();
    if (!status.isAborted() && !pass.isHalted()) {
      new StepPass(pass, plan, traffic, runs, experiments).advance();
      finish();
    }
  }

  private void pointServices() {
    ReplicaSet stable = pass.stable();
    if (stable == null) {
      return;
    }
    services.pointStable(scaling.isStableLeaving() ? pass.newest() : stable);
    if (traffic.isDraining()) {
      return; // the canary's Service still serves its share
    }
    boolean back = plan.isDirect() || status.isAborted();
    if (!back) {
      services.pointCanary(pass.newest());
    } else if (!strategy.isStableDynamic() || traffic.live() == 0) {
      services.pointCanary(stable);
    }
  }

  private void askBackground() {
    Struct analysis = strategy.backgroundAnalysis();
    boolean due =
        !analysis.isEmpty()
            && !plan.isDirect()
            && !status.isAborted()
            && !status.isPromotedFully()
            && status.stepIndex() >= analysis.integer("startingStep");
    if (due && !isInRollbackWindow()) {
      Verdict _ = runs.ask(Kind.BACKGROUND, analysis); // what follows from it is in the status
    }
  }

  /// An analysis or Experiment that a step waits for is heard before traffic moves, too.
  private void askStep() {
    if (!status.isAborted() && !plan.isDirect() && !status.isPromotedFully()) {
      switch (plan.current()) {
        case Step.Analysis(var analysis) when runs.isAsked(Kind.STEP) -> {
          Verdict _ = runs.ask(Kind.STEP, analysis);
        }
        case Step.Experiment(var step) when experiments.isAsked() -> {
          Verdict _ = experiments.ask(step);
        }
        case null, default -> {}
      }
    }
    if (plan.isDirect() || status.isPromotedFully()) {
      experiments.drop();
    } else if (!(plan.current() instanceof Step.Experiment) && !status.isAborted()) {
      experiments.leave();
    }
  }

  /// The newest template becomes what everything goes back to, once it has all Pods and all
  /// traffic.
  private void finish() {
    ReplicaSet newest = pass.newest();
    long all = pass.rollout().replicas();
    boolean over = plan.isDirect() || plan.isOver() || status.isPromotedFully();
    if (status.isAborted()
        || pass.isHalted()
        || !over
        || newest.replicas() < all
        || !strategy.isEnough(newest.available(), all)) {
      return;
    }
    if (pass.stable() == null) {
      promote("Initial deploy");
    } else if (!plan.isDirect() && (!strategy.isRouted() || all == 0 || traffic.isSettled())) {
      promote(reason());
      services.swap();
    }
  }

  private void promote(String why) {
    pass.promote(why);
    endSteps();
    runs.drop(Kind.STEP, Kind.BACKGROUND);
  }

  private String reason() {
    if (status.isPromotedFully()) {
      return "Full promotion requested";
    }
    return isInRollbackWindow()
        ? "Rollback within window"
        : "Completed all " + plan.steps().size() + " canary steps";
  }
}
