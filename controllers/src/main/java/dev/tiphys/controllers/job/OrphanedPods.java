package dev.tiphys.controllers.job;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;
import org.jspecify.annotations.Nullable;

/// Lets Pods go that no Job counts any more: it is gone, or has ended, or is no longer theirs.
final class OrphanedPods implements Component {

  private final Api api;
  private final ClusterView cluster;
  private final Released released;
  private final Controller controller;

  OrphanedPods(World world, Api api, ClusterView cluster, Released released) {
    this.api = api;
    this.cluster = cluster;
    this.released = released;
    this.controller = new Controller("orphaned-pods-of-jobs", world, 1, this::reconcile);
    cluster
        .of(ApiResource.PODS)
        .listen(
            Informer.Listener.ofAll(
                pod -> {
                  if (mayBeOrphan(pod)) {
                    controller.enqueue(pod);
                  }
                }));
    cluster.of(ApiResource.JOBS).listen(Informer.Listener.ofAll(this::look));
  }

  private void look(Struct job) {
    Meta meta = Meta.of(job);
    Struct present = cluster.of(ApiResource.JOBS).find(meta.namespace(), meta.name());
    if (present == null || new Job(present).isFinished()) {
      cluster.pods().ownedBy(meta.uid()).stream()
          .filter(this::mayBeOrphan)
          .forEach(controller::enqueue);
    }
  }

  private boolean mayBeOrphan(Struct pod) {
    if (!JobPods.isTracked(pod)) {
      return false;
    }
    Struct owner = ownerOf(pod);
    if (owner == null) {
      return true;
    }
    Struct job = cluster.of(ApiResource.JOBS).find(Meta.of(pod).namespace(), owner.string("name"));
    return job == null || !isOf(job, owner) || new Job(job).isFinished();
  }

  private static @Nullable Struct ownerOf(Struct pod) {
    Struct owner = Meta.of(pod).controller();
    return owner != null && owner.string("kind").equals("Job") ? owner : null;
  }

  private static boolean isOf(Struct job, Struct owner) {
    return Meta.of(job).uid().equals(owner.string("uid"));
  }

  private Outcome reconcile(ObjectKey key) {
    Struct pod = cluster.of(ApiResource.PODS).find(key);
    if (pod == null || !mayBeOrphan(pod)) {
      return Outcome.DONE;
    }
    Struct owner = ownerOf(pod);
    if (owner != null) {
      // The informer may not show a Job yet that has just been made.
      Struct job = api.find(ApiResource.JOBS, key.namespace(), owner.string("name"));
      if (job != null && isOf(job, owner) && isInCharge(new Job(job))) {
        return Outcome.DONE;
      }
    }
    released.release(pod);
    return Outcome.DONE;
  }

  private static boolean isInCharge(Job job) {
    return job.isManagedElsewhere() || !job.isFinished();
  }

  @Override
  public void start() {
    controller.start();
  }

  @Override
  public void close() {
    controller.close();
  }
}
