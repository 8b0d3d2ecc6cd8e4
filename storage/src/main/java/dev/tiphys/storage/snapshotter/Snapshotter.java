package dev.tiphys.storage.snapshotter;

import dev.tiphys.client.Api;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.client.controller.RetryPolicy;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.storage.sidecar.DriverCalls;
import dev.tiphys.storage.sidecar.SidecarSettings;
import dev.tiphys.storage.sidecar.StorageResources;
import dev.tiphys.world.World;
import java.time.Duration;

/// Takes snapshots of the volumes of this node, and deletes them: what upstream's
/// snapshot-controller and external-snapshotter do, for the driver's snapshots alone. Names, labels
/// and finalizers are theirs, so that one that runs in the cluster for other drivers is not in the
/// way.
///
/// Threads: any.
public final class Snapshotter implements AutoCloseable {

  private static final int WORKERS = 2;
  private static final RetryPolicy RETRIES =
      RetryPolicy.between(Duration.ofSeconds(1), Duration.ofMinutes(5));

  private final Informer snapshots;
  private final Informer contents;
  private final EventRecorder events;
  private final SnapshotSync snapshotSync;
  private final ContentSync contentSync;
  private final Controller binding;
  private final Controller taking;

  public Snapshotter(World world, Api api, DriverCalls driver, SidecarSettings settings) {
    this.events = new EventRecorder(world, api, "snapshot-controller", settings.node());
    this.snapshotSync = new SnapshotSync(world, api, settings, events);
    this.contentSync = new ContentSync(world, api, driver, settings, events);
    this.binding = new Controller("snapshots", world, WORKERS, RETRIES, this::bind);
    this.taking = new Controller("snapshot-contents", world, WORKERS, RETRIES, this::take);
    this.snapshots =
        new Informer(world, api, StorageResources.VOLUME_SNAPSHOTS)
            .listen(
                Informer.Listener.ofAll(
                    snapshot -> {
                      binding.enqueue(snapshot);
                      taking
                          .queue()
                          .add(
                              new ObjectKey("", SnapshotKinds.contentOf(snapshot)),
                              Meta.of(snapshot).revision());
                    }));
    this.contents =
        new Informer(world, api, StorageResources.SNAPSHOT_CONTENTS)
            .listen(
                Informer.Listener.ofAll(
                    content -> {
                      taking.enqueue(content);
                      binding
                          .queue()
                          .add(SnapshotKinds.ownerOf(content), Meta.of(content).revision());
                    }));
  }

  public void start() {
    snapshots.start();
    contents.start();
    binding.start();
    taking.start();
  }

  private Outcome bind(ObjectKey key) {
    Struct snapshot = snapshots.find(key);
    return snapshot == null ? Outcome.DONE : snapshotSync.sync(snapshot);
  }

  private Outcome take(ObjectKey key) throws InterruptedException {
    Struct content = contents.find(key);
    return content == null ? Outcome.DONE : contentSync.sync(content);
  }

  @Override
  public void close() {
    binding.close();
    taking.close();
    snapshots.close();
    contents.close();
    events.close();
  }
}
