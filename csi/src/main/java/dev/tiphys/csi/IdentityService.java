package dev.tiphys.csi;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.tiphys.grpc.GrpcMethod;

/// The methods of the CSI service that tells what a driver is and whether it works.
public final class IdentityService {

  public static final GrpcMethod<Csi.GetPluginInfoRequest, Csi.GetPluginInfoResponse>
      GET_PLUGIN_INFO = method("GetPluginInfo", Csi.GetPluginInfoResponse.parser());

  public static final GrpcMethod<
          Csi.GetPluginCapabilitiesRequest, Csi.GetPluginCapabilitiesResponse>
      GET_PLUGIN_CAPABILITIES =
          method("GetPluginCapabilities", Csi.GetPluginCapabilitiesResponse.parser());

  public static final GrpcMethod<Csi.ProbeRequest, Csi.ProbeResponse> PROBE =
      method("Probe", Csi.ProbeResponse.parser());

  private IdentityService() {}

  private static <Q extends MessageLite, R extends MessageLite> GrpcMethod<Q, R> method(
      String name, Parser<R> responses) {
    return new GrpcMethod<>("csi.v1.Identity", name, responses);
  }
}
