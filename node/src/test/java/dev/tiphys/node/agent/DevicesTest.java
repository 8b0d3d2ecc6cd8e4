package dev.tiphys.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import dev.tiphys.client.ApiResource;
import dev.tiphys.csi.Dra;
import dev.tiphys.csi.PluginRegistration;
import dev.tiphys.grpc.GrpcException;
import dev.tiphys.grpc.GrpcStatus;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.node.runtime.spec.ContainerSpec;
import dev.tiphys.node.runtime.spec.ContainerSpec.Variable;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Devices that claims were given, on a node without a runtime.
class DevicesTest {
  private static final String DRIVER = "gpu.example.com";
  private static final String POD =
      """
      terminationGracePeriodSeconds: 1
      resourceClaims: [{name: gpu, resourceClaimName: claim}]
      containers:
      - name: c
        image: busybox:1
        command: [sleep, "100000"]
        resources: {claims: [{name: gpu}]}
      - name: other
        image: busybox:1
        command: [sleep, "100000"]
      """;

  @TempDir Path directory;
  private VirtualNode node;
  private final Driver driver = new Driver();

  /// A driver of devices, with faults on demand.
  private static final class Driver {
    private final List<String> asked = new ArrayList<>();
    private List<String> versions = List.of("v1.DRAPlugin");
    private String error = "";
    private boolean silent;

    MessageLite answer(MessageLite question) {
      return switch (question) {
        case PluginRegistration.InfoRequest _ ->
            PluginRegistration.PluginInfo.newBuilder()
                .setType("DRAPlugin")
                .setName(DRIVER)
                .addAllSupportedVersions(versions)
                .build();
        case PluginRegistration.RegistrationStatus status -> {
          asked.add("registered " + status.getPluginRegistered() + " " + status.getError());
          yield PluginRegistration.RegistrationStatusResponse.getDefaultInstance();
        }
        case Dra.NodePrepareResourcesRequest prepare -> {
          Dra.Claim claim = prepare.getClaims(0);
          asked.add("prepare " + claim.getNamespace() + "/" + claim.getName());
          if (silent) {
            throw new GrpcException(GrpcStatus.DEADLINE_EXCEEDED, "context deadline exceeded");
          }
          yield Dra.NodePrepareResourcesResponse.newBuilder()
              .putClaims(
                  claim.getUid(),
                  Dra.NodePrepareResourceResponse.newBuilder()
                      .setError(error)
                      .addDevices(
                          Dra.Device.newBuilder()
                              .addRequestNames("one")
                              .setDeviceName("gpu-0")
                              .addCdiDeviceIds("example.com/gpu=gpu-0"))
                      .build())
              .build();
        }
        case Dra.NodeUnprepareResourcesRequest unprepare -> {
          asked.add("unprepare " + unprepare.getClaims(0).getName());
          yield Dra.NodeUnprepareResourcesResponse.newBuilder()
              .putClaims(
                  unprepare.getClaims(0).getUid(),
                  Dra.NodeUnprepareResourceResponse.newBuilder().setError(error).build())
              .build();
        }
        default -> throw new GrpcException(GrpcStatus.UNIMPLEMENTED, "no such method");
      };
    }
  }

  @BeforeEach
  void start() throws Exception {
    node = new VirtualNode(directory, 11);
    Files.createDirectories(node.cdi);
    describe("gpu.json", "");
    node.plugins.start(registry(), DRIVER, driver::answer);
    node.advance(1);
    driver.asked.clear();
    node.create(
        ApiResource.RESOURCE_CLAIMS,
        """
        metadata: {name: claim}
        spec: {devices: {requests: [{name: one, exactly: {deviceClassName: gpu}}]}}
        """);
  }

  @AfterEach
  void close() {
    node.close();
  }

  private Path registry() {
    return node.settings().directories().pluginsRegistry();
  }

  /// @param more among the edits of all devices
  private void describe(String file, String more) throws IOException {
    Files.writeString(
        node.cdi.resolve(file),
        """
        {"cdiVersion": "0.6.0", "kind": "example.com/gpu",
         "containerEdits": {"env": ["GPU=yes"]%s},
         "devices": [{"name": "gpu-0", "containerEdits": {
           "env": ["GPU_ID=0"],
           "deviceNodes": [{"path": "/dev/gpu", "hostPath": "/dev/null", "permissions": "rw"}],
           "mounts": [{"hostPath": "/opt/gpu", "containerPath": "/gpu", "options": ["ro"]}]}}]}
        """
            .formatted(more));
  }

