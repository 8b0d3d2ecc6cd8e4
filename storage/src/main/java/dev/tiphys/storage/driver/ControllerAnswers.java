package dev.tiphys.storage.driver;

import com.google.protobuf.Int64Value;
import com.google.protobuf.Timestamp;
import dev.tiphys.csi.ControllerService;
import dev.tiphys.csi.Csi;
import dev.tiphys.csi.Csi.ControllerServiceCapability.RPC;
import dev.tiphys.grpc.GrpcException;
import dev.tiphys.grpc.GrpcService;
import dev.tiphys.grpc.GrpcStatus;
import dev.tiphys.storage.volumes.Backing;
import dev.tiphys.storage.volumes.Snapshot;
import dev.tiphys.storage.volumes.Source;
import dev.tiphys.storage.volumes.Volume;
import dev.tiphys.storage.volumes.Volumes;
import dev.tiphys.storage.volumes.Wanted;
import java.util.List;
import java.util.Map;

/// What the driver answers to those that make, list and remove volumes and snapshots.
final class ControllerAnswers {

  private static final List<RPC.Type> CAPABILITIES =
      List.of(
          RPC.Type.CREATE_DELETE_VOLUME,
          RPC.Type.LIST_VOLUMES,
          RPC.Type.GET_CAPACITY,
          RPC.Type.CREATE_DELETE_SNAPSHOT,
          RPC.Type.LIST_SNAPSHOTS,
          RPC.Type.CLONE_VOLUME,
          RPC.Type.EXPAND_VOLUME,
          RPC.Type.GET_VOLUME,
          RPC.Type.SINGLE_NODE_MULTI_WRITER,
          RPC.Type.MODIFY_VOLUME);

  private final Volumes volumes;
  private final String node;
  private final Guard guard;

  ControllerAnswers(Volumes volumes, String node, Guard guard) {
    this.volumes = volumes;
    this.node = node;
    this.guard = guard;
  }

  GrpcService service() {
    return new GrpcService()
        .on(
            ControllerService.CONTROLLER_GET_CAPABILITIES,
            Csi.ControllerGetCapabilitiesRequest.parser(),
            _ -> capabilities())
        .on(ControllerService.CREATE_VOLUME, Csi.CreateVolumeRequest.parser(), this::create)
        .on(ControllerService.DELETE_VOLUME, Csi.DeleteVolumeRequest.parser(), this::delete)
        .on(
            ControllerService.VALIDATE_VOLUME_CAPABILITIES,
            Csi.ValidateVolumeCapabilitiesRequest.parser(),
            this::validate)
        .on(ControllerService.LIST_VOLUMES, Csi.ListVolumesRequest.parser(), this::list)
        .on(
            ControllerService.CONTROLLER_GET_VOLUME,
            Csi.ControllerGetVolumeRequest.parser(),
            this::get)
        .on(ControllerService.GET_CAPACITY, Csi.GetCapacityRequest.parser(), this::capacity)
        .on(
            ControllerService.CONTROLLER_EXPAND_VOLUME,
            Csi.ControllerExpandVolumeRequest.parser(),
            this::expand)
        .on(
            ControllerService.CONTROLLER_MODIFY_VOLUME,
            Csi.ControllerModifyVolumeRequest.parser(),
            this::modify)
        .on(ControllerService.CREATE_SNAPSHOT, Csi.CreateSnapshotRequest.parser(), this::snapshot)
        .on(
            ControllerService.DELETE_SNAPSHOT,
            Csi.DeleteSnapshotRequest.parser(),
            this::deleteSnapshot)
        .on(
            ControllerService.LIST_SNAPSHOTS,
            Csi.ListSnapshotsRequest.parser(),
            this::listSnapshots);
  }

  private static Csi.ControllerGetCapabilitiesResponse capabilities() {
    Csi.ControllerGetCapabilitiesResponse.Builder response =
        Csi.ControllerGetCapabilitiesResponse.newBuilder();
    for (RPC.Type type : CAPABILITIES) {
      response.addCapabilities(
          Csi.ControllerServiceCapability.newBuilder().setRpc(RPC.newBuilder().setType(type)));
    }
    return response.build();
  }

