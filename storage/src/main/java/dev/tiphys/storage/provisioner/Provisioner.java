package dev.tiphys.storage.provisioner;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
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
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.storage.sidecar.DriverCalls;
import dev.tiphys.storage.sidecar.SidecarSettings;
import dev.tiphys.storage.sidecar.StorageResources;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes volumes of the claims that are to have theirs on this node, and deletes those of this node
/// that were given back: upstream's external-provisioner, on each node for itself.
///
/// **Which node.** The one that the scheduler has chosen. If none is chosen because the class does
/// not wait for that, nodes with room for the claim try to write their name on it after a moment,
/// and one of them succeeds.
///
/// **After a kill.** A volume has the name of its claim, so it is asked for again, and found. If
/// the claim has gone meanwhile, what was made for it is known from notes, and deleted.
///
/// Threads: any.
public final class Provisioner implements AutoCloseable {

  static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";

  private static final List<String> PROVISIONER =
      List.of(
          "volume.kubernetes.io/storage-provisioner",
          "volume.beta.kubernetes.io/storage-provisioner");

  private static final int WORKERS = 8;
  private static final RetryPolicy RETRIES =
      RetryPolicy.between(Duration.ofSeconds(1), Duration.ofMinutes(5));

  /// What is wrong with the request itself does not get right soon.
  private static final Duration SLOW_RETRY = Duration.ofMinutes(5);

  /// Nodes do not all ask for a claim in the same moment.
  private static final int LONGEST_HESITATION_MILLIS = 300;

  private final World world;
  private final Api api;
  private final DriverCalls driver;
  private final SidecarSettings settings;
  private final Informer claims;
  private final Informer volumes;
  private final Informer classes;
  private final EventRecorder events;
  private final DataSource sources;
  private final Controller making;
  private final Controller deleting;

  private final Unwritten unwritten;

  /// @param notes what it has asked the driver for
  public Provisioner(
      World world, Api api, DriverCalls driver, SidecarSettings settings, Unwritten notes) {
    this.world = world;
    this.api = api;
    this.driver = driver;
    this.settings = settings;
    this.unwritten = notes;
    this.events = new EventRecorder(world, api, settings.component(), "");
    this.sources = new DataSource(api, settings);
    this.making = new Controller("provisioner-claims", world, WORKERS, RETRIES, this::make);
    this.deleting =
        new Controller("provisioner-volumes", world, WORKERS, RETRIES, this::reconcileVolume);
    this.claims =
        new Informer(world, api, ApiResource.PERSISTENT_VOLUME_CLAIMS)
            .listen(Informer.Listener.ofAll(making::enqueue))
            .onSynced(() -> unwritten.claims().forEach(key -> making.queue().add(key, 0)));
    this.volumes =
        new Informer(world, api, ApiResource.PERSISTENT_VOLUMES)
            .listen(Informer.Listener.ofAll(deleting::enqueue));
    this.classes =
        new Informer(world, api, StorageResources.CLASSES)
            .listen(Informer.Listener.ofAll(_ -> claims().list().forEach(making::enqueue)));
  }

  private Informer claims() {
    return claims;
  }

  public void start() {
    classes.start();
    claims.start();
    volumes.start();
    making.start();
    deleting.start();
  }

  private Outcome make(ObjectKey key) throws InterruptedException {
    Struct claim = claims.find(key);
    String asked = unwritten.find(key);
    if (asked != null && !awaits(claim, asked) && !abandon(key, asked)) {
      return Outcome.RETRY;
    }
    if (claim == null || !isForUs(claim)) {
      return Outcome.DONE;
    }
    Struct type = classes.find("", VolumeMatching.storageClass(claim));
    if (type == null) {
      type = api.find(StorageResources.CLASSES, "", VolumeMatching.storageClass(claim));
    }
    if (type == null || !type.string("provisioner").equals(settings.driver())) {
      return Outcome.DONE; // looked at again when a class appears
    }
    String selected = Meta.of(claim).annotation(SELECTED_NODE);
    boolean waits = type.string("volumeBindingMode").equals("WaitForFirstConsumer");
    if (selected.isEmpty() && !waits) {
      return volunteer(claim, type);
    }
    return selected.equals(settings.node()) ? provision(claim, type) : Outcome.DONE;
  }

  /// Whether a claim still wants the volume that was asked for in its name.
  private boolean awaits(@Nullable Struct claim, String volume) {
    return claim != null
        && isForUs(claim)
        && VolumeRequests.nameOf(claim).equals(volume)
        && Meta.of(claim).annotation(SELECTED_NODE).equals(settings.node());
  }

