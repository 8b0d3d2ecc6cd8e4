package dev.tiphys.csi;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.tiphys.grpc.GrpcMethod;

/// The methods of the CSI service that makes, places and removes volumes and snapshots.
public final class ControllerService {

  public static final GrpcMethod<Csi.CreateVolumeRequest, Csi.CreateVolumeResponse> CREATE_VOLUME =
      method("CreateVolume", Csi.CreateVolumeResponse.parser());

  public static final GrpcMethod<Csi.DeleteVolumeRequest, Csi.DeleteVolumeResponse> DELETE_VOLUME =
      method("DeleteVolume", Csi.DeleteVolumeResponse.parser());

  public static final GrpcMethod<
          Csi.ControllerPublishVolumeRequest, Csi.ControllerPublishVolumeResponse>
      CONTROLLER_PUBLISH_VOLUME =
          method("ControllerPublishVolume", Csi.ControllerPublishVolumeResponse.parser());

  public static final GrpcMethod<
          Csi.ControllerUnpublishVolumeRequest, Csi.ControllerUnpublishVolumeResponse>
      CONTROLLER_UNPUBLISH_VOLUME =
          method("ControllerUnpublishVolume", Csi.ControllerUnpublishVolumeResponse.parser());

  public static final GrpcMethod<
          Csi.ValidateVolumeCapabilitiesRequest, Csi.ValidateVolumeCapabilitiesResponse>
      VALIDATE_VOLUME_CAPABILITIES =
          method("ValidateVolumeCapabilities", Csi.ValidateVolumeCapabilitiesResponse.parser());

  public static final GrpcMethod<Csi.ListVolumesRequest, Csi.ListVolumesResponse> LIST_VOLUMES =
      method("ListVolumes", Csi.ListVolumesResponse.parser());

  public static final GrpcMethod<Csi.GetCapacityRequest, Csi.GetCapacityResponse> GET_CAPACITY =
      method("GetCapacity", Csi.GetCapacityResponse.parser());

  public static final GrpcMethod<
          Csi.ControllerGetCapabilitiesRequest, Csi.ControllerGetCapabilitiesResponse>
      CONTROLLER_GET_CAPABILITIES =
          method("ControllerGetCapabilities", Csi.ControllerGetCapabilitiesResponse.parser());

  public static final GrpcMethod<Csi.CreateSnapshotRequest, Csi.CreateSnapshotResponse>
      CREATE_SNAPSHOT = method("CreateSnapshot", Csi.CreateSnapshotResponse.parser());

  public static final GrpcMethod<Csi.DeleteSnapshotRequest, Csi.DeleteSnapshotResponse>
      DELETE_SNAPSHOT = method("DeleteSnapshot", Csi.DeleteSnapshotResponse.parser());

  public static final GrpcMethod<Csi.ListSnapshotsRequest, Csi.ListSnapshotsResponse>
      LIST_SNAPSHOTS = method("ListSnapshots", Csi.ListSnapshotsResponse.parser());

  public static final GrpcMethod<
          Csi.ControllerExpandVolumeRequest, Csi.ControllerExpandVolumeResponse>
      CONTROLLER_EXPAND_VOLUME =
          method("ControllerExpandVolume", Csi.ControllerExpandVolumeResponse.parser());

  public static final GrpcMethod<Csi.ControllerGetVolumeRequest, Csi.ControllerGetVolumeResponse>
      CONTROLLER_GET_VOLUME =
          method("ControllerGetVolume", Csi.ControllerGetVolumeResponse.parser());

  public static final GrpcMethod<
          Csi.ControllerModifyVolumeRequest, Csi.ControllerModifyVolumeResponse>
      CONTROLLER_MODIFY_VOLUME =
          method("ControllerModifyVolume", Csi.ControllerModifyVolumeResponse.parser());

  private ControllerService() {}

  private static <Q extends MessageLite, R extends MessageLite> GrpcMethod<Q, R> method(
      String name, Parser<R> responses) {
    return new GrpcMethod<>("csi.v1.Controller", name, responses);
  }
}
