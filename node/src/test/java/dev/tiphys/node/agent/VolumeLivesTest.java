package dev.tiphys.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.csi.Csi;
import dev.tiphys.grpc.GrpcStatus;
import dev.tiphys.node.volumes.csi.FakeDriver;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.Rounds;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Volumes that are attached, staged, published and taken back while everything fails now and then:
/// requests and answers are lost, the driver errs, the agent is killed, Pods come and go. By seeds.
class VolumeLivesTest {
  private static final int STEPS = 25;
  private static final String ATTACHMENT = "csi-" + sha256("vol-1" + FakeDriver.NAME + "node-1");
  private static final List<Class<? extends MessageLite>> QUESTIONS =
      List.of(
          Csi.NodeStageVolumeRequest.class,
          Csi.NodePublishVolumeRequest.class,
          Csi.NodeUnpublishVolumeRequest.class,
          Csi.NodeUnstageVolumeRequest.class);

  private static final String POD =
      """
      terminationGracePeriodSeconds: 1
      containers:
      - name: c
        image: busybox:1
        command: [sleep, "100000"]
        volumeMounts: [{name: data, mountPath: /data}]
      volumes: [{name: data, persistentVolumeClaim: {claimName: claim}}]
      """;

  @TempDir Path directory;
  private VirtualNode node;
  private FakeDriver driver;
  private SplittableRandom random;
  private double lost;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, Rounds.of("tiphys.seeds", 15));
  }

  private void start(long seed) throws Exception {
    random = new SplittableRandom(seed);
    node = new VirtualNode(directory, seed);
    node.way = this::lossy;
    node.restartAgent();
    driver = new FakeDriver(node.mounts, directory.resolve("volumes"));
    driver.before = this::checkAttached;
    node.plugins.start(node.settings().directories().pluginsRegistry(), driver);
    node.advance(1);
    node.create(
        ApiResource.CSI_DRIVERS, "{metadata: {name: fake.csi.test}, spec: {attachRequired: true}}");
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
    Struct claim = claim();
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
  }

  @AfterEach
  void close() {
    node.close();
  }

  private Struct claim() {
    return node.api.get(ApiResource.PERSISTENT_VOLUME_CLAIMS, "default", "claim");
  }

  /// The API with requests that do not arrive, and writes that are done without an answer.
  private Api lossy(Api api) {
    return (Api)
        Proxy.newProxyInstance(
            Api.class.getClassLoader(),
            new Class<?>[] {Api.class},
            (_, method, arguments) -> {
              if (method.getReturnType() == Api.class) {
                return lossy((Api) method.invoke(api, arguments));
              }
              if (node.world.random().nextDouble() < lost) {
                throw ApiException.of(Reason.SERVICE_UNAVAILABLE, "lost on the way there");
              }
              try {
                Object answer = method.invoke(api, arguments);
                boolean writes = Set.of("create", "update", "patch").contains(method.getName());
                if (writes && node.world.random().nextDouble() < lost) {
                  throw ApiException.of(Reason.SERVICE_UNAVAILABLE, "lost on the way back");
                }
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /// What is not attached must not be touched; what is in use is said to be, so that it is not
  /// detached.
  private void checkAttached(MessageLite question) {
    if (question instanceof Csi.NodeStageVolumeRequest
        || question instanceof Csi.NodePublishVolumeRequest) {
      assertThat(attached()).as("touched while it is not attached").isTrue();
    }
  }

  private boolean attached() {
    Struct attachment = node.api.find(ApiResource.VOLUME_ATTACHMENTS, "", ATTACHMENT);
    return attachment != null && attachment.bool("status", "attached");
  }

  private void attach() {
    node.create(
        ApiResource.VOLUME_ATTACHMENTS,
        """
        metadata: {name: %s}
        spec: {attacher: fake.csi.test, nodeName: node-1, source: {persistentVolumeName: pv-1}}
        """
            .formatted(ATTACHMENT));
    Struct attachment = node.api.get(ApiResource.VOLUME_ATTACHMENTS, "", ATTACHMENT);
    Struct _ =
        node.api.update(
            ApiResource.VOLUME_ATTACHMENTS,
            attachment.with("status", Struct.of("attached", true)),
            "status");
  }

  /// As the controller does: only what the node does not say is in use.
  private void detachIfUnused() {
    boolean used =
        node.api
            .get(ApiResource.NODES, "", "node-1")
            .strings("status", "volumesInUse")
            .contains("kubernetes.io/csi/fake.csi.test^vol-1");
    if (!used && attached() && !node.exists("web")) {
      assertThat(node.mounts.all()).as("detached while it is mounted").isEmpty();
      node.api.delete(ApiResource.VOLUME_ATTACHMENTS, "", ATTACHMENT, DeleteOptions.DEFAULT);
    }
  }

  private void step() throws Exception {
    switch (random.nextInt(6)) {
      case 0 -> {
        if (!node.exists("web")) {
          node.createPod("web", POD);
        }
      }
      case 1 -> {
        if (node.exists("web")) {
          node.deletePod("web", random.nextInt(2));
        }
      }
      case 2 -> node.restartAgent();
      case 3 -> {
        if (attached()) {
          detachIfUnused();
        } else {
          attach();
        }
      }
      case 4 -> {
        Class<? extends MessageLite> kind = QUESTIONS.get(random.nextInt(QUESTIONS.size()));
        if (random.nextBoolean()) {
          driver.failOnce(kind, GrpcStatus.INTERNAL);
        } else {
          driver.failOnceAfterwards(kind, GrpcStatus.DEADLINE_EXCEEDED);
        }
      }
      default -> node.advance(random.nextInt(20));
    }
    node.advance(random.nextInt(3));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void nothingIsLostNorLeftWhateverFails(long seed) throws Exception {
    start(seed);
    lost = 0.05;
    for (int i = 0; i < STEPS; i++) {
      step();
    }
    lost = 0;
    node.advance(60); // One that is being deleted is gone then.
    if (!node.exists("web")) {
      node.createPod("web", POD);
    }
    if (!attached()) {
      attach();
    }
    node.advance(400);
    assertThat(node.pod("web").string("status", "phase")).isEqualTo("Running");
    assertThat(node.mounts.all()).as("staged once and published once").hasSize(2);
    Files.writeString(directory.resolve("volumes/vol-1/data"), "precious");

    node.deletePod("web", 1);
    node.advance(60);
    assertThat(node.mounts.all()).isEmpty();
    assertThat(node.api.get(ApiResource.NODES, "", "node-1").strings("status", "volumesInUse"))
        .isEmpty();
    assertThat(directory.resolve("volumes/vol-1/data")).hasContent("precious");
  }

  private static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
