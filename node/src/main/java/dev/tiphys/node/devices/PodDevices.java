package dev.tiphys.node.devices;

import com.google.protobuf.MessageLite;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.csi.Dra;
import dev.tiphys.grpc.GrpcException;
import dev.tiphys.grpc.GrpcMethod;
import dev.tiphys.grpc.GrpcStatus;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.node.devices.DeviceDrivers.Driver;
import dev.tiphys.node.devices.PodClaims.PodClaim;
import dev.tiphys.node.devices.PreparedClaim.PreparedDevice;
import dev.tiphys.node.host.Interrupts;
import dev.tiphys.node.host.RecordFiles;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.runtime.spec.ContainerSpec;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.KeyedLock;
import dev.tiphys.world.World;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Has drivers prepare the devices that the claims of Pods were given, and take them back when no
/// Pod has a claim any more. Several Pods may have one.
///
/// Before a driver is asked it is written down what for: after the end of the agent at any moment
/// the next one asks again, or takes back. Drivers must bear that.
///
/// Threads: any; one claim is worked on by one at a time.
public final class PodDevices {
  private static final System.Logger LOG = System.getLogger(PodDevices.class.getName());

  private final World world;
  private final Api api;
  private final DeviceMetrics metrics;
  private final DeviceDrivers drivers;
  private final CdiSpecs specs;
  private final RecordFiles<PreparedClaim> ledger; // by the uids of claims
  private final KeyedLock locks;

  /// @param specs what the devices are to containers
  /// @param notes where it is written down what is prepared
  public PodDevices(World world, Api api, DeviceDrivers drivers, CdiSpecs specs, Path notes) {
    this.world = world;
    this.api = api;
    this.metrics = new DeviceMetrics(world);
    this.drivers = drivers;
    this.specs = specs;
    this.ledger = new RecordFiles<>(notes, PreparedClaim::of, PreparedClaim::toStruct);
    this.locks = new KeyedLock(world);
  }

  /// Reads what is prepared. Comes before everything else.
  public void start() throws IOException {
    int unreadable = ledger.load();
    if (unreadable > 0) {
      LOG.log(Level.ERROR, "devices may stay prepared: unreadable={0}", unreadable);
    }
  }

  /// Has the devices of a Pod prepared; does nothing for those that are.
  ///
  /// @throws DeviceFailure if that can't be now
  public void prepare(Pod pod) throws DeviceFailure, InterruptedException {
    List<PodClaim> wanted = PodClaims.of(pod);
    if (wanted.isEmpty()) {
      return;
    }
    DeviceMetrics.Operation operation = metrics.begin("PrepareResources");
    boolean well = false;
    try {
      prepare(pod, wanted);
      well = true;
    } finally {
      operation.ended(well);
    }
  }

  private void prepare(Pod pod, List<PodClaim> all) throws DeviceFailure, InterruptedException {
    for (PodClaim wanted : all) {
      Struct claim = claim(pod, wanted);
      String uid = Meta.of(claim).uid();
      try (KeyedLock.Turn _ = locks.take(uid)) {
        prepare(pod, claim);
      } catch (IOException e) {
        Interrupts.check();
        throw new DeviceFailure("what is prepared cannot be written down: " + e.getMessage());
      }
    }
  }

  private Struct claim(Pod pod, PodClaim wanted) throws DeviceFailure {
    Struct claim;
    try {
      claim = api.get(ApiResource.RESOURCE_CLAIMS, pod.namespace(), wanted.name());
    } catch (ApiException e) {
      throw new DeviceFailure(
          "failed to fetch ResourceClaim %s referenced by pod %s: %s"
              .formatted(wanted.name(), pod.name(), e.message()));
    }
    boolean owned =
        claim.structs("metadata", "ownerReferences").stream()
            .anyMatch(owner -> owner.bool("controller") && owner.string("uid").equals(pod.uid()));
    if (wanted.made() && !owned) {
      throw new DeviceFailure(
          "ResourceClaim %s/%s was not created for Pod %s/%s (Pod is not owner)"
              .formatted(pod.namespace(), wanted.name(), pod.namespace(), pod.name()));
    }
    boolean reserved =
        claim.structs("status", "reservedFor").stream()
            .anyMatch(user -> user.string("uid").equals(pod.uid()));
    if (!reserved) {
      throw new DeviceFailure(
          "pod %s(%s) is not allowed to use ResourceClaim %s(%s)"
              .formatted(pod.name(), pod.uid(), wanted.name(), Meta.of(claim).uid()));
    }
    return claim;
  }

