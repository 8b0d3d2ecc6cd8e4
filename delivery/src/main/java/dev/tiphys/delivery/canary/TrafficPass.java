package dev.tiphys.delivery.canary;

import dev.tiphys.delivery.experiment.StepExperiments;
import dev.tiphys.delivery.model.Canary;
import dev.tiphys.delivery.model.ReplicaSet;
import dev.tiphys.delivery.model.StatusDraft;
import dev.tiphys.delivery.model.Step;
import dev.tiphys.delivery.pass.Pass;
import dev.tiphys.delivery.traffic.Routers;
import dev.tiphys.delivery.traffic.Routing;
import dev.tiphys.delivery.traffic.RoutingException;
import dev.tiphys.delivery.traffic.TrafficRouter;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Gives canary and stable version their shares of the traffic, and notes in the status which ones
/// they have.
///
/// Threads: one.
final class TrafficPass {

  private static final Duration VERIFIED_AGAIN = Duration.ofSeconds(10);

  private final Pass pass;
  private final Plan plan;
  private final CanaryServices services;
  private final Routers routers;
  private final Canary strategy;
  private final StatusDraft status;
  private final StepExperiments experiments;

  TrafficPass(
      Pass pass, Plan plan, CanaryServices services, Routers routers, StepExperiments experiments) {
    this.experiments = experiments;
    this.pass = pass;
    this.plan = plan;
    this.services = services;
    this.routers = routers;
    this.strategy = pass.rollout().canary();
    this.status = pass.status();
  }

  /// The share that some canary has now.
  long live() {
    return status.now().integer("canary", "weights", "canary", "weight");
  }

  /// The hash of the template that has that share; empty if none has.
  String carrier() {
    return live() == 0 ? "" : status.now().string("canary", "weights", "canary", "podTemplateHash");
  }

  /// Whether another version than the newest one still has the canary's share.
  boolean isDraining() {
    return !carrier().isEmpty() && !carrier().equals(pass.newest().hash());
  }

  /// Whether a revision is sent traffic as the canary.
  boolean carries(ReplicaSet set) {
    return set.hash().equals(carrier());
  }

  /// Whether the wanted share is in force.
  boolean isSettled() {
    Struct weights = status.now().struct("canary", "weights");
    boolean doubtful = weights.has("verified") && !weights.bool("verified");
    return live() == plan.weight() && !isDraining() && !doubtful;
  }

  void run() {
    if (!strategy.isRouted()) {
      status.set(null, "canary", "weights");
      return;
    }
    try {
      route(routers.of(new Routing(pass, services.canary(), services.stable())));
    } catch (RoutingException e) {
      pass.warning(e.reason(), e.message());
      pass.lookAgain(pass.now().plus(VERIFIED_AGAIN));
    }
  }

  private void route(List<TrafficRouter> all) {
    ReplicaSet stable = pass.stable();
    if (stable == null) {
      return; // nothing serves that could lose traffic
    }
    List<StepExperiments.Share> extra = extra();
    long rest =
        strategy.maxWeight() - extra.stream().mapToLong(StepExperiments.Share::weight).sum();
    long weight = Math.min(next(stable), rest);
    ReplicaSet canary = isDraining() ? pass.withHash(carrier()) : pass.newest();
    String hash = canary == null ? carrier() : canary.hash();
    for (TrafficRouter router : all) {
      if (needsNoRoutes()) {
        router.removeRoutes();
      } else {
        takeStep(router);
      }
      router.point(hash, stable.hash(), extra);
      router.share(weight, extra);
    }
    note(weight, hash, stable, extra);
    verify(all, weight);
  }

  /// What versions of an Experiment get, besides canary and stable version.
  private List<StepExperiments.Share> extra() {
    boolean none = needsNoRoutes() || isDraining();
    List<StepExperiments.Share> shares =
        !none && plan.current() instanceof Step.Experiment(var step)
            ? experiments.shares(step)
            : List.of();
    long sum = shares.stream().mapToLong(StepExperiments.Share::weight).sum();
    return sum + live() > strategy.maxWeight() ? List.of() : shares;
  }

  private boolean needsNoRoutes() {
    return status.isAborted()
        || plan.isDirect()
        || status.isPromotedFully()
        || pass.newest().available() == 0;
  }

  private void takeStep(TrafficRouter router) {
    switch (plan.current()) {
      case Step.SetHeaderRoute header -> router.route(header);
      case Step.SetMirrorRoute mirror -> router.mirror(mirror);
      case null, default -> {}
    }
  }

  private long next(ReplicaSet stable) {
    NextWeight next =
        new NextWeight(
            pass.rollout().replicas(),
            strategy.maxWeight(),
            live(),
            Version.of(pass.withHash(carrier())),
            Version.of(stable),
            strategy.isStableDynamic());
    if (plan.isDirect() && !isDraining()) {
      return services.isStableAt(stable) ? 0 : live(); // it is the same version by both ways
    }
    if (status.isAborted() || isDraining()) {
      return next.towards(0);
    }
    Version newest = Version.of(pass.newest());
    if (newest.available() == 0) {
      return 0;
    }
    if (status.isPromotedFully()) {
      return next.towards(next.allThatFits(newest));
    }
    return next.towards(
        isCanaryLargeEnough() ? plan.weight() : Math.min(live(), plan.weightBefore()));
  }

  private boolean isCanaryLargeEnough() {
    Long fixed = plan.fixedSize();
    long wanted = fixed == null ? plan.routed().needed(plan.weight()) : fixed;
    return strategy.isEnough(pass.newest().available(), wanted);
  }

  private void note(
      long weight, String hash, ReplicaSet stable, List<StepExperiments.Share> extra) {
    long others = extra.stream().mapToLong(StepExperiments.Share::weight).sum();
    Struct before = status.now().struct("canary", "weights");
    Struct weights =
        new StructBuilder()
            .add("canary", destination(weight, services.canary(), hash))
            .add(
                "stable",
                destination(
                    strategy.maxWeight() - weight - others, services.stable(), stable.hash()))
            .addUnlessEmpty(
                "additional",
                extra.stream()
                    .map(share -> destination(share.weight(), share.service(), share.hash()))
                    .toList())
            .build();
    if (!before.has("canary") || live() != weight) {
      pass.normal(
          "TrafficWeightUpdated",
          before.has("canary")
              ? "Traffic weight updated from " + live() + " to " + weight
              : "Traffic weight updated to " + weight);
    }
    status.set(weights, "canary", "weights");
  }

  private static Struct destination(long weight, String service, String hash) {
    return new StructBuilder()
        .add("weight", weight)
        .addUnlessEmpty("serviceName", service)
        .addUnlessEmpty("podTemplateHash", hash)
        .build();
  }

  private void verify(List<TrafficRouter> all, long weight) {
    Boolean verified = null;
    for (TrafficRouter router : all) {
      Optional<Boolean> one = router.verify(weight);
      if (one.isPresent()) {
        verified = one.get() && !Boolean.FALSE.equals(verified);
      }
    }
    noteVerified(verified);
  }

  private void noteVerified(@Nullable Boolean verified) {
    if (verified != null) {
      status.replace(status.now().withAt(verified, "canary", "weights", "verified"));
    }
    if (Boolean.FALSE.equals(verified)) {
      pass.lookAgain(pass.now().plus(VERIFIED_AGAIN));
    }
  }
}
