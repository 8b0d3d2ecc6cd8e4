package dev.tiphys.storage.sidecar;

import com.google.protobuf.MessageLite;
import dev.tiphys.csi.Csi;
import dev.tiphys.grpc.GrpcException;
import dev.tiphys.grpc.GrpcMethod;
import dev.tiphys.grpc.GrpcStatus;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/// A driver without a disk: volumes are sizes by their names. Refuses what a test wants refused,
/// and can fail after it has done what it was asked.
public final class FakeDriver implements DriverCalls {

  public static final SidecarSettings SETTINGS = of("node-1");

  public final Map<String, Long> volumes = new TreeMap<>();
  public final Map<String, Map<String, String>> attributes = new TreeMap<>();
  public final Map<String, String> snapshots = new TreeMap<>();
  public final Map<String, Integer> calls = new TreeMap<>();
  private final String node;
  public long room;
  public Predicate<String> failsBefore = _ -> false;
  public Predicate<String> failsAfterwards = _ -> false;
  public GrpcException refusal;
  public Csi.CreateVolumeRequest last;

  public FakeDriver(String node, long room) {
    this.node = node;
    this.room = room;
  }

  public static SidecarSettings of(String node) {
    return new SidecarSettings("local.tiphys.dev", "topology.local.tiphys.dev/node", node);
  }

  @Override
  @SuppressWarnings("unchecked") // the method says what it answers
  public synchronized <Q extends MessageLite, R extends MessageLite> R call(
      GrpcMethod<Q, R> method, Q request) {
    calls.merge(method.name(), 1, Integer::sum);
    if (refusal != null && !method.name().equals("GetCapacity")) {
      throw refusal;
    }
    if (failsBefore.test(method.name())) {
      throw new GrpcException(GrpcStatus.UNAVAILABLE, "the question was lost");
    }
    MessageLite answer =
        switch (request) {
          case Csi.CreateVolumeRequest create -> create(create);
          case Csi.DeleteVolumeRequest delete -> {
            volumes.remove(delete.getVolumeId());
            attributes.remove(delete.getVolumeId());
            yield Csi.DeleteVolumeResponse.getDefaultInstance();
          }
          case Csi.ControllerExpandVolumeRequest expand -> expand(expand);
          case Csi.ControllerModifyVolumeRequest modify -> {
            attribute(modify.getVolumeId(), modify.getModifiableParametersMap());
            yield Csi.ControllerModifyVolumeResponse.getDefaultInstance();
          }
          case Csi.CreateSnapshotRequest create -> {
            if (!volumes.containsKey(create.getSourceVolumeId())) {
              throw new GrpcException(GrpcStatus.NOT_FOUND, "no such volume");
            }
            snapshots.put(create.getName(), create.getSourceVolumeId());
            yield Csi.CreateSnapshotResponse.newBuilder()
                .setSnapshot(snapshot(create.getName()))
                .build();
          }
          case Csi.DeleteSnapshotRequest delete -> {
            snapshots.remove(delete.getSnapshotId());
            yield Csi.DeleteSnapshotResponse.getDefaultInstance();
          }
          case Csi.ListSnapshotsRequest list -> {
            Csi.ListSnapshotsResponse.Builder found = Csi.ListSnapshotsResponse.newBuilder();
            if (snapshots.containsKey(list.getSnapshotId())) {
              found.addEntries(
                  Csi.ListSnapshotsResponse.Entry.newBuilder()
                      .setSnapshot(snapshot(list.getSnapshotId())));
            }
            yield found.build();
          }
          case Csi.GetCapacityRequest _ ->
              Csi.GetCapacityResponse.newBuilder().setAvailableCapacity(room).build();
          default -> throw new GrpcException(GrpcStatus.UNIMPLEMENTED, method.name());
        };
    if (failsAfterwards.test(method.name())) {
      throw new GrpcException(GrpcStatus.UNAVAILABLE, "the answer was lost");
    }
    return (R) answer;
  }

  private Csi.Snapshot snapshot(String id) {
    return Csi.Snapshot.newBuilder()
        .setSnapshotId(id)
        .setSourceVolumeId(snapshots.get(id))
        .setSizeBytes(1 << 20)
        .setReadyToUse(true)
        .build();
  }

  private Csi.CreateVolumeResponse create(Csi.CreateVolumeRequest request) {
    last = request;
    long size = request.getCapacityRange().getRequiredBytes();
    if (!volumes.containsKey(request.getName())) {
      take(size);
      volumes.put(request.getName(), size);
      attribute(request.getName(), request.getModifiableParametersMap());
    }
    return Csi.CreateVolumeResponse.newBuilder()
        .setVolume(
            Csi.Volume.newBuilder()
                .setVolumeId(request.getName())
                .setCapacityBytes(size)
                .addAccessibleTopology(
                    Csi.Topology.newBuilder().putSegments("topology.local.tiphys.dev/node", node)))
        .build();
  }

  private void attribute(String volume, Map<String, String> values) {
    if (!volumes.containsKey(volume)) {
      throw new GrpcException(GrpcStatus.NOT_FOUND, "no such volume");
    }
    if (!Set.of("overcommit").containsAll(values.keySet())) {
      throw new GrpcException(GrpcStatus.INVALID_ARGUMENT, "no such parameter");
    }
    attributes.put(volume, Map.copyOf(values));
  }

  private Csi.ControllerExpandVolumeResponse expand(Csi.ControllerExpandVolumeRequest request) {
    Long before = volumes.get(request.getVolumeId());
    if (before == null) {
      throw new GrpcException(GrpcStatus.NOT_FOUND, "no such volume");
    }
    long size = request.getCapacityRange().getRequiredBytes();
    if (size > before) {
      take(size - before);
      volumes.put(request.getVolumeId(), size);
    }
    return Csi.ControllerExpandVolumeResponse.newBuilder()
        .setCapacityBytes(size)
        .setNodeExpansionRequired(true)
        .build();
  }

  private void take(long bytes) {
    if (bytes > room) {
      throw new GrpcException(GrpcStatus.RESOURCE_EXHAUSTED, "not enough space");
    }
    room -= bytes;
  }
}