  private void prepare(Pod pod, Struct claim)
      throws DeviceFailure, IOException, InterruptedException {
    Meta meta = Meta.of(claim);
    PreparedClaim known = ledger.find(meta.uid());
    PreparedClaim wanted =
        (known == null ? fresh(claim) : known).with(pod.uid()); // Written before anything is done.
    ledger.put(meta.uid(), wanted);
    if (wanted.whole()) {
      return;
    }
    Map<String, List<PreparedDevice>> devices = new LinkedHashMap<>();
    for (String driver : wanted.drivers().keySet()) {
      devices.put(driver, prepare(driver, wanted));
    }
    ledger.put(meta.uid(), wanted.prepared(devices));
  }

  private static PreparedClaim fresh(Struct claim) throws DeviceFailure {
    Meta meta = Meta.of(claim);
    if (!claim.has("status", "allocation")) {
      throw new DeviceFailure("ResourceClaim %s: not allocated".formatted(meta.name()));
    }
    Map<String, List<PreparedDevice>> drivers = new LinkedHashMap<>();
    for (Struct result : claim.structs("status", "allocation", "devices", "results")) {
      drivers.put(result.string("driver"), List.of());
    }
    return new PreparedClaim(meta.key(), meta.uid(), Set.of(), drivers, false);
  }

  private List<PreparedDevice> prepare(String name, PreparedClaim claim)
      throws DeviceFailure, InterruptedException {
    Driver driver = drivers.require(name);
    Dra.NodePrepareResourcesResponse answer;
    try {
      answer =
          call(
              name,
              driver,
              driver.service().prepare(),
              Dra.NodePrepareResourcesRequest.newBuilder().addClaims(message(claim)).build());
    } catch (GrpcException e) {
      throw new DeviceFailure("NodePrepareResources: " + e.getMessage());
    }
    Dra.NodePrepareResourceResponse result = answer.getClaimsMap().get(claim.uid());
    if (result == null) {
      throw new DeviceFailure("NodePrepareResources skipped 1 ResourceClaims");
    }
    if (!result.getError().isEmpty()) {
      throw new DeviceFailure(
          "NodePrepareResources failed for ResourceClaim %s: %s"
              .formatted(claim.key().name(), result.getError()));
    }
    List<PreparedDevice> devices = new ArrayList<>();
    for (Dra.Device device : result.getDevicesList()) {
      devices.add(new PreparedDevice(device.getRequestNamesList(), device.getCdiDeviceIdsList()));
    }
    return devices;
  }

  private <Q extends MessageLite, R extends MessageLite> R call(
      String name, Driver driver, GrpcMethod<Q, R> method, Q request) throws InterruptedException {
    long began = world.nanoTime();
    try {
      R answer = driver.endpoint().call(method, request);
      metrics.answered(name, method.path(), GrpcStatus.OK, began);
      return answer;
    } catch (GrpcException e) {
      metrics.answered(name, method.path(), e.status(), began);
      throw e;
    }
  }

  private static Dra.Claim message(PreparedClaim claim) {
    ObjectKey key = claim.key();
    return Dra.Claim.newBuilder()
        .setNamespace(key.namespace())
        .setName(key.name())
        .setUid(claim.uid())
        .build();
  }

