package dev.tiphys.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.csi.DeviceService;
import dev.tiphys.csi.Dra;
import dev.tiphys.csi.PluginRegistration;
import dev.tiphys.csi.RegistrationService;
import dev.tiphys.grpc.GrpcServer;
import dev.tiphys.grpc.GrpcService;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A driver of devices behind a real socket, and a device of it in a real container.
@Tag("node")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DevicesOnNodeTest {
  private static final String DRIVER = "tiphys-test.dev";
  private static final String DEVICE = DRIVER + "/zeros=zero";
  private static final EventLoopGroup LOOPS =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private static RealNode node;
  private static GrpcServer server;
  private static Path spec;

  @BeforeAll
  static void start() throws Exception {
    node = RealNode.start();
    Path cdi = Files.createDirectories(Path.of("/var/run/cdi"));
    spec = Files.createTempFile(cdi, DRIVER, ".json");
    Files.writeString(
        spec,
        """
        {"cdiVersion": "0.6.0", "kind": "tiphys-test.dev/zeros", "devices": [
          {"name": "zero", "containerEdits": {
            "env": ["ZERO=/dev/mine"],
            "deviceNodes": [{"path": "/dev/mine", "hostPath": "/dev/zero"}]}}]}
        """);
    Path registry = Files.createDirectories(node.settings().directories().pluginsRegistry());
    server =
        new GrpcServer(
            node.node.world(), LOOPS, registry.resolve(DRIVER + "-reg.sock"), List.of(service()));
  }

  @AfterAll
  static void stop() throws Exception {
    try {
      node.close();
    } finally {
      server.close();
      LOOPS.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
      Files.deleteIfExists(spec);
    }
  }

  private static GrpcService service() {
    DeviceService devices = DeviceService.of(List.of("v1beta1.DRAPlugin")).orElseThrow();
    return new GrpcService()
        .on(
            RegistrationService.GET_INFO,
            PluginRegistration.InfoRequest.parser(),
            _ ->
                PluginRegistration.PluginInfo.newBuilder()
                    .setType("DRAPlugin")
                    .setName(DRIVER)
                    .addSupportedVersions(devices.version())
                    .build())
        .on(
            RegistrationService.NOTIFY_REGISTRATION_STATUS,
            PluginRegistration.RegistrationStatus.parser(),
            _ -> PluginRegistration.RegistrationStatusResponse.getDefaultInstance())
        .on(
            devices.prepare(),
            Dra.NodePrepareResourcesRequest.parser(),
            question ->
                Dra.NodePrepareResourcesResponse.newBuilder()
                    .putClaims(
                        question.getClaims(0).getUid(),
                        Dra.NodePrepareResourceResponse.newBuilder()
                            .addDevices(Dra.Device.newBuilder().addCdiDeviceIds(DEVICE))
                            .build())
                    .build())
        .on(
            devices.unprepare(),
            Dra.NodeUnprepareResourcesRequest.parser(),
            question ->
                Dra.NodeUnprepareResourcesResponse.newBuilder()
                    .putClaims(
                        question.getClaims(0).getUid(),
                        Dra.NodeUnprepareResourceResponse.getDefaultInstance())
                    .build());
  }

  @Test
  void aContainerUsesTheDeviceThatItsClaimWasGiven() throws Exception {
    node.create(
        ApiResource.RESOURCE_CLAIMS,
        """
        metadata: {name: claim}
        spec: {devices: {requests: [{name: one, exactly: {deviceClassName: zeros}}]}}
        """);
    node.createPod(
        "uses",
        """
        terminationGracePeriodSeconds: 0
        resourceClaims: [{name: zero, resourceClaimName: claim}]
        containers:
        - name: c
          image: busybox
          imagePullPolicy: IfNotPresent
          command: [sleep, "100000"]
          resources: {claims: [{name: zero, request: one}]}
        """);
    Struct claim = node.api.get(ApiResource.RESOURCE_CLAIMS, "default", "claim");
    Struct result =
        Struct.of("request", "one", "driver", DRIVER, "pool", "p").with("device", "zero");
    Struct user =
        Struct.of("resource", "pods", "name", "uses", "uid", Meta.of(node.pod("uses")).uid());
    Struct status =
        Struct.of("allocation", Struct.of("devices", Struct.of("results", List.of(result))))
            .with("reservedFor", List.of(user));
    Struct _ = node.api.update(ApiResource.RESOURCE_CLAIMS, claim.with("status", status), "status");

    node.awaitRunning("uses");
    assertThat(node.ask("uses", "c", "sh", "-c", "head -c 3 $ZERO | od -An -tx1"))
        .isEqualTo(" 00 00 00\n");
    node.delete("uses");
    node.eventually(() -> isEmpty(node.settings().directories().deviceLedger()));
  }

  private static boolean isEmpty(Path directory) throws Exception {
    try (var entries = Files.list(directory)) {
      return entries.findAny().isEmpty();
    }
  }
}
