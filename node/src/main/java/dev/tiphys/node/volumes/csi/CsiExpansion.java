package dev.tiphys.node.volumes.csi;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.PatchType;
import dev.tiphys.csi.Csi;
import dev.tiphys.csi.Csi.NodeServiceCapability.RPC;
import dev.tiphys.csi.NodeService;
import dev.tiphys.grpc.GrpcException;
import dev.tiphys.grpc.GrpcStatus;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.PodEvents;
import dev.tiphys.node.volumes.VolumeFailure;
import dev.tiphys.node.volumes.VolumeRequest;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import java.util.List;
import java.util.Set;

/// Makes file systems as large as their volumes have become, and tells the claims.
///
/// Threads: any; for one volume one at a time.
public final class CsiExpansion {
  /// What a driver answers that will never do it: trying again is of no use until the claim
  /// changes.
  private static final Set<GrpcStatus> INFEASIBLE =
      Set.of(GrpcStatus.INVALID_ARGUMENT, GrpcStatus.OUT_OF_RANGE, GrpcStatus.NOT_FOUND);

  private static final String PENDING = "NodeResizePending";
  private static final String IN_PROGRESS = "NodeResizeInProgress";
  private static final String INFEASIBLE_STATUS = "NodeResizeInfeasible";

  private final Api api;
  private final CsiObjects objects;
  private final PodEvents events;

  public CsiExpansion(Api api, CsiObjects objects, PodEvents events) {
    this.api = api;
    this.objects = objects;
    this.events = events;
  }

  /// Whether a volume has grown further than its file system.
  boolean isDue(CsiSource source) {
    VolumeRequest.Claimed claimed = source.request().claimed();
    if (claimed == null) {
      return false;
    }
    Struct status = claimed.claim().struct("status");
    String resize = status.string("allocatedResourceStatuses", "storage");
    boolean waits =
        resize.equals(PENDING)
            || resize.equals(IN_PROGRESS)
            || resize.isEmpty()
                && Meta.condition(claimed.claim(), "FileSystemResizePending") != null;
    return waits && size(status).compareTo(size(claimed.spec())) < 0;
  }

  private static Quantity size(Struct holder) {
    return Quantity.from(holder.get("capacity", "storage"));
  }

  /// Expands a volume that is published, if that is due.
  ///
  /// @throws VolumeFailure if the driver does not; the volume can be used as it is
  void expand(CsiCalls.Use use, CsiPaths paths) throws VolumeFailure, InterruptedException {
    VolumeRequest request = use.source().request();
    VolumeRequest.Claimed claimed = request.claimed();
    if (claimed == null || !isDue(use.source())) {
      return;
    }
    if (!use.abilities().contains(RPC.Type.EXPAND_VOLUME)) {
      throw failure(
          request,
          "Expander.NodeExpand found CSI plugin kubernetes.io/csi/%s to not support node expansion"
              .formatted(use.source().driver()));
    }
    if (request.readOnly()) {
      String message =
          "MountVolume.NodeExpandVolume failed for volume \"%s\" requested read-only file system"
              .formatted(request.name());
      events.warning(request.pod(), "FileSystemResizeFailed", message);
      events.about(claimed.claim(), "Warning", "FileSystemResizeFailed", message);
      return;
    }
    try {
      mark(claimed.claim(), IN_PROGRESS);
      call(use, paths, size(claimed.spec()));
      finish(request.pod(), claimed);
    } catch (GrpcException e) {
      if (e.status() == GrpcStatus.FAILED_PRECONDITION) {
        return; // It can't be done while it is in use: it is tried when it is published next.
      }
      if (INFEASIBLE.contains(e.status())) {
        mark(claimed.claim(), INFEASIBLE_STATUS);
      }
      throw failure(request, "Expander.NodeExpand failed to expand the volume : " + e.getMessage());
    } catch (ApiException e) {
      throw failure(
          request, "mountVolume.NodeExpandVolume update PVC status failed : " + e.message());
    }
  }

  private static VolumeFailure failure(VolumeRequest request, String message) {
    return VolumeFailure.at(
        "MountVolume.Setup failed while expanding volume", request.name(), message);
  }

  private void call(CsiCalls.Use use, CsiPaths paths, Quantity size)
      throws VolumeFailure, InterruptedException {
    CsiSource source = use.source();
    VolumeRequest request = source.request();
    boolean stages = use.abilities().contains(RPC.Type.STAGE_UNSTAGE_VOLUME);
    Csi.NodeExpandVolumeRequest.Builder question =
        Csi.NodeExpandVolumeRequest.newBuilder()
            .setVolumeId(source.handle())
            .setVolumePath(
                paths.target(request.pod().uid(), request.name(), request.block()).toString())
            .setCapacityRange(Csi.CapacityRange.newBuilder().setRequiredBytes(size.units()))
            .setVolumeCapability(use.capability())
            .putAllSecrets(objects.secret(source, "nodeExpandSecretRef"));
    if (stages) {
      question.setStagingTargetPath(
          paths
              .staging(source.driver(), source.handle(), request.name(), request.block())
              .toString());
    }
    use.endpoint().call(NodeService.NODE_EXPAND_VOLUME, question.build());
  }

  /// How far the claim's expansion is. One that says nothing of it is not made to.
  private void mark(Struct claim, String how) {
    if (!claim.string("status", "allocatedResourceStatuses", "storage").isEmpty()) {
      patch(claim, Struct.of("allocatedResourceStatuses", Struct.of("storage", how)));
    }
  }

  private void finish(Pod pod, VolumeRequest.Claimed claimed) {
    String message =
        "MountVolume.NodeExpandVolume succeeded for volume \"%s\" %s"
            .formatted(Meta.of(claimed.volume()).name(), objects.node());
    events.normal(pod, "FileSystemResizeSuccessful", message);
    events.about(claimed.claim(), "Normal", "FileSystemResizeSuccessful", message);
    Struct now =
        api.get(
            ApiResource.PERSISTENT_VOLUME_CLAIMS,
            Meta.of(claimed.claim()).namespace(),
            Meta.of(claimed.claim()).name());
    Struct status =
        now.struct("status")
            .without("allocatedResourceStatuses")
            .with("capacity", claimed.spec().struct("capacity"))
            .with("conditions", others(now));
    Struct _ =
        api.update(ApiResource.PERSISTENT_VOLUME_CLAIMS, now.with("status", status), "status");
  }

  private static List<Struct> others(Struct claim) {
    return claim.structs("status", "conditions").stream()
        .filter(
            condition ->
                !Set.of("Resizing", "FileSystemResizePending", "NodeResizeError")
                    .contains(condition.string("type")))
        .toList();
  }

  private void patch(Struct claim, Struct status) {
    Struct _ =
        api.patch(
            ApiResource.PERSISTENT_VOLUME_CLAIMS,
            Meta.of(claim).namespace(),
            Meta.of(claim).name(),
            "status",
            PatchType.MERGE,
            Struct.of("status", status));
  }
}