  /// What the scheduler does: the claim has its device, and is kept for Pods.
  private void allocate(String... pods) {
    List<Struct> users = new ArrayList<>();
    for (String pod : pods) {
      users.add(Struct.of("resource", "pods", "name", pod, "uid", Meta.of(node.pod(pod)).uid()));
    }
    Struct result =
        Struct.of("request", "one", "driver", DRIVER, "pool", "node-1").with("device", "gpu-0");
    Struct claim = node.api.get(ApiResource.RESOURCE_CLAIMS, "default", "claim");
    Struct status =
        Struct.of("allocation", Struct.of("devices", Struct.of("results", List.of(result))))
            .with("reservedFor", users);
    Struct _ = node.api.update(ApiResource.RESOURCE_CLAIMS, claim.with("status", status), "status");
    node.advance(60);
  }

  private ContainerSpec spec(String pod, String container) {
    return node.runtime.spec(node.id(pod, container));
  }

  @Test
  void theContainersThatNameAClaimAreGivenItsDevices() throws Exception {
    node.createPod("a", POD);
    allocate("a");

    assertThat(node.pod("a").string("status", "phase")).isEqualTo("Running");
    assertThat(driver.asked).containsExactly("prepare default/claim");
    ContainerSpec given = spec("a", "c");
    assertThat(given.process().environment())
        .contains(new Variable("GPU", "yes"), new Variable("GPU_ID", "0"));
    assertThat(given.devices()).contains(new ContainerSpec.Device("/dev/gpu", "/dev/null", "rw"));
    assertThat(given.mounts())
        .anyMatch(mount -> mount.containerPath().equals("/gpu") && mount.readonly());
    assertThat(spec("a", "other").devices()).isEmpty();

    node.restartAgent();
    node.deletePod("a", 1);
    node.advance(5);
    assertThat(driver.asked)
        .containsExactly("prepare default/claim", "registered true ", "unprepare claim");
    assertThat(node.settings().directories().deviceLedger()).isEmptyDirectory();
  }

  @Test
  void severalPodsMayHaveAClaim() throws Exception {
    node.createPod("a", POD);
    node.createPod("b", POD);
    allocate("a", "b");
    assertThat(driver.asked).containsExactly("prepare default/claim");

    node.deletePod("a", 1);
    node.advance(5);
    assertThat(driver.asked).hasSize(1);
    node.deletePod("b", 1);
    node.advance(5);
    assertThat(driver.asked).containsExactly("prepare default/claim", "unprepare claim");
  }

  @Test
  void whatCannotBePreparedIsSaidAndTriedAgain() throws Exception {
    node.createPod("a", POD);
    assertThat(node.events("a"))
        .contains(
            "FailedPrepareDynamicResources Failed to prepare dynamic resources: prepare dynamic"
                + " resources: pod a(%s) is not allowed to use ResourceClaim claim(%s)"
                    .formatted(
                        Meta.of(node.pod("a")).uid(),
                        Meta.of(node.api.get(ApiResource.RESOURCE_CLAIMS, "default", "claim"))
                            .uid()));
    driver.silent = true;
    allocate("a");
    driver.silent = false;
    driver.error = "the device is broken";
    node.advance(300);
    assertThat(node.events("a"))
        .anyMatch(event -> event.contains("NodePrepareResources: "))
        .anyMatch(
            event ->
                event.endsWith(
                    "NodePrepareResources failed for ResourceClaim claim: the device is broken"));
    assertThat(node.pod("a").string("status", "phase")).isEqualTo("Pending");

    driver.error = "";
    node.advance(300);
    assertThat(node.pod("a").string("status", "phase")).isEqualTo("Running");
  }

  @Test
  void whatIsPreparedForAPodThatWentIsTakenBackAndTriedAgainUntilItIs() throws Exception {
    node.createPod("a", POD);
    allocate("a");
    node.stopAgent();
    node.deletePod("a", 0);
    driver.error = "busy";
    node.startAgentAgain();
    node.advance(20);
    assertThat(driver.asked).contains("unprepare claim");
    driver.error = "";
    node.advance(20);
    assertThat(node.settings().directories().deviceLedger()).isEmptyDirectory();
  }