  private Csi.CreateVolumeResponse create(Csi.CreateVolumeRequest request)
      throws InterruptedException {
    Wanted wanted = Requests.wanted(request);
    Csi.TopologyRequirement places = request.getAccessibilityRequirements();
    if (places.getRequisiteCount() > 0
        && places.getRequisiteList().stream().noneMatch(this::isHere)) {
      throw new GrpcException(
          GrpcStatus.RESOURCE_EXHAUSTED, "volumes of node %s are only there".formatted(node));
    }
    Source source = wanted.source();
    Volume made =
        guard.alone(
            "volume/" + Volumes.idOf(wanted.name()),
            () ->
                source == null
                    ? volumes.create(wanted)
                    : guard.alone(source.text(), () -> volumes.create(wanted)));
    Csi.Volume.Builder answer = answer(made).toBuilder();
    if (request.hasVolumeContentSource()) {
      answer.setContentSource(request.getVolumeContentSource());
    }
    return Csi.CreateVolumeResponse.newBuilder().setVolume(answer).build();
  }

  private boolean isHere(Csi.Topology place) {
    return place.getSegmentsMap().getOrDefault(Driver.TOPOLOGY, node).equals(node);
  }

  private Csi.Volume answer(Volume volume) {
    return Csi.Volume.newBuilder()
        .setVolumeId(volume.id())
        .setCapacityBytes(volume.size())
        .addAccessibleTopology(here(node))
        .build();
  }

  static Csi.Topology here(String node) {
    return Csi.Topology.newBuilder().putSegments(Driver.TOPOLOGY, node).build();
  }

  private Csi.DeleteVolumeResponse delete(Csi.DeleteVolumeRequest request)
      throws InterruptedException {
    String id = Guard.require(request.getVolumeId(), "volume id");
    guard.alone(
        "volume/" + id,
        () -> {
          volumes.delete(id);
          return id;
        });
    return Csi.DeleteVolumeResponse.getDefaultInstance();
  }

  private Csi.ValidateVolumeCapabilitiesResponse validate(
      Csi.ValidateVolumeCapabilitiesRequest request) throws InterruptedException {
    Guard.require(request.getVolumeId(), "volume id");
    List<Csi.VolumeCapability> capabilities = request.getVolumeCapabilitiesList();
    if (capabilities.isEmpty()) {
      throw Requests.invalid("volume capabilities missing in request");
    }
    Volume volume = Guard.plain(() -> volumes.require(request.getVolumeId()));
    String problem = Requests.unsupported(capabilities);
    if (problem.isEmpty() && capabilities.getFirst().hasBlock() != volume.content().isBlock()) {
      problem = "volume %s is of the other mode".formatted(volume.id());
    }
    return problem.isEmpty()
        ? Csi.ValidateVolumeCapabilitiesResponse.newBuilder()
            .setConfirmed(
                Csi.ValidateVolumeCapabilitiesResponse.Confirmed.newBuilder()
                    .putAllVolumeContext(request.getVolumeContextMap())
                    .addAllVolumeCapabilities(capabilities)
                    .putAllParameters(request.getParametersMap()))
            .build()
        : Csi.ValidateVolumeCapabilitiesResponse.newBuilder().setMessage(problem).build();
  }

  private Csi.ListVolumesResponse list(Csi.ListVolumesRequest request) throws InterruptedException {
    List<Volume> all = Guard.plain(volumes::all);
    Page<Volume> page =
        Page.of(all, Volume::id, request.getStartingToken(), request.getMaxEntries());
    Csi.ListVolumesResponse.Builder response =
        Csi.ListVolumesResponse.newBuilder().setNextToken(page.next());
    for (Volume volume : page.entries()) {
      response.addEntries(Csi.ListVolumesResponse.Entry.newBuilder().setVolume(answer(volume)));
    }
    return response.build();
  }

  private Csi.ControllerGetVolumeResponse get(Csi.ControllerGetVolumeRequest request)
      throws InterruptedException {
    Guard.require(request.getVolumeId(), "volume id");
    Volume volume = Guard.plain(() -> volumes.require(request.getVolumeId()));
    return Csi.ControllerGetVolumeResponse.newBuilder()
        .setVolume(answer(volume))
        .setStatus(Csi.ControllerGetVolumeResponse.VolumeStatus.getDefaultInstance())
        .build();
  }