  /// A container's spec with the Pod's devices that are for it.
  ///
  /// @throws DeviceFailure if they are not prepared, or cannot be given to it
  public ContainerSpec into(ContainerSpec spec, Pod pod, String container) throws DeviceFailure {
    Set<String> names = names(pod, container);
    return names.isEmpty() ? spec : ContainerEdits.apply(spec, specs.edits(names));
  }

  private Set<String> names(Pod pod, String container) throws DeviceFailure {
    Set<String> names = new TreeSet<>();
    for (PodClaim wanted : PodClaims.of(pod)) {
      for (PodClaims.Use use : wanted.uses()) {
        if (use.container().equals(container)) {
          PreparedClaim claim = prepared(pod, wanted.name());
          claim.drivers().values().stream()
              .flatMap(List::stream)
              .filter(device -> device.isFor(use.request()))
              .forEach(device -> names.addAll(device.cdi()));
        }
      }
    }
    return names;
  }

  private PreparedClaim prepared(Pod pod, String name) throws DeviceFailure {
    ObjectKey key = new ObjectKey(pod.namespace(), name);
    return ledger.all().stream()
        .filter(claim -> claim.key().equals(key) && claim.pods().contains(pod.uid()))
        .filter(PreparedClaim::whole)
        .findFirst()
        .orElseThrow(
            () ->
                new DeviceFailure(
                    "unable to get claim info for ResourceClaim %s/%s"
                        .formatted(pod.namespace(), name)));
  }

  /// Gives back what a Pod has had; does nothing if that is nothing.
  ///
  /// @throws IOException if a driver does not take it back; to be tried again
  public void release(String pod) throws IOException, InterruptedException {
    List<PreparedClaim> claims =
        ledger.all().stream().filter(claim -> claim.pods().contains(pod)).toList();
    if (claims.isEmpty()) {
      return;
    }
    DeviceMetrics.Operation operation = metrics.begin("UnprepareResources");
    boolean well = false;
    try {
      for (PreparedClaim claim : claims) {
        try (KeyedLock.Turn _ = locks.take(claim.uid())) {
          release(claim.uid(), pod);
        }
      }
      well = true;
    } finally {
      operation.ended(well);
    }
  }

  private void release(String uid, String pod) throws IOException, InterruptedException {
    PreparedClaim claim = ledger.find(uid);
    if (claim == null || !claim.pods().contains(pod)) {
      return;
    }
    PreparedClaim left = claim.without(pod);
    if (left.pods().isEmpty()) {
      for (String driver : claim.drivers().keySet()) {
        unprepare(driver, claim);
      }
      ledger.remove(uid);
    } else {
      ledger.put(uid, left);
    }
  }

  private void unprepare(String name, PreparedClaim claim)
      throws IOException, InterruptedException {
    try {
      Driver driver = drivers.require(name);
      Dra.NodeUnprepareResourcesResponse answer =
          call(
              name,
              driver,
              driver.service().unprepare(),
              Dra.NodeUnprepareResourcesRequest.newBuilder().addClaims(message(claim)).build());
      Dra.NodeUnprepareResourceResponse result = answer.getClaimsMap().get(claim.uid());
      if (result == null) {
        throw new IOException("NodeUnprepareResources skipped 1 ResourceClaims");
      }
      if (!result.getError().isEmpty()) {
        throw new IOException(
            "NodeUnprepareResources failed for ResourceClaim %s: %s"
                .formatted(claim.key().name(), result.getError()));
      }
    } catch (GrpcException e) {
      throw new IOException("NodeUnprepareResources: " + e.getMessage(), e);
    } catch (DeviceFailure e) {
      throw new IOException(e.message(), e);
    }
  }

  /// Tells what was done about claims, and how many are in use.
  public void write(Exposition out) {
    metrics.write(out, ledger.all());
  }

  /// The Pods that have something, by uid.
  public Set<String> users() {
    Set<String> uids = new TreeSet<>();
    ledger.all().forEach(claim -> uids.addAll(claim.pods()));
    return uids;
  }
}
