package dev.tiphys.csi;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.tiphys.grpc.GrpcMethod;

/// The methods of the service by which a plugin makes itself known to the agent of its node.
public final class RegistrationService {

  public static final GrpcMethod<PluginRegistration.InfoRequest, PluginRegistration.PluginInfo>
      GET_INFO = method("GetInfo", PluginRegistration.PluginInfo.parser());

  public static final GrpcMethod<
          PluginRegistration.RegistrationStatus, PluginRegistration.RegistrationStatusResponse>
      NOTIFY_REGISTRATION_STATUS =
          method(
              "NotifyRegistrationStatus", PluginRegistration.RegistrationStatusResponse.parser());

  private RegistrationService() {}

  private static <Q extends MessageLite, R extends MessageLite> GrpcMethod<Q, R> method(
      String name, Parser<R> responses) {
    return new GrpcMethod<>("pluginregistration.Registration", name, responses);
  }
}
