package dev.tiphys.storage.resizer;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.client.controller.RetryPolicy;
import dev.tiphys.client.placement.VolumeMatching;
import dev.tiphys.csi.ControllerService;
import dev.tiphys.csi.Csi;
import dev.tiphys.grpc.GrpcException;
import dev.tiphys.grpc.GrpcStatus;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.storage.sidecar.DriverCalls;
import dev.tiphys.storage.sidecar.SidecarSettings;
import dev.tiphys.storage.sidecar.StorageResources;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Has the volumes of this node grow that claims ask to be larger, and become of another class that
/// claims ask for ([Modifier]): upstream's external-resizer.
///
/// A size that was begun is finished before another one is begun, except that a claim whose growth
/// is not possible can ask for less. The driver takes the same call twice, so after a kill at any
/// point it is just asked again.
///
/// Threads: any.
public final class Resizer implements AutoCloseable {

  private static final int WORKERS = 4;
  private static final RetryPolicy RETRIES =
      RetryPolicy.between(Duration.ofSeconds(1), Duration.ofMinutes(5));

  /// With these the driver has surely done nothing, and will not.
  private static final Set<GrpcStatus> FINAL =
      Set.of(
          GrpcStatus.INVALID_ARGUMENT,
          GrpcStatus.OUT_OF_RANGE,
          GrpcStatus.NOT_FOUND,
          GrpcStatus.RESOURCE_EXHAUSTED);

  /// What is not possible does not get possible soon.
  private static final Duration SLOW_RETRY = Duration.ofMinutes(5);

  private final World world;
  private final Api api;
  private final DriverCalls driver;
  private final SidecarSettings settings;
  private final Informer claims;
  private final Informer volumes;
  private final EventRecorder events;
  private final Informer classes;
  private final Controller growing;
  private final Modifier modifier;
  private final Controller modifying;
  private final Map<String, Instant> postponed = new ConcurrentHashMap<>(); // by uid of the claim

  public Resizer(World world, Api api, DriverCalls driver, SidecarSettings settings) {
    this.world = world;
    this.api = api;
    this.driver = driver;
    this.settings = settings;
    this.events = new EventRecorder(world, api, "external-resizer " + settings.driver(), "");
    this.growing = new Controller("resizer", world, WORKERS, RETRIES, this::grow);
    this.modifying = new Controller("modifier", world, WORKERS, RETRIES, this::modify);
    this.claims =
        new Informer(world, api, ApiResource.PERSISTENT_VOLUME_CLAIMS)
            .listen(Informer.Listener.ofAll(growing::enqueue))
            .listen(new ClassListener());
    this.volumes =
        new Informer(world, api, ApiResource.PERSISTENT_VOLUMES)
            .listen(Informer.Listener.ofAll(this::lookAtOwner));
    this.classes =
        new Informer(world, api, StorageResources.ATTRIBUTES_CLASSES)
            .listen(Informer.Listener.ofAll(_ -> claims.list().forEach(modifying::enqueue)));
    this.modifier = new Modifier(world, api, driver, events, classes);
  }

  /// Claims are looked at again when they ask for another class, not for what is told of an
  /// attempt: one that fails would follow upon the other without a pause.
  private final class ClassListener implements Informer.Listener {
    @Override
    public void added(Struct claim) {
      modifying.enqueue(claim);
    }

    @Override
    public void updated(Struct before, Struct now) {
      if (!before.struct("spec").equals(now.struct("spec"))
          || !now.has("status", "modifyVolumeStatus")) {
        modifying.enqueue(now);
      }
    }
  }

  private void lookAtOwner(Struct volume) {
    Struct owner = volume.struct("spec", "claimRef");
    if (settings.isOurs(volume) && !owner.isEmpty()) {
      ObjectKey key = new ObjectKey(owner.string("namespace"), owner.string("name"));
      growing.queue().add(key, Meta.of(volume).revision());
      modifying.queue().add(key, Meta.of(volume).revision());
    }
  }

  public void start() {
    classes.start();
    claims.start();
    volumes.start();
    growing.start();
    modifying.start();
  }

