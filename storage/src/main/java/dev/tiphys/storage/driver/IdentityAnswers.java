package dev.tiphys.storage.driver;

import com.google.protobuf.BoolValue;
import dev.tiphys.csi.Csi;
import dev.tiphys.csi.IdentityService;
import dev.tiphys.csi.PluginRegistration;
import dev.tiphys.csi.RegistrationService;
import dev.tiphys.grpc.GrpcService;
import java.lang.System.Logger.Level;
import java.nio.file.Path;

/// What the driver says of itself.
final class IdentityAnswers {

  private static final System.Logger LOG = System.getLogger(IdentityAnswers.class.getName());

  private IdentityAnswers() {}

  static GrpcService service(String version) {
    Csi.GetPluginInfoResponse info =
        Csi.GetPluginInfoResponse.newBuilder()
            .setName(Driver.NAME)
            .setVendorVersion(version)
            .build();
    return new GrpcService()
        .on(IdentityService.GET_PLUGIN_INFO, Csi.GetPluginInfoRequest.parser(), _ -> info)
        .on(
            IdentityService.GET_PLUGIN_CAPABILITIES,
            Csi.GetPluginCapabilitiesRequest.parser(),
            _ -> capabilities())
        .on(
            IdentityService.PROBE,
            Csi.ProbeRequest.parser(),
            _ -> Csi.ProbeResponse.newBuilder().setReady(BoolValue.of(true)).build());
  }

  private static Csi.GetPluginCapabilitiesResponse capabilities() {
    return Csi.GetPluginCapabilitiesResponse.newBuilder()
        .addCapabilities(service(Csi.PluginCapability.Service.Type.CONTROLLER_SERVICE))
        .addCapabilities(
            service(Csi.PluginCapability.Service.Type.VOLUME_ACCESSIBILITY_CONSTRAINTS))
        .addCapabilities(
            Csi.PluginCapability.newBuilder()
                .setVolumeExpansion(
                    Csi.PluginCapability.VolumeExpansion.newBuilder()
                        .setType(Csi.PluginCapability.VolumeExpansion.Type.ONLINE)))
        .build();
  }

  private static Csi.PluginCapability service(Csi.PluginCapability.Service.Type type) {
    return Csi.PluginCapability.newBuilder()
        .setService(Csi.PluginCapability.Service.newBuilder().setType(type))
        .build();
  }

  /// @param socket where the driver answers
  static GrpcService registration(Path socket) {
    PluginRegistration.PluginInfo info =
        PluginRegistration.PluginInfo.newBuilder()
            .setType("CSIPlugin")
            .setName(Driver.NAME)
            .setEndpoint(socket.toString())
            .addSupportedVersions("1.0.0")
            .build();
    return new GrpcService()
        .on(RegistrationService.GET_INFO, PluginRegistration.InfoRequest.parser(), _ -> info)
        .on(
            RegistrationService.NOTIFY_REGISTRATION_STATUS,
            PluginRegistration.RegistrationStatus.parser(),
            status -> {
              if (!status.getPluginRegistered()) {
                LOG.log(
                    Level.WARNING,
                    "the node''s agent does not take the driver: error={0}",
                    status.getError());
              }
              return PluginRegistration.RegistrationStatusResponse.getDefaultInstance();
            });
  }
}
