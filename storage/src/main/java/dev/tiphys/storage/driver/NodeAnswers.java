package dev.tiphys.storage.driver;

import dev.tiphys.csi.Csi;
import dev.tiphys.csi.Csi.NodeServiceCapability.RPC;
import dev.tiphys.csi.NodeService;
import dev.tiphys.grpc.GrpcException;
import dev.tiphys.grpc.GrpcService;
import dev.tiphys.grpc.GrpcStatus;
import dev.tiphys.storage.host.Usage;
import dev.tiphys.storage.volumes.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What the driver answers to the agent of its node.
final class NodeAnswers {

  private static final List<RPC.Type> CAPABILITIES =
      List.of(
          RPC.Type.STAGE_UNSTAGE_VOLUME,
          RPC.Type.GET_VOLUME_STATS,
          RPC.Type.EXPAND_VOLUME,
          RPC.Type.VOLUME_CONDITION,
          RPC.Type.SINGLE_NODE_MULTI_WRITER);

  private final Staging staging;
  private final String node;
  private final Guard guard;

  NodeAnswers(Staging staging, String node, Guard guard) {
    this.staging = staging;
    this.node = node;
    this.guard = guard;
  }

  GrpcService service() {
    return new GrpcService()
        .on(
            NodeService.NODE_GET_CAPABILITIES,
            Csi.NodeGetCapabilitiesRequest.parser(),
            _ -> capabilities())
        .on(NodeService.NODE_GET_INFO, Csi.NodeGetInfoRequest.parser(), _ -> info())
        .on(NodeService.NODE_STAGE_VOLUME, Csi.NodeStageVolumeRequest.parser(), this::stage)
        .on(NodeService.NODE_UNSTAGE_VOLUME, Csi.NodeUnstageVolumeRequest.parser(), this::unstage)
        .on(NodeService.NODE_PUBLISH_VOLUME, Csi.NodePublishVolumeRequest.parser(), this::publish)
        .on(
            NodeService.NODE_UNPUBLISH_VOLUME,
            Csi.NodeUnpublishVolumeRequest.parser(),
            this::unpublish)
        .on(NodeService.NODE_EXPAND_VOLUME, Csi.NodeExpandVolumeRequest.parser(), this::expand)
        .on(NodeService.NODE_GET_VOLUME_STATS, Csi.NodeGetVolumeStatsRequest.parser(), this::stats);
  }

  private static Csi.NodeGetCapabilitiesResponse capabilities() {
    Csi.NodeGetCapabilitiesResponse.Builder response = Csi.NodeGetCapabilitiesResponse.newBuilder();
    for (RPC.Type type : CAPABILITIES) {
      response.addCapabilities(
          Csi.NodeServiceCapability.newBuilder().setRpc(RPC.newBuilder().setType(type)));
    }
    return response.build();
  }

  private Csi.NodeGetInfoResponse info() {
    return Csi.NodeGetInfoResponse.newBuilder()
        .setNodeId(node)
        .setAccessibleTopology(ControllerAnswers.here(node))
        .build();
  }

  private Csi.NodeStageVolumeResponse stage(Csi.NodeStageVolumeRequest request)
      throws InterruptedException {
    String id = Guard.require(request.getVolumeId(), "volume id");
    String place = Guard.require(request.getStagingTargetPath(), "staging target path");
    requireUsable(request.hasVolumeCapability(), request.getVolumeCapability());
    return guard.alone(
        "volume/" + id,
        () -> {
          Volume volume = requireOfMode(id, request.getVolumeCapability());
          staging.stage(
              volume, Path.of(place), request.getVolumeCapability().getMount().getMountFlagsList());
          return Csi.NodeStageVolumeResponse.getDefaultInstance();
        });
  }

  private static void requireUsable(boolean given, Csi.VolumeCapability capability) {
    if (!given) {
      throw Requests.invalid("volume capability missing in request");
    }
    String problem = Requests.unsupported(List.of(capability));
    if (!problem.isEmpty()) {
      throw Requests.invalid(problem);
    }
  }

  private Volume requireOfMode(String id, Csi.VolumeCapability capability) throws IOException {
    Volume volume = staging.volumes().require(id);
    if (capability.hasBlock() != volume.content().isBlock()) {
      throw Requests.invalid("volume %s is of the other mode".formatted(id));
    }
    return volume;
  }