  private Csi.GetCapacityResponse capacity(Csi.GetCapacityRequest request)
      throws InterruptedException {
    boolean usable =
        isHere(request.getAccessibleTopology())
            && Requests.unsupported(request.getVolumeCapabilitiesList()).isEmpty();
    Map<String, String> parameters = request.getParametersMap();
    Backing backing = Requests.backing(parameters);
    boolean overcommitted = Requests.overcommitted(parameters);
    long available =
        usable
            ? Guard.plain(() -> overcommitted ? volumes.limit(backing) : volumes.available(backing))
            : 0;
    return Csi.GetCapacityResponse.newBuilder()
        .setAvailableCapacity(available)
        .setMaximumVolumeSize(Int64Value.of(available))
        .build();
  }

  private Csi.ControllerExpandVolumeResponse expand(Csi.ControllerExpandVolumeRequest request)
      throws InterruptedException {
    String id = Guard.require(request.getVolumeId(), "volume id");
    Csi.CapacityRange range = request.getCapacityRange();
    if (range.getRequiredBytes() <= 0) {
      throw Requests.invalid("capacity range missing in request");
    }
    Volume volume =
        guard.alone(
            "volume/" + id,
            () -> volumes.expand(id, range.getRequiredBytes(), range.getLimitBytes()));
    return Csi.ControllerExpandVolumeResponse.newBuilder()
        .setCapacityBytes(volume.size())
        .setNodeExpansionRequired(!volume.content().isDirectory())
        .build();
  }

  private Csi.ControllerModifyVolumeResponse modify(Csi.ControllerModifyVolumeRequest request)
      throws InterruptedException {
    String id = Guard.require(request.getVolumeId(), "volume id");
    guard.alone(
        "volume/" + id,
        () -> {
          boolean before = volumes.require(id).overcommitted();
          return volumes.overcommit(
              id, Requests.modified(request.getModifiableParametersMap(), before));
        });
    return Csi.ControllerModifyVolumeResponse.getDefaultInstance();
  }

  private Csi.CreateSnapshotResponse snapshot(Csi.CreateSnapshotRequest request)
      throws InterruptedException {
    String name = Guard.require(request.getName(), "name");
    String source = Guard.require(request.getSourceVolumeId(), "source volume id");
    Snapshot taken =
        guard.alone(
            "snapshot/" + Volumes.idOf(name),
            () -> guard.alone("volume/" + source, () -> volumes.snapshot(name, source)));
    return Csi.CreateSnapshotResponse.newBuilder().setSnapshot(answer(taken)).build();
  }

  private static Csi.Snapshot answer(Snapshot snapshot) {
    return Csi.Snapshot.newBuilder()
        .setSnapshotId(snapshot.id())
        .setSourceVolumeId(snapshot.volume())
        .setSizeBytes(snapshot.size())
        .setCreationTime(
            Timestamp.newBuilder()
                .setSeconds(snapshot.created().getEpochSecond())
                .setNanos(snapshot.created().getNano()))
        .setReadyToUse(true)
        .build();
  }

  private Csi.DeleteSnapshotResponse deleteSnapshot(Csi.DeleteSnapshotRequest request)
      throws InterruptedException {
    String id = Guard.require(request.getSnapshotId(), "snapshot id");
    guard.alone(
        "snapshot/" + id,
        () -> {
          volumes.deleteSnapshot(id);
          return id;
        });
    return Csi.DeleteSnapshotResponse.getDefaultInstance();
  }

  private Csi.ListSnapshotsResponse listSnapshots(Csi.ListSnapshotsRequest request)
      throws InterruptedException {
    List<Snapshot> all =
        Guard.plain(volumes::allSnapshots).stream()
            .filter(each -> matches(request.getSnapshotId(), each.id()))
            .filter(each -> matches(request.getSourceVolumeId(), each.volume()))
            .toList();
    Page<Snapshot> page =
        Page.of(all, Snapshot::id, request.getStartingToken(), request.getMaxEntries());
    Csi.ListSnapshotsResponse.Builder response =
        Csi.ListSnapshotsResponse.newBuilder().setNextToken(page.next());
    for (Snapshot snapshot : page.entries()) {
      response.addEntries(
          Csi.ListSnapshotsResponse.Entry.newBuilder().setSnapshot(answer(snapshot)));
    }
    return response.build();
  }

  private static boolean matches(String asked, String id) {
    return asked.isEmpty() || asked.equals(id);
  }
}
