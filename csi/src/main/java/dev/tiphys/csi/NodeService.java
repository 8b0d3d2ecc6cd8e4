package dev.tiphys.csi;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.tiphys.grpc.GrpcMethod;

/// The methods of the CSI service that brings volumes to Pods on its node.
public final class NodeService {

  public static final GrpcMethod<Csi.NodeStageVolumeRequest, Csi.NodeStageVolumeResponse>
      NODE_STAGE_VOLUME = method("NodeStageVolume", Csi.NodeStageVolumeResponse.parser());

  public static final GrpcMethod<Csi.NodeUnstageVolumeRequest, Csi.NodeUnstageVolumeResponse>
      NODE_UNSTAGE_VOLUME = method("NodeUnstageVolume", Csi.NodeUnstageVolumeResponse.parser());

  public static final GrpcMethod<Csi.NodePublishVolumeRequest, Csi.NodePublishVolumeResponse>
      NODE_PUBLISH_VOLUME = method("NodePublishVolume", Csi.NodePublishVolumeResponse.parser());

  public static final GrpcMethod<Csi.NodeUnpublishVolumeRequest, Csi.NodeUnpublishVolumeResponse>
      NODE_UNPUBLISH_VOLUME =
          method("NodeUnpublishVolume", Csi.NodeUnpublishVolumeResponse.parser());

  public static final GrpcMethod<Csi.NodeGetVolumeStatsRequest, Csi.NodeGetVolumeStatsResponse>
      NODE_GET_VOLUME_STATS = method("NodeGetVolumeStats", Csi.NodeGetVolumeStatsResponse.parser());

  public static final GrpcMethod<Csi.NodeExpandVolumeRequest, Csi.NodeExpandVolumeResponse>
      NODE_EXPAND_VOLUME = method("NodeExpandVolume", Csi.NodeExpandVolumeResponse.parser());

  public static final GrpcMethod<Csi.NodeGetCapabilitiesRequest, Csi.NodeGetCapabilitiesResponse>
      NODE_GET_CAPABILITIES =
          method("NodeGetCapabilities", Csi.NodeGetCapabilitiesResponse.parser());

  public static final GrpcMethod<Csi.NodeGetInfoRequest, Csi.NodeGetInfoResponse> NODE_GET_INFO =
      method("NodeGetInfo", Csi.NodeGetInfoResponse.parser());

  private NodeService() {}

  private static <Q extends MessageLite, R extends MessageLite> GrpcMethod<Q, R> method(
      String name, Parser<R> responses) {
    return new GrpcMethod<>("csi.v1.Node", name, responses);
  }
}