  @Test
  void whatIsAskedOfDriversIsCounted() throws Exception {
    node.createPod("a", POD);
    driver.error = "the device is broken";
    allocate("a");
    driver.error = "";
    node.advance(300);
    assertThat(metrics())
        .contains(
            "dra_operations_duration_seconds_count{operation_name=\"PrepareResources\","
                + "is_error=\"false\"} 1",
            "dra_resource_claims_in_use{driver_name=\"<any>\"} 1",
            "dra_resource_claims_in_use{driver_name=\"gpu.example.com\"} 1")
        .anyMatch(
            line ->
                line.startsWith(
                    "dra_operations_duration_seconds_count{operation_name=\"PrepareResources\","
                        + "is_error=\"true\"}"))
        .anyMatch(
            line ->
                line.startsWith(
                    "dra_grpc_operations_duration_seconds_count{driver_name=\"gpu.example.com\","
                        + "method_name=\"/k8s.io.kubelet.pkg.apis.dra.v1.DRAPlugin/"
                        + "NodePrepareResources\",grpc_status_code=\"OK\"}"));

    node.deletePod("a", 1);
    node.advance(5);
    assertThat(metrics())
        .contains(
            "dra_operations_duration_seconds_count{operation_name=\"UnprepareResources\","
                + "is_error=\"false\"} 1",
            "dra_resource_claims_in_use{driver_name=\"<any>\"} 0")
        .noneMatch(line -> line.startsWith("dra_resource_claims_in_use{driver_name=\"gpu"));
  }

  private List<String> metrics() {
    Exposition out = new Exposition();
    node.agent().write(out);
    return out.toString().lines().toList();
  }

  @Test
  void aDriverThatIsNotThereIsSaid() throws Exception {
    node.plugins.stop(registry(), DRIVER);
    node.advance(1);
    node.createPod("a", POD);
    allocate("a");
    assertThat(node.events("a"))
        .anyMatch(event -> event.endsWith("DRA driver gpu.example.com is not registered"));
  }

  @Test
  void aDriverThatSpeaksNoKnownVersionIsToldSo() throws Exception {
    node.plugins.stop(registry(), DRIVER);
    node.advance(1);
    driver.versions = List.of("v2.DRAPlugin");
    node.plugins.start(registry(), DRIVER, driver::answer);
    node.advance(1);
    assertThat(driver.asked)
        .first()
        .asString()
        .startsWith("registered false")
        .contains("none of the versions of DRA driver gpu.example.com is supported");
  }

  @Test
  void whatCannotBeGivenToAContainerKeepsItFromStarting() throws Exception {
    describe(
        "gpu.json", ", \"hooks\": [{\"hookName\": \"createContainer\", \"path\": \"/bin/x\"}]");
    node.createPod("a", POD);
    allocate("a");
    Struct waiting = node.container("a", "c").struct("state", "waiting");
    assertThat(waiting.string("reason")).isEqualTo("CreateContainerError");
    assertThat(waiting.string("message")).contains("a CDI device needs hooks");

    Files.delete(node.cdi.resolve("gpu.json"));
    node.advance(60);
    assertThat(node.container("a", "c").string("state", "waiting", "message"))
        .isEqualTo("unresolvable CDI devices example.com/gpu=gpu-0");
  }

  @Test
  void theSlicesOfADriverThatStaysAwayAreRemoved() throws Exception {
    node.create(
        ApiResource.RESOURCE_SLICES,
        """
        metadata: {name: slice}
        spec:
          driver: gpu.example.com
          nodeName: node-1
          pool: {name: node-1, generation: 1, resourceSliceCount: 1}
          devices: [{name: gpu-0}]
        """);
    node.plugins.stop(registry(), DRIVER);
    node.advance(20);
    node.plugins.start(registry(), DRIVER, driver::answer);
    node.advance(60);
    assertThat(node.api.find(ApiResource.RESOURCE_SLICES, "", "slice")).isNotNull();

    node.plugins.stop(registry(), DRIVER);
    node.advance(65);
    assertThat(node.api.find(ApiResource.RESOURCE_SLICES, "", "slice")).isNull();
  }
}