  /// Deletes what was perhaps made for a claim that does not want it any more, unless it has become
  /// an object. Returns whether that is done.
  private boolean abandon(ObjectKey key, String name) throws InterruptedException {
    Struct written = api.find(ApiResource.PERSISTENT_VOLUMES, "", name);
    if (written == null || !settings.isOurs(written)) {
      try {
        driver.call(
            ControllerService.DELETE_VOLUME,
            Csi.DeleteVolumeRequest.newBuilder().setVolumeId(name).build());
      } catch (GrpcException e) {
        return false;
      }
    }
    unwritten.remove(key);
    return true;
  }

  private boolean isForUs(Struct claim) {
    Meta meta = Meta.of(claim);
    return PROVISIONER.stream().anyMatch(each -> meta.annotation(each).equals(settings.driver()))
        && claim.string("spec", "volumeName").isEmpty()
        && !meta.isBeingDeleted();
  }

  /// Offers this node for a claim that no node is chosen for, if there is room.
  private Outcome volunteer(Struct claim, Struct type) throws InterruptedException {
    try {
      ClassParameters parameters = ClassParameters.of(type);
      Csi.CreateVolumeRequest wanted = VolumeRequests.create(claim, parameters, type, settings);
      if (!DataSource.of(claim).isEmpty() && !DataSource.isOfOthers(claim)) {
        Csi.VolumeContentSource _ = sources.resolve(claim);
      }
      long room =
          driver
              .call(
                  ControllerService.GET_CAPACITY,
                  Csi.GetCapacityRequest.newBuilder()
                      .addAllVolumeCapabilities(wanted.getVolumeCapabilitiesList())
                      .putAllParameters(wanted.getParametersMap())
                      .setAccessibleTopology(wanted.getAccessibilityRequirements().getRequisite(0))
                      .build())
              .getAvailableCapacity();
      if (room < wanted.getCapacityRange().getRequiredBytes()) {
        return Outcome.RETRY; // another node may have it, or this one later
      }
    } catch (ProvisioningException e) {
      if (e.isElsewhere()) {
        return Outcome.RETRY;
      }
      // this node is as good as any to say what is wrong
    } catch (GrpcException e) {
      if (e.status() == GrpcStatus.UNAVAILABLE) {
        return Outcome.RETRY;
      }
      // it will be told by the attempt to make the volume
    }
    world.sleep(Duration.ofMillis(world.random().nextInt(LONGEST_HESITATION_MILLIS)));
    Struct newest = claims.find(ObjectKey.of(claim));
    if (newest == null || !Meta.of(newest).annotation(SELECTED_NODE).isEmpty()) {
      return Outcome.DONE;
    }
    try { // the first write has it, the others are refused
      api.update(
          ApiResource.PERSISTENT_VOLUME_CLAIMS,
          Meta.withAnnotation(newest, SELECTED_NODE, settings.node()));
    } catch (ApiException e) {
      if (!e.is(Reason.CONFLICT, Reason.NOT_FOUND)) {
        throw e;
      }
    }
    return Outcome.DONE;
  }

  private Outcome provision(Struct claim, Struct type) throws InterruptedException {
    String name = VolumeRequests.nameOf(claim);
    if (volumes.find("", name) != null
        || api.find(ApiResource.PERSISTENT_VOLUMES, "", name) != null) {
      unwritten.remove(ObjectKey.of(claim));
      return Outcome.DONE; // the binder does the rest
    }
    if (DataSource.isOfOthers(claim)) {
      events.normal(
          claim, "Provisioning", "Assuming an external populator will provision the volume");
      return Outcome.DONE;
    }
    events.normal(
        claim,
        "Provisioning",
        "External provisioner is provisioning volume for claim \"%s/%s\""
            .formatted(Meta.of(claim).namespace(), Meta.of(claim).name()));
    try {
      ClassParameters parameters = ClassParameters.of(type);
      unwritten.put(ObjectKey.of(claim), name);
      Csi.Volume made = call(claim, type, parameters);
      write(VolumeRequests.volume(claim, made, type, parameters.fileSystem(), settings));
      unwritten.remove(ObjectKey.of(claim));
      events.normal(claim, "ProvisioningSucceeded", "Successfully provisioned volume " + name);
      return Outcome.DONE;
    } catch (ProvisioningException e) {
      return failed(claim, e);
    }
  }