  /// The volume of this node that a claim is bound to; null if there is none.
  private @Nullable Struct volumeOf(@Nullable Struct claim) {
    if (claim == null || !claim.string("status", "phase").equals("Bound")) {
      return null;
    }
    Struct volume = volumes.find("", claim.string("spec", "volumeName"));
    return volume != null
            && settings.isOurs(volume)
            && volume.string("spec", "claimRef", "uid").equals(Meta.of(claim).uid())
        ? volume
        : null;
  }

  private Outcome modify(ObjectKey key) throws InterruptedException {
    Struct claim = claims.find(key);
    Struct volume = volumeOf(claim);
    return claim == null || volume == null ? Outcome.DONE : modifier.modify(claim, volume);
  }

  private Outcome grow(ObjectKey key) throws InterruptedException {
    Struct claim = claims.find(key);
    Struct volume = volumeOf(claim);
    if (claim == null || volume == null) {
      return Outcome.DONE;
    }
    Growth growth = new Growth(claim);
    if (growth.isOnNode() || growth.target().compareTo(growth.capacity()) <= 0) {
      return Outcome.DONE;
    }
    Duration wait = waitOf(growth);
    return wait.isPositive() ? Outcome.again(wait) : grow(growth, volume);
  }

  /// How long a size that is not possible waits until it is tried again.
  private Duration waitOf(Growth growth) {
    Instant next = postponed.get(Meta.of(growth.claim()).uid());
    return next == null || !growth.isKnownInfeasible()
        ? Duration.ZERO
        : Duration.between(world.now(), next);
  }

  private Outcome grow(Growth before, Struct volume) throws InterruptedException {
    String name = Meta.of(volume).name();
    Quantity size = before.target();
    Growth growth = new Growth(write(before.claim(), before.begun(size, world.now())));
    events.normal(before.claim(), "Resizing", "External resizer is resizing volume " + name);
    Csi.ControllerExpandVolumeResponse answer;
    try {
      answer = driver.call(ControllerService.CONTROLLER_EXPAND_VOLUME, request(volume, size));
    } catch (GrpcException e) {
      events.warning(
          before.claim(),
          "VolumeResizeFailed",
          "resize volume \"%s\" by resizer \"%s\" failed: %s"
              .formatted(name, settings.driver(), e.getMessage()));
      if (FINAL.contains(e.status())) {
        postponed.put(Meta.of(growth.claim()).uid(), world.now().plus(SLOW_RETRY));
        write(growth.claim(), growth.infeasible());
        return Outcome.again(SLOW_RETRY);
      }
      return Outcome.RETRY;
    }
    postponed.remove(Meta.of(growth.claim()).uid());
    Quantity grown = Quantity.ofBytes(answer.getCapacityBytes());
    enlarge(volume, grown);
    if (answer.getNodeExpansionRequired()) {
      write(growth.claim(), growth.pendingOnNode(world.now()));
      events.normal(
          before.claim(),
          "FileSystemResizeRequired",
          "Require file system resize of volume on node");
    } else {
      write(growth.claim(), growth.done(grown));
      events.normal(before.claim(), "VolumeResizeSuccessful", "Resize volume succeeded");
    }
    return Outcome.DONE;
  }

  private static Csi.ControllerExpandVolumeRequest request(Struct volume, Quantity size) {
    return Csi.ControllerExpandVolumeRequest.newBuilder()
        .setVolumeId(volume.string("spec", "csi", "volumeHandle"))
        .setCapacityRange(Csi.CapacityRange.newBuilder().setRequiredBytes(size.units()))
        .build();
  }

  private Struct write(Struct claim, Struct status) {
    return status.equals(claim.struct("status"))
        ? claim
        : api.update(ApiResource.PERSISTENT_VOLUME_CLAIMS, claim.with("status", status), "status");
  }

  /// The volume tells its size before the claim does, and what it was until the node is done.
  private void enlarge(Struct volume, Quantity size) {
    Quantity before = VolumeMatching.quantity(volume.get("spec", "capacity", "storage"));
    if (before.compareTo(size) < 0) {
      api.update(
          ApiResource.PERSISTENT_VOLUMES,
          Meta.withAnnotation(
              volume.withAt(size.toString(), "spec", "capacity", "storage"),
              "volume.alpha.kubernetes.io/pre-resize-capacity",
              before.toString()));
    }
  }

  @Override
  public void close() {
    growing.close();
    modifying.close();
    classes.close();
    claims.close();
    volumes.close();
    events.close();
  }
}
