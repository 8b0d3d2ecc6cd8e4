package dev.tiphys.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.ListOptions;
import dev.tiphys.grpc.GrpcServer;
import dev.tiphys.node.host.MountTable;
import dev.tiphys.node.volumes.HostMounts;
import dev.tiphys.node.volumes.csi.FakeDriver;
import dev.tiphys.object.Struct;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Volumes of a driver behind a real socket, really mounted, in real containers.
@Tag("node")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DriverVolumesOnNodeTest {
  private static final int PODS = 100;
  private static final EventLoopGroup LOOPS =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private static RealNode node;
  private static FakeDriver driver;
  private static GrpcServer server;

  @BeforeAll
  static void start() throws Exception {
    node = RealNode.start();
    driver = new FakeDriver(new HostMounts(), node.node.data().resolve("driver"));
    Path registry = Files.createDirectories(node.settings().directories().pluginsRegistry());
    server =
        new GrpcServer(
            node.node.world(),
            LOOPS,
            registry.resolve(FakeDriver.NAME + "-reg.sock"),
            driver.services());
    node.create(
        ApiResource.CSI_DRIVERS,
        """
        metadata: {name: fake.csi.test}
        spec: {attachRequired: false, volumeLifecycleModes: [Persistent, Ephemeral]}
        """);
    node.eventually(
        () -> {
          Struct known = node.api.find(ApiResource.CSI_NODES, "", "node-1");
          return known != null && !known.structs("spec", "drivers").isEmpty();
        });
  }

  @AfterAll
  static void stop() throws Exception {
    try {
      node.close();
    } finally {
      server.close();
      LOOPS.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
    }
  }

  private static int mounted() throws Exception {
    return MountTable.now().at(node.settings().data()).size();
  }

  private static String whatIsMounted() {
    try {
      return "left mounted: " + MountTable.now().at(node.settings().data());
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void whatIsWrittenToAVolumeStaysAndTheNextPodFindsIt() throws Exception {
    int before = mounted();
    node.create(
        ApiResource.PERSISTENT_VOLUME_CLAIMS,
        """
        metadata: {name: claim}
        spec:
          volumeName: pv-1
          storageClassName: ""
          accessModes: [ReadWriteOnce]
          resources: {requests: {storage: 1Gi}}
        """);
    Struct claim = node.api.get(ApiResource.PERSISTENT_VOLUME_CLAIMS, "default", "claim");
    node.create(
        ApiResource.PERSISTENT_VOLUMES,
        """
        metadata: {name: pv-1}
        spec:
          capacity: {storage: 1Gi}
          accessModes: [ReadWriteOnce]
          claimRef: {namespace: default, name: claim, uid: %s}
          csi: {driver: fake.csi.test, volumeHandle: vol-1}
        """
            .formatted(claim.string("metadata", "uid")));
    Struct _ =
        node.api.update(
            ApiResource.PERSISTENT_VOLUME_CLAIMS,
            claim.with("status", Struct.of("phase", "Bound")),
            "status");
    String spec =
        """
        terminationGracePeriodSeconds: 0
        containers:
        - name: c
          image: busybox
          imagePullPolicy: IfNotPresent
          command: [sleep, "100000"]
          volumeMounts: [{name: data, mountPath: /data}]
        volumes: [{name: data, persistentVolumeClaim: {claimName: claim}}]
        """;
    node.createPod("first", spec);
    node.awaitRunning("first");
    node.ask("first", "c", "sh", "-c", "echo precious > /data/file");
    node.stopAgent();
    node.startAgent();
    node.delete("first");
    node.createPod("second", spec);
    node.awaitRunning("second");
    assertThat(node.ask("second", "c", "cat", "/data/file")).isEqualTo("precious\n");
    node.delete("second");
    node.eventually(() -> mounted() == before, DriverVolumesOnNodeTest::whatIsMounted);
    assertThat(node.node.data().resolve("driver/vol-1/file")).hasContent("precious");
  }

  @Test
  void aHundredPodsWithThreeVolumesEachLeaveNothingMounted() throws Exception {
    int before = mounted();
    String spec =
        """
        terminationGracePeriodSeconds: 0
        containers:
        - name: c
          image: busybox
          imagePullPolicy: IfNotPresent
          command: [sleep, "100000"]
          volumeMounts:
          - {name: a, mountPath: /a}
          - {name: b, mountPath: /b}
          - {name: c, mountPath: /c}
        volumes:
        - {name: a, csi: {driver: fake.csi.test}}
        - {name: b, emptyDir: {medium: Memory, sizeLimit: 1Mi}}
        - {name: c, csi: {driver: fake.csi.test}}
        """;
    for (int i = 0; i < PODS; i++) {
      node.createPod("many-" + i, spec);
    }
    node.eventually(() -> running() == PODS);
    assertThat(mounted()).isGreaterThanOrEqualTo(before + 3 * PODS);
    for (int i = 0; i < PODS; i++) {
      node.api.delete(ApiResource.PODS, "default", "many-" + i, DeleteOptions.DEFAULT);
    }
    node.eventually(() -> running() == 0 && node.node.runtime().sandboxes(Map.of()).isEmpty());
    node.eventually(() -> mounted() == before, DriverVolumesOnNodeTest::whatIsMounted);
  }

  private static long running() {
    List<Struct> pods = node.api.list(ApiResource.PODS, "default", ListOptions.ALL).items();
    return pods.stream()
        .filter(pod -> pod.string("metadata", "name").startsWith("many-"))
        .filter(pod -> pod.string("status", "phase").equals("Running"))
        .count();
  }

  @Test
  void aChangeOfAConfigMapIsInTheContainer() throws Exception {
    node.create(ApiResource.CONFIG_MAPS, "{metadata: {name: settings}, data: {color: blue}}");
    node.createPod(
        "shows",
        """
        terminationGracePeriodSeconds: 0
        containers:
        - name: c
          image: busybox
          imagePullPolicy: IfNotPresent
          command: [sleep, "100000"]
          volumeMounts: [{name: v, mountPath: /v}]
        volumes: [{name: v, configMap: {name: settings}}]
        """);
    node.awaitRunning("shows");
    Struct map = node.api.get(ApiResource.CONFIG_MAPS, "default", "settings");
    Struct _ = node.api.update(ApiResource.CONFIG_MAPS, map.withAt("red", "data", "color"));
    node.eventually(() -> node.ask("shows", "c", "cat", "/v/color").equals("red"));
    node.delete("shows");
  }
}
