package dev.tiphys.controllers.resourceclaims;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;

/// Makes the ResourceClaims that Pods have templates for, tells their names in the Pods, and keeps
/// track of the Pods that claims are reserved for ([Reservations]).
///
/// Cost: none for Pods without claims. For each Pod with some: a look when it changes, or one of
/// its claims does; for each claim a look when one of its Pods is over.
public final class ResourceClaimController implements Component {

  public static final String NAME = "resource-claim-controller";

  private final Informer pods;
  private final Informer claims;
  private final ObjectIndex podsByClaim;
  private final EventRecorder events;
  private final GeneratedClaims generated;
  private final Reservations reservations;
  private final Controller podController;
  private final Controller claimController;

  public ResourceClaimController(
      World world, Api api, ClusterView cluster, ClaimMetrics metrics, int workers) {
    this.pods = cluster.of(ApiResource.PODS);
    this.claims = cluster.of(ApiResource.RESOURCE_CLAIMS);
    this.events = new EventRecorder(world, api, "resource_claim", "");
    this.generated = new GeneratedClaims(api, cluster, metrics);
    this.reservations = new Reservations(api, pods);
    this.podsByClaim =
        pods.index(pod -> PodClaims.of(pod).stream().map(ObjectKey::toString).toList());
    this.podController = new Controller(NAME + "-pods", world, workers, this::reconcilePod);
    this.claimController = new Controller(NAME, world, workers, this::reconcileClaim);
    pods.listen(new PodListener());
    claims.listen(new ClaimListener());
  }

  private final class PodListener implements Informer.Listener {
    @Override
    public void added(Struct pod) {
      changed(pod);
    }

    @Override
    public void updated(Struct before, Struct now) {
      changed(now);
    }

    @Override
    public void deleted(Struct last) {
      generated.forget(last);
      lookAtClaims(last);
    }

    private void changed(Struct pod) {
      if (PodClaims.isDone(pod)) {
        lookAtClaims(pod);
      }
      if (!PodClaims.entries(pod).isEmpty() && !Meta.of(pod).isBeingDeleted()) {
        podController.enqueue(pod);
      }
    }

    private void lookAtClaims(Struct pod) {
      long revision = Meta.of(pod).revision();
      PodClaims.of(pod).forEach(claim -> claimController.queue().add(claim, revision));
    }
  }

  private final class ClaimListener implements Informer.Listener {
    @Override
    public void added(Struct claim) {
      generated.seen(claim);
      changed(claim);
    }

    @Override
    public void updated(Struct before, Struct now) {
      changed(now);
    }

    @Override
    public void deleted(Struct last) {
      lookAtPods(last);
    }

    /// Also finds, at the start, what is reserved for Pods that ended while nothing looked.
    private void changed(Struct claim) {
      claimController.enqueue(claim);
      lookAtPods(claim);
    }

    private void lookAtPods(Struct claim) {
      long revision = Meta.of(claim).revision();
      for (Struct pod : podsByClaim.with(ObjectKey.of(claim).toString())) {
        podController.queue().add(ObjectKey.of(pod), revision);
      }
    }
  }

  @Override
  public void start() {
    podController.start();
    claimController.start();
  }

  private Outcome reconcilePod(ObjectKey key) {
    Struct pod = pods.find(key);
    if (pod == null || Meta.of(pod).isBeingDeleted() || PodClaims.isDone(pod)) {
      return Outcome.DONE;
    }
    GeneratedClaims.Problem problem = generated.ensure(pod);
    if (problem != null) {
      events.warning(
          pod,
          "FailedResourceClaimCreation",
          "PodResourceClaim %s: %s".formatted(problem.entry(), problem.message()));
      return Outcome.RETRY;
    }
    if (!pod.string("spec", "nodeName").isEmpty()) {
      reserve(pod);
    }
    return Outcome.DONE;
  }

  private void reserve(Struct pod) {
    for (ObjectKey key : PodClaims.of(pod)) {
      Struct claim = claims.find(key);
      Struct owner = claim == null ? null : PodClaims.owner(claim);
      boolean ofAnother = owner != null && !owner.string("uid").equals(Meta.of(pod).uid());
      if (claim != null && !ofAnother && Reservations.isMissing(claim, pod)) {
        reservations.add(claim, pod);
      }
    }
  }

  private Outcome reconcileClaim(ObjectKey key) {
    Struct claim = claims.find(key);
    if (claim != null) {
      reservations.clean(claim);
    }
    return Outcome.DONE;
  }

  @Override
  public void close() {
    podController.close();
    claimController.close();
    events.close();
  }
}
