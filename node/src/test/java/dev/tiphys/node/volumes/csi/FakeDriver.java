package dev.tiphys.node.volumes.csi;

import com.google.protobuf.MessageLite;
import dev.tiphys.csi.Csi;
import dev.tiphys.csi.Csi.NodeServiceCapability.RPC;
import dev.tiphys.csi.NodeService;
import dev.tiphys.csi.PluginRegistration;
import dev.tiphys.csi.RegistrationService;
import dev.tiphys.grpc.GrpcException;
import dev.tiphys.grpc.GrpcService;
import dev.tiphys.grpc.GrpcStatus;
import dev.tiphys.node.volumes.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// A storage driver whose volumes are directories, with faults on demand.
///
/// Threads: any.
public final class FakeDriver {
  /// The driver's name.
  public static final String NAME = "fake.csi.test";

  /// What it can do.
  public final Set<RPC.Type> abilities =
      EnumSet.of(RPC.Type.STAGE_UNSTAGE_VOLUME, RPC.Type.EXPAND_VOLUME);

  /// Everything it was asked, but for what it is and can.
  public final List<MessageLite> asked = new CopyOnWriteArrayList<>();

  private final List<Fault> faults = new CopyOnWriteArrayList<>();
  private final Mounts mounts;
  private final Path volumes;

  /// Versions that it says it speaks.
  public List<String> versions = List.of("1.0.0");

  /// What it says of the node.
  public Csi.NodeGetInfoResponse node =
      Csi.NodeGetInfoResponse.newBuilder()
          .setNodeId("node-id-1")
          .setMaxVolumesPerNode(5)
          .setAccessibleTopology(
              Csi.Topology.newBuilder().putSegments("topology.fake.csi.test/zone", "a"))
          .build();

  /// What the agent told it of its registration.
  public final List<PluginRegistration.RegistrationStatus> told = new CopyOnWriteArrayList<>();

  /// @param kind the question that it befalls
  /// @param halfDone whether the work is done all the same
  private record Fault(Class<? extends MessageLite> kind, GrpcStatus status, boolean halfDone) {}

  /// @param volumes where its volumes are
  public FakeDriver(Mounts mounts, Path volumes) {
    this.mounts = mounts;
    this.volumes = volumes;
  }

  /// The next question of a kind is refused.
  public void failOnce(Class<? extends MessageLite> kind, GrpcStatus status) {
    faults.add(new Fault(kind, status, false));
  }

  /// The next question of a kind is refused after the work was done.
  public void failOnceAfterwards(Class<? extends MessageLite> kind, GrpcStatus status) {
    faults.add(new Fault(kind, status, true));
  }

  /// Told of each question before it is answered; what it throws is thrown at the agent.
  public Consumer<MessageLite> before = _ -> {};

  /// Told of each question after the work was done.
  public Consumer<MessageLite> after = _ -> {};

  /// Whether it says yes and does nothing when it is to take volumes back.
  public boolean lies;

  /// How full it says that its volumes are.
  public Csi.NodeGetVolumeStatsResponse stats = Csi.NodeGetVolumeStatsResponse.getDefaultInstance();

  /// How often it was asked something.
  public long count(Class<? extends MessageLite> kind) {
    return asked.stream().filter(kind::isInstance).count();
  }

  /// The names of the questions so far, in order.
  public List<String> names() {
    List<String> names = new ArrayList<>();
    asked.forEach(
        question -> names.add(question.getClass().getSimpleName().replace("Request", "")));
    return names;
  }

  /// The last question of a kind.
  public <Q extends MessageLite> Q last(Class<Q> kind) {
    return asked.stream().filter(kind::isInstance).map(kind::cast).toList().getLast();
  }

  /// Answers a question.
  public MessageLite answer(MessageLite question) {
    if (question instanceof PluginRegistration.RegistrationStatus status) {
      told.add(status);
      return PluginRegistration.RegistrationStatusResponse.getDefaultInstance();
    }
    MessageLite known = known(question);
    if (known != null) {
      return known;
    }
    before.accept(question);
    asked.add(question);
    Fault fault = null;
    for (Fault candidate : faults) {
      if (fault == null && candidate.kind.isInstance(question)) {
        fault = candidate;
      }
    }
    faults.remove(fault);
    if (fault != null && !fault.halfDone) {
      throw new GrpcException(fault.status, "as the test wants it");
    }
    MessageLite answer;
    try {
      answer = work(question);
    } catch (IOException | InterruptedException e) {
      throw new GrpcException(GrpcStatus.INTERNAL, e.toString(), e);
    }
    if (fault != null) {
      throw new GrpcException(fault.status, "as the test wants it");
    }
    after.accept(question);
    return answer;
  }

