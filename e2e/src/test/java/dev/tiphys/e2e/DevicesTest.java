package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.csi.DeviceService;
import dev.tiphys.csi.Dra;
import dev.tiphys.csi.PluginRegistration;
import dev.tiphys.csi.RegistrationService;
import dev.tiphys.grpc.GrpcServer;
import dev.tiphys.grpc.GrpcService;
import dev.tiphys.world.RealWorld;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// A device's whole way: a driver tells of devices, the scheduler gives one to the claim of a Pod,
/// and the node has the driver prepare it for the container.
@Tag("e2e")
@TestInstance(Lifecycle.PER_CLASS)
class DevicesTest {

  private static final String DRIVER = "tiphys-test.dev";

  private static final String DEVICES =
      """
      apiVersion: resource.k8s.io/v1
      kind: DeviceClass
      metadata: {name: zeros}
      spec: {selectors: [{cel: {expression: 'device.driver == "tiphys-test.dev"'}}]}
      ---
      apiVersion: resource.k8s.io/v1
      kind: ResourceSlice
      metadata: {name: zeros}
      spec:
        driver: tiphys-test.dev
        nodeName: %s
        pool: {name: p, generation: 1, resourceSliceCount: 1}
        devices:
        - {name: small, attributes: {size: {int: 1}}}
        - {name: large, attributes: {size: {int: 9}}}
      ---
      apiVersion: resource.k8s.io/v1
      kind: ResourceClaimTemplate
      metadata: {name: large}
      spec:
        spec:
          devices:
            requests:
            - name: one
              exactly:
                deviceClassName: zeros
                selectors: [{cel: {expression: 'device.attributes["tiphys-test.dev"].size > 5'}}]
      """;

  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: %s}
      spec:
        terminationGracePeriodSeconds: 0
        resourceClaims: [{name: zero, resourceClaimTemplateName: large}]
        containers:
        - name: c
          image: busybox:latest
          imagePullPolicy: IfNotPresent
          command: [sleep, "100000"]
          resources: {claims: [{name: zero}]}
      """;

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private TestCluster cluster;
  private GrpcServer driver;
  private Path spec;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    cluster = new TestCluster(directory).up();
    cluster.load(ContainersTest.IMAGES.resolve("busybox.tar"));
    spec = Files.createTempFile(Files.createDirectories(Path.of("/var/run/cdi")), DRIVER, ".json");
    Files.writeString(
        spec,
        """
        {"cdiVersion": "0.6.0", "kind": "tiphys-test.dev/zeros", "devices": [
          {"name": "large", "containerEdits": {
            "env": ["ZERO=/dev/mine"],
            "deviceNodes": [{"path": "/dev/mine", "hostPath": "/dev/zero"}]}}]}
        """);
    Path registry = cluster.data().resolve("plugins_registry");
    driver =
        new GrpcServer(
            new RealWorld(), loops, registry.resolve(DRIVER + "-reg.sock"), List.of(service()));
    String node = cluster.k("get", "nodes", "-o", "jsonpath={.items[0].metadata.name}");
    cluster.apply(DEVICES.formatted(node));
  }

  @AfterAll
  void stop() throws Exception {
    try {
      cluster.close();
    } finally {
      driver.close();
      loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
      Files.deleteIfExists(spec);
    }
  }

  private static GrpcService service() {
    DeviceService devices = DeviceService.of(List.of("v1.DRAPlugin")).orElseThrow();
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
                            .addDevices(
                                Dra.Device.newBuilder().addCdiDeviceIds(DRIVER + "/zeros=large"))
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
  void aPodHasTheDeviceThatItsClaimAsksFor() {
    cluster.apply(POD.formatted("first"));
    cluster.k("wait", "--for=condition=Ready", "pod/first", "--timeout=120s");
    assertThat(cluster.k("exec", "first", "--", "sh", "-c", "head -c 3 $ZERO | od -An -tx1"))
        .isEqualTo(" 00 00 00\n");
    assertThat(
            cluster.k(
                "get",
                "resourceclaims",
                "-o",
                "jsonpath={.items[*].status.allocation.devices.results[*].device}"))
        .isEqualTo("large");

    // the only device that would do is taken, until the first Pod has gone
    cluster.apply(POD.formatted("second"));
    cluster.k("wait", "--for=condition=PodScheduled=False", "pod/second", "--timeout=60s");
    assertThat(
            TestCluster.tiphys("why", "pod/second", "--kubeconfig", cluster.kubeconfig().toString())
                .run()
                .ok())
        .contains("cannot allocate all claims");
    cluster.k("delete", "pod", "first");
    cluster.k("wait", "--for=condition=Ready", "pod/second", "--timeout=120s");
    cluster.await(
        "the first one's claim is gone",
        out -> out.lines().count() == 1,
        "get",
        "resourceclaims",
        "--no-headers");
    cluster.k("delete", "pod", "second");
    cluster.await("no claim is left", String::isEmpty, "get", "resourceclaims", "--no-headers");
  }
}