  private Csi.Volume call(Struct claim, Struct type, ClassParameters parameters)
      throws ProvisioningException, InterruptedException {
    if (!claim.struct("spec", "selector").isEmpty()) {
      throw ProvisioningException.of("claim Selector is not supported");
    }
    Csi.CreateVolumeRequest request = VolumeRequests.create(claim, parameters, type, settings);
    if (!DataSource.of(claim).isEmpty()) {
      request = request.toBuilder().setVolumeContentSource(sources.resolve(claim)).build();
    }
    String attributes = VolumeRequests.attributesClass(claim);
    if (!attributes.isEmpty()) {
      request = VolumeRequests.withAttributes(request, attributesClass(attributes));
    }
    try {
      return driver.call(ControllerService.CREATE_VOLUME, request).getVolume();
    } catch (GrpcException e) {
      throw new ProvisioningException(
          String.valueOf(e.getMessage()), e.status() == GrpcStatus.RESOURCE_EXHAUSTED, e);
    }
  }

  private Struct attributesClass(String name) throws ProvisioningException {
    Struct type;
    try {
      type = api.get(StorageResources.ATTRIBUTES_CLASSES, "", name);
    } catch (ApiException e) {
      throw new ProvisioningException(String.valueOf(e.getMessage()), false, e);
    }
    String driverName = type.string("driverName");
    if (!driverName.equals(settings.driver())) {
      throw ProvisioningException.of(
          "VAC %s referenced in PVC is for driver %s which does not match driver name %s",
          name, driverName, settings.driver());
    }
    return type;
  }

  private void write(Struct volume) {
    try {
      api.create(ApiResource.PERSISTENT_VOLUMES, volume);
    } catch (ApiException e) {
      if (!e.is(Reason.ALREADY_EXISTS)) {
        throw e;
      }
    }
  }

  private Outcome failed(Struct claim, ProvisioningException e) {
    String message = String.valueOf(e.getMessage());
    if (e.getCause() instanceof GrpcException refused
        && refused.status() == GrpcStatus.INVALID_ARGUMENT) {
      events.warning(
          claim,
          "ProvisioningFailed",
          "Volume provisioning failed with infeasible error. Retries will be delayed. " + message);
      return Outcome.again(SLOW_RETRY);
    }
    events.warning(claim, "ProvisioningFailed", message);
    if (e.isElsewhere()) { // the scheduler, or the other nodes, look for another place
      api.update(
          ApiResource.PERSISTENT_VOLUME_CLAIMS,
          claim.withoutAt("metadata", "annotations", SELECTED_NODE));
    }
    return Outcome.RETRY;
  }

  private Outcome reconcileVolume(ObjectKey key) throws InterruptedException {
    Struct volume = volumes.find(key);
    if (volume == null
        || !settings.isOurs(volume)
        || !Meta.of(volume).annotation(VolumeRequests.PROVISIONED_BY).equals(settings.driver())) {
      return Outcome.DONE;
    }
    boolean deletes = volume.string("spec", "persistentVolumeReclaimPolicy").equals("Delete");
    boolean held = Meta.of(volume).finalizers().contains(VolumeRequests.FINALIZER);
    if (held && !deletes) { // its storage is to stay
      api.update(
          ApiResource.PERSISTENT_VOLUMES,
          SidecarSettings.withoutFinalizer(volume, VolumeRequests.FINALIZER));
      return Outcome.DONE;
    }
    if (!held && deletes && !Meta.of(volume).isBeingDeleted()) {
      api.update(
          ApiResource.PERSISTENT_VOLUMES,
          SidecarSettings.withFinalizer(volume, VolumeRequests.FINALIZER));
      return Outcome.DONE; // it comes again
    }
    return held && deletes && volume.string("status", "phase").equals("Released")
        ? delete(volume)
        : Outcome.DONE;
  }

  private Outcome delete(Struct volume) throws InterruptedException {
    String name = Meta.of(volume).name();
    try {
      driver.call(
          ControllerService.DELETE_VOLUME,
          Csi.DeleteVolumeRequest.newBuilder()
              .setVolumeId(volume.string("spec", "csi", "volumeHandle"))
              .build());
    } catch (GrpcException e) {
      events.warning(volume, "VolumeFailedDelete", String.valueOf(e.getMessage()));
      return Outcome.RETRY;
    }
    try {
      if (!Meta.of(volume).isBeingDeleted()) {
        api.delete(
            ApiResource.PERSISTENT_VOLUMES, "", name, DeleteOptions.withUid(Meta.of(volume).uid()));
      }
      Struct last = api.find(ApiResource.PERSISTENT_VOLUMES, "", name);
      if (last != null && Meta.of(last).uid().equals(Meta.of(volume).uid())) {
        api.update(
            ApiResource.PERSISTENT_VOLUMES,
            SidecarSettings.withoutFinalizer(last, VolumeRequests.FINALIZER));
      }
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
    }
    return Outcome.DONE;
  }

  @Override
  public void close() {
    making.close();
    deleting.close();
    claims.close();
    volumes.close();
    classes.close();
    events.close();
  }
}