  private MessageLite known(MessageLite question) {
    return switch (question) {
      case PluginRegistration.InfoRequest _ ->
          PluginRegistration.PluginInfo.newBuilder()
              .setType("CSIPlugin")
              .setName(NAME)
              .addAllSupportedVersions(versions)
              .build();
      case Csi.NodeGetInfoRequest _ -> node;
      case Csi.NodeGetCapabilitiesRequest _ -> {
        Csi.NodeGetCapabilitiesResponse.Builder all = Csi.NodeGetCapabilitiesResponse.newBuilder();
        abilities.forEach(
            ability ->
                all.addCapabilities(
                    Csi.NodeServiceCapability.newBuilder()
                        .setRpc(RPC.newBuilder().setType(ability))));
        yield all.build();
      }
      default -> null;
    };
  }

  private MessageLite work(MessageLite question) throws IOException, InterruptedException {
    switch (question) {
      case Csi.NodeStageVolumeRequest q -> {
        Path volume = Files.createDirectories(volumes.resolve(q.getVolumeId()));
        bindOnce(volume, Path.of(q.getStagingTargetPath()));
        return Csi.NodeStageVolumeResponse.getDefaultInstance();
      }
      case Csi.NodePublishVolumeRequest q -> {
        Path target = Path.of(q.getTargetPath());
        Path from =
            q.getStagingTargetPath().isEmpty()
                ? Files.createDirectories(volumes.resolve(q.getVolumeId()))
                : Path.of(q.getStagingTargetPath());
        if (!q.getStagingTargetPath().isEmpty() && !mounts.isMounted(from)) {
          throw new GrpcException(GrpcStatus.FAILED_PRECONDITION, "it is not staged");
        }
        if (q.getVolumeCapability().hasBlock()) {
          if (!Files.exists(target)) {
            Files.createFile(target);
          }
          from = Files.write(volumes.resolve(q.getVolumeId() + ".device"), new byte[0]);
        } else {
          Files.createDirectories(target);
        }
        bindOnce(from, target);
        return Csi.NodePublishVolumeResponse.getDefaultInstance();
      }
      case Csi.NodeUnpublishVolumeRequest q -> {
        Path target = Path.of(q.getTargetPath());
        if (!lies) {
          mounts.unmount(target);
          Files.deleteIfExists(target);
        }
        return Csi.NodeUnpublishVolumeResponse.getDefaultInstance();
      }
      case Csi.NodeUnstageVolumeRequest q -> {
        if (!lies) {
          mounts.unmount(Path.of(q.getStagingTargetPath()));
        }
        return Csi.NodeUnstageVolumeResponse.getDefaultInstance();
      }
      case Csi.NodeExpandVolumeRequest q -> {
        return Csi.NodeExpandVolumeResponse.newBuilder()
            .setCapacityBytes(q.getCapacityRange().getRequiredBytes())
            .build();
      }
      case Csi.NodeGetVolumeStatsRequest _ -> {
        return stats;
      }
      default -> throw new GrpcException(GrpcStatus.UNIMPLEMENTED, "no such method");
    }
  }

  private void bindOnce(Path from, Path place) throws IOException, InterruptedException {
    if (!mounts.isMounted(place)) {
      mounts.bind(from, place);
    }
  }

  /// What a server on a socket answers for it.
  @SuppressWarnings("unchecked")
  public List<GrpcService> services() {
    return List.of(
        new GrpcService()
            .on(
                RegistrationService.GET_INFO,
                PluginRegistration.InfoRequest.parser(),
                q -> (PluginRegistration.PluginInfo) answer(q))
            .on(
                RegistrationService.NOTIFY_REGISTRATION_STATUS,
                PluginRegistration.RegistrationStatus.parser(),
                q -> (PluginRegistration.RegistrationStatusResponse) answer(q))
            .on(
                NodeService.NODE_GET_INFO,
                Csi.NodeGetInfoRequest.parser(),
                q -> (Csi.NodeGetInfoResponse) answer(q))
            .on(
                NodeService.NODE_GET_CAPABILITIES,
                Csi.NodeGetCapabilitiesRequest.parser(),
                q -> (Csi.NodeGetCapabilitiesResponse) answer(q))
            .on(
                NodeService.NODE_STAGE_VOLUME,
                Csi.NodeStageVolumeRequest.parser(),
                q -> (Csi.NodeStageVolumeResponse) answer(q))
            .on(
                NodeService.NODE_UNSTAGE_VOLUME,
                Csi.NodeUnstageVolumeRequest.parser(),
                q -> (Csi.NodeUnstageVolumeResponse) answer(q))
            .on(
                NodeService.NODE_PUBLISH_VOLUME,
                Csi.NodePublishVolumeRequest.parser(),
                q -> (Csi.NodePublishVolumeResponse) answer(q))
            .on(
                NodeService.NODE_UNPUBLISH_VOLUME,
                Csi.NodeUnpublishVolumeRequest.parser(),
                q -> (Csi.NodeUnpublishVolumeResponse) answer(q))
            .on(
                NodeService.NODE_EXPAND_VOLUME,
                Csi.NodeExpandVolumeRequest.parser(),
                q -> (Csi.NodeExpandVolumeResponse) answer(q)));
  }
}