  private Csi.NodeUnstageVolumeResponse unstage(Csi.NodeUnstageVolumeRequest request)
      throws InterruptedException {
    String id = Guard.require(request.getVolumeId(), "volume id");
    String place = Guard.require(request.getStagingTargetPath(), "staging target path");
    return guard.alone(
        "volume/" + id,
        () -> {
          staging.unstage(id, Path.of(place));
          return Csi.NodeUnstageVolumeResponse.getDefaultInstance();
        });
  }

  private Csi.NodePublishVolumeResponse publish(Csi.NodePublishVolumeRequest request)
      throws InterruptedException {
    String id = Guard.require(request.getVolumeId(), "volume id");
    String place = Guard.require(request.getTargetPath(), "target path");
    String staged = Guard.require(request.getStagingTargetPath(), "staging target path");
    requireUsable(request.hasVolumeCapability(), request.getVolumeCapability());
    List<String> flags =
        new ArrayList<>(
            request.getVolumeCapability().getMount().getMountFlagsList().stream()
                .filter(OF_ONE_MOUNT::contains)
                .toList());
    if (request.getReadonly()
        || request.getVolumeCapability().getAccessMode().getMode()
            == Csi.VolumeCapability.AccessMode.Mode.SINGLE_NODE_READER_ONLY) {
      flags.add("ro");
    }
    return guard.alone(
        "volume/" + id,
        () -> {
          Volume volume = requireOfMode(id, request.getVolumeCapability());
          staging.publish(volume, Path.of(staged), Path.of(place), flags);
          return Csi.NodePublishVolumeResponse.getDefaultInstance();
        });
  }

  /// The options that are not the file system's.
  private static final List<String> OF_ONE_MOUNT =
      List.of("ro", "nosuid", "nodev", "noexec", "noatime", "nodiratime", "relatime");

  private Csi.NodeUnpublishVolumeResponse unpublish(Csi.NodeUnpublishVolumeRequest request)
      throws InterruptedException {
    String id = Guard.require(request.getVolumeId(), "volume id");
    String place = Guard.require(request.getTargetPath(), "target path");
    return guard.alone(
        "volume/" + id,
        () -> {
          staging.unpublish(Path.of(place));
          return Csi.NodeUnpublishVolumeResponse.getDefaultInstance();
        });
  }

  private Csi.NodeExpandVolumeResponse expand(Csi.NodeExpandVolumeRequest request)
      throws InterruptedException {
    String id = Guard.require(request.getVolumeId(), "volume id");
    String path = Guard.require(request.getVolumePath(), "volume path");
    return guard.alone(
        "volume/" + id,
        () -> {
          Volume volume = staging.volumes().require(id);
          requirePath(path);
          staging.expand(volume, Path.of(path));
          return Csi.NodeExpandVolumeResponse.newBuilder().setCapacityBytes(volume.size()).build();
        });
  }

  private static void requirePath(String path) {
    if (!Files.exists(Path.of(path))) {
      throw new GrpcException(GrpcStatus.NOT_FOUND, "volume path %s not found".formatted(path));
    }
  }

  private Csi.NodeGetVolumeStatsResponse stats(Csi.NodeGetVolumeStatsRequest request)
      throws InterruptedException {
    String id = Guard.require(request.getVolumeId(), "volume id");
    String path = Guard.require(request.getVolumePath(), "volume path");
    return Guard.plain(
        () -> {
          Volume volume = staging.volumes().require(id);
          requirePath(path);
          String problem = staging.problem(volume, Path.of(path));
          Csi.NodeGetVolumeStatsResponse.Builder response =
              Csi.NodeGetVolumeStatsResponse.newBuilder()
                  .setVolumeCondition(
                      Csi.VolumeCondition.newBuilder()
                          .setAbnormal(!problem.isEmpty())
                          .setMessage(problem.isEmpty() ? "the volume is healthy" : problem));
          if (volume.content().isBlock()) {
            return response
                .addUsage(
                    Csi.VolumeUsage.newBuilder()
                        .setUnit(Csi.VolumeUsage.Unit.BYTES)
                        .setTotal(volume.size()))
                .build();
          }
          Usage usage = Usage.of(Path.of(path));
          return response
              .addUsage(usage(Csi.VolumeUsage.Unit.BYTES, usage.bytes()))
              .addUsage(usage(Csi.VolumeUsage.Unit.INODES, usage.inodes()))
              .build();
        });
  }

  private static Csi.VolumeUsage usage(Csi.VolumeUsage.Unit unit, Usage.Amount amount) {
    return Csi.VolumeUsage.newBuilder()
        .setUnit(unit)
        .setTotal(amount.total())
        .setAvailable(amount.available())
        .setUsed(amount.total() - amount.free())
        .build();
  }
}
