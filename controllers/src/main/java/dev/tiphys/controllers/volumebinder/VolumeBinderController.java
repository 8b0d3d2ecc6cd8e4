package dev.tiphys.controllers.volumebinder;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.client.placement.VolumeMatching;
import dev.tiphys.controllers.HostPathDeleter;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.controllers.common.PodVolumes;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Binds claims to volumes and volumes to claims.
///
/// Both sides are looked at when they change, and claims that wait when a volume or a class appears
/// that could help them. A claim that waits is told so again every quarter of a minute, and what a
/// volume's policy asks for is tried again, as upstream does.
///
/// Cost: a claim looks at the volumes of its class; four writes bind a pair.
public final class VolumeBinderController implements Component {

  public static final String NAME = "persistent-volume-binder";

  private static final Duration RESYNC = Duration.ofSeconds(15);

  private final World world;
  private final VolumeCatalog catalog;
  private final EventRecorder events;
  private final ClaimSync claimSync;
  private final VolumeSync volumeSync;
  private final Recycler recycler;
  private final VolumeOperations operations;
  private final Controller claims;
  private final Controller volumes;
  private @Nullable SupervisedTask reminding;

  /// @param metrics where volumes and claims are counted
  /// @param hostPaths deletes what is on this machine
  public VolumeBinderController(
      World world,
      Api api,
      ClusterView cluster,
      VolumeMetrics metrics,
      HostPathDeleter hostPaths,
      int workers) {
    this.world = world;
    this.catalog = new VolumeCatalog(api, cluster);
    this.events = new EventRecorder(world, api, "persistentvolume-controller", "");
    BindingWriter writer = new BindingWriter(api, events);
    // Two claims must not choose one volume: they choose one after the other.
    this.claims = new Controller("claims", world, 1, this::reconcileClaim);
    this.volumes = new Controller("volumes", world, workers, this::reconcileVolume);
    this.claimSync = new ClaimSync(api, catalog, writer, events, metrics);
    this.operations = metrics.operations();
    this.recycler = new Recycler(world, api, events);
    Reclaimer reclaimer =
        new Reclaimer(world, api, catalog, writer, events, recycler, hostPaths, operations);
    this.volumeSync =
        new VolumeSync(catalog, writer, events, reclaimer, key -> claims.queue().add(key, 0));
    metrics.count(catalog.volumes(), catalog.claims());
    catalog.claims().listen(new ClaimListener());
    catalog.volumes().listen(new VolumeListener());
    catalog.classes().listen(Informer.Listener.ofAll(_ -> lookAtWaiting("")));
    cluster.of(ApiResource.PODS).listen(new PodListener());
  }

  private final class ClaimListener implements Informer.Listener {
    @Override
    public void added(Struct claim) {
      claims.enqueue(claim);
    }

    @Override
    public void updated(Struct before, Struct now) {
      claims.enqueue(now);
    }

    @Override
    public void deleted(Struct last) {
      operations.forget(ObjectKey.of(last));
      String volume = last.string("spec", "volumeName");
      if (!volume.isEmpty()) {
        volumes.queue().add(new ObjectKey("", volume), Meta.of(last).revision());
      }
    }
  }

  private final class VolumeListener implements Informer.Listener {
    @Override
    public void added(Struct volume) {
      volumes.enqueue(volume);
      lookAtOwner(volume);
    }

    @Override
    public void updated(Struct before, Struct now) {
      volumes.enqueue(now);
      lookAtOwner(now);
    }

    @Override
    public void deleted(Struct last) {
      operations.done(ObjectKey.of(last));
      lookAtOwner(last);
    }

    private void lookAtOwner(Struct volume) {
      Struct owner = volume.struct("spec", "claimRef");
      if (!owner.isEmpty()) {
        claims
            .queue()
            .add(
                new ObjectKey(owner.string("namespace"), owner.string("name")),
                Meta.of(volume).revision());
      } else if (volume.string("status", "phase").equals("Available")) {
        lookAtWaiting(VolumeMatching.storageClass(volume));
      }
    }
  }

  /// A claim that waits for a Pod tells which one it waits for; a Pod that empties a volume has an
  /// end.
  private final class PodListener implements Informer.Listener {
    @Override
    public void added(Struct pod) {
      for (ObjectKey claim : PodVolumes.claims(pod)) {
        Struct found = catalog.claim(claim);
        if (found != null && isWaiting(found)) {
          claims.queue().add(claim, Meta.of(pod).revision());
        }
      }
    }

    @Override
    public void updated(Struct before, Struct now) {
      if (!before.string("status", "phase").equals(now.string("status", "phase"))) {
        lookAtRecycled(now);
      }
    }

    @Override
    public void deleted(Struct last) {
      lookAtRecycled(last);
    }

    private void lookAtRecycled(Struct pod) {
      String volume = Recycler.volumeOf(pod);
      if (!volume.isEmpty() && recycler.isAtWork(volume)) {
        volumes.queue().add(new ObjectKey("", volume), 0);
      }
    }
  }

  private static boolean isWaiting(Struct claim) {
    return !Meta.of(claim).annotations().has(Binding.COMPLETED);
  }

  /// @param type only those of this class; empty for all
  private void lookAtWaiting(String type) {
    for (Struct claim : catalog.claims().list()) {
      if (isWaiting(claim) && (type.isEmpty() || VolumeMatching.storageClass(claim).equals(type))) {
        claims.queue().add(ObjectKey.of(claim), 0);
      }
    }
  }

  @Override
  public void start() {
    claims.start();
    volumes.start();
    reminding = world.supervisor().start(NAME + "-resync", this::remind);
  }

  private void remind() throws InterruptedException {
    while (true) {
      world.background().sleep(RESYNC);
      lookAtWaiting("");
      catalog.volumes().list().stream().filter(Reclaimer::awaits).forEach(this::lookAgain);
    }
  }

  private void lookAgain(Struct volume) {
    volumes.queue().add(ObjectKey.of(volume), 0);
  }

  private Outcome reconcileClaim(ObjectKey key) {
    Struct claim = catalog.claim(key);
    if (claim == null) {
      return Outcome.DONE;
    }
    claimSync.sync(claim);
    return Outcome.DONE;
  }

  private Outcome reconcileVolume(ObjectKey key) {
    Struct volume = catalog.volume(key.name());
    if (volume != null) {
      volumeSync.sync(volume);
    }
    return Outcome.DONE;
  }

  @Override
  public void close() {
    SupervisedTask task = reminding;
    if (task != null) {
      task.close();
    }
    claims.close();
    volumes.close();
    recycler.close();
    events.close();
  }
}
