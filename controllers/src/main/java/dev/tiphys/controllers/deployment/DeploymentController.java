package dev.tiphys.controllers.deployment;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Claims;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.controllers.common.OwnerHandler;
import dev.tiphys.controllers.common.Pods;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.world.World;
import java.util.List;

/// Rolls Deployments out.
///
/// Cost of a reconcile: the Deployment's ReplicaSets, the namespace's ReplicaSets without an owner,
/// and where old Pods must be gone first (`Recreate`), the Pods of the old ReplicaSets.
public final class DeploymentController implements Component {

  private static final String NAME = "deployment-controller";

  private final Informer informer;
  private final Api api;
  private final EventRecorder events;
  private final Claims claims;
  private final ClusterView cluster;
  private final Rollout.Dependencies dependencies;
  private final Controller controller;
  private final Deadlines deadlines;
  private final OwnerHandler owners;

  public DeploymentController(World world, Api api, ClusterView cluster, int workers) {
    this.api = api;
    this.cluster = cluster;
    this.informer = cluster.of(ApiResource.DEPLOYMENTS);
    this.events = new EventRecorder(world, api, NAME, "");
    this.claims = new Claims(api, ApiResource.DEPLOYMENTS, ApiResource.REPLICA_SETS);
    this.dependencies = new Rollout.Dependencies(world, api, events, cluster.pods());
    this.controller = new Controller(NAME, world, workers, this::reconcile);
    this.deadlines = new Deadlines(world, key -> controller.queue().add(key, 0));
    this.owners =
        new OwnerHandler(
            informer,
            ApiResource.DEPLOYMENTS.apiVersion(),
            ApiResource.DEPLOYMENTS.kind(),
            deployment -> new Deployment(deployment).selector(),
            (owner, revision) -> controller.queue().add(ObjectKey.of(owner), revision));
    informer.listen(Informer.Listener.ofAll(controller::enqueue));
    cluster.of(ApiResource.REPLICA_SETS).listen(owners.listener(_ -> {}, _ -> {}));
    cluster.of(ApiResource.PODS).listen(new EndOfPods());
  }

  /// A Deployment that must not run two templates at once waits for the end of Pods.
  private final class EndOfPods implements Informer.Listener {
    @Override
    public void updated(Struct before, Struct now) {
      if (!Pods.isTerminal(before) && Pods.isTerminal(now)) {
        ended(now);
      }
    }

    @Override
    public void deleted(Struct last) {
      ended(last);
    }

    private void ended(Struct pod) {
      Meta meta = Meta.of(pod);
      Struct reference = meta.controller();
      if (reference == null || !reference.string("kind").equals("ReplicaSet")) {
        return;
      }
      Struct replicaSet =
          cluster.of(ApiResource.REPLICA_SETS).find(meta.namespace(), reference.string("name"));
      Struct owner = replicaSet == null ? null : owners.ownerOf(replicaSet);
      if (owner != null && new Deployment(owner).isRecreate()) {
        controller.queue().add(ObjectKey.of(owner), meta.revision());
      }
    }
  }

  @Override
  public void start() {
    controller.start();
  }

  private Outcome reconcile(ObjectKey key) {
    Struct object = informer.find(key);
    if (object == null) {
      deadlines.set(key, null);
      return Outcome.DONE;
    }
    Deployment deployment = new Deployment(object);
    LabelSelector selector = deployment.selector();
    if (selector.matchesEverything()) {
      refuse(deployment);
      return Outcome.DONE;
    }
    List<ReplicaSet> sets =
        claims.of(object, selector, cluster.replicaSets()).stream().map(ReplicaSet::new).toList();
    Rollout rollout = new Rollout(dependencies, deployment, sets);
    Outcome outcome = rollout.step();
    deadlines.set(key, rollout.nextLook());
    return outcome;
  }

  private void refuse(Deployment deployment) {
    events.warning(
        deployment.object(),
        "SelectingAll",
        "This deployment is selecting all pods. A non-empty selector is required.");
    long generation = deployment.meta().generation();
    if (deployment.status().integer("observedGeneration") < generation) {
      Struct status = deployment.status().with("observedGeneration", generation);
      api.update(ApiResource.DEPLOYMENTS, deployment.withStatus(status).object(), "status");
    }
  }

  @Override
  public void close() {
    controller.close();
    deadlines.close();
    events.close();
  }
}
