package dev.tiphys.node.volumes.csi;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.csi.Csi;
import dev.tiphys.grpc.GrpcMethod;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.PodEvents;
import dev.tiphys.node.settings.PodDirectories;
import dev.tiphys.node.spec.DownwardFields;
import dev.tiphys.node.volumes.FakeMounts;
import dev.tiphys.node.volumes.ServiceAccountTokens;
import dev.tiphys.node.volumes.VolumeRequest;
import dev.tiphys.node.volumes.usage.VolumeMetrics;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.VirtualWorld;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// An agent that ends at each step of bringing a volume and of taking it back, before the driver
/// has done what it was asked and after: the next one ends up in the same place, and loses nothing.
class CsiInterruptionsTest {
  @TempDir Path directory;
  private final VirtualWorld world = new VirtualWorld(5);
  private final FakeMounts mounts = new FakeMounts();
  private PodDirectories directories;
  private FakeDriver driver;
  private Api api;

  /// The end of the process. No handler of failures catches it.
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  @BeforeEach
  void start() throws Exception {
    ApiServer server =
        new ApiServer(EmbeddedStore.inMemory(world), world, ApiServerSettings.standard());
    api = server.api("tester");
    Struct _ =
        api.create(
            ApiResource.CSI_DRIVERS,
            Yaml.struct(
                """
                apiVersion: storage.k8s.io/v1
                kind: CSIDriver
                metadata: {name: fake.csi.test}
                spec: {attachRequired: false}
                """));
    directories = new PodDirectories(directory.resolve("data"));
    driver = new FakeDriver(mounts, directory.resolve("volumes"));
  }

  /// A new agent, on what the last one has left.
  private CsiPlugin agent() throws Exception {
    VolumeMetrics metrics = new VolumeMetrics(world);
    CsiDrivers drivers = new CsiDrivers(metrics);
    drivers.add(FakeDriver.NAME, endpoint());
    CsiObjects objects = new CsiObjects(api, new ServiceAccountTokens(world, api), "node-1");
    PodEvents events = new PodEvents(new EventRecorder(world, api, "kubelet", "node-1"));
    CsiPlugin plugin =
        new CsiPlugin(
            world,
            drivers,
            objects,
            new CsiExpansion(api, objects, events),
            directories,
            mounts,
            metrics);
    plugin.start();
    return plugin;
  }

  private PluginEndpoint endpoint() {
    return new PluginEndpoint() {
      @Override
      @SuppressWarnings("unchecked")
      public <Q extends MessageLite, R extends MessageLite> R call(
          GrpcMethod<Q, R> method, Q request) {
        return (R) driver.answer(request);
      }

      @Override
      public void close() {}
    };
  }

  private static VolumeRequest request(String uid) {
    Pod pod =
        new Pod(Yaml.struct("{metadata: {name: p, namespace: default, uid: %s}}".formatted(uid)));
    Struct claim = Yaml.struct("{metadata: {name: c, namespace: default}}");
    Struct volume =
        Yaml.struct(
            """
            metadata: {name: pv-1}
            spec:
              accessModes: [ReadWriteOnce]
              csi: {driver: fake.csi.test, volumeHandle: vol-1}
            """);
    return new VolumeRequest(
        new DownwardFields(pod, List.of(), List.of("192.0.2.1"), Map.of()),
        Yaml.struct("{name: data}"),
        new VolumeRequest.Claimed(claim, volume));
  }

  private Class<? extends MessageLite> kind(String step) {
    return switch (step) {
      case "stage" -> Csi.NodeStageVolumeRequest.class;
      case "publish" -> Csi.NodePublishVolumeRequest.class;
      case "unpublish" -> Csi.NodeUnpublishVolumeRequest.class;
      case "unstage" -> Csi.NodeUnstageVolumeRequest.class;
      default -> throw new IllegalArgumentException(step);
    };
  }

  private void killAt(String step, boolean afterwards) {
    Class<? extends MessageLite> kind = kind(step);
    boolean[] done = new boolean[1];
    Consumer<MessageLite> killer =
        question -> {
          if (kind.isInstance(question) && !done[0]) {
            done[0] = true;
            throw new Killed();
          }
        };
    if (afterwards) {
      driver.after = killer;
    } else {
      driver.before = killer;
    }
  }

  private interface Step {
    void run() throws Exception;
  }

  private static boolean survives(Step step) throws Exception {
    try {
      step.run();
      return true;
    } catch (Killed e) {
      return false;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "stage, false", "stage, true", "publish, false", "publish, true",
    "unpublish, false", "unpublish, true", "unstage, false", "unstage, true"
  })
  void whatIsBegunIsBroughtToItsEnd(String step, boolean afterwards) throws Exception {
    killAt(step, afterwards);
    CsiPlugin agent = agent();
    boolean survived = survives(() -> agent.prepare(request("pod-1")));
    assertThat(survived).isEqualTo(step.startsWith("un"));
    CsiPlugin second = survived ? agent : agent();
    Path place = second.prepare(request("pod-1"));
    assertThat(mounts.all())
        .as("staged once and published once")
        .hasSize(2)
        .anyMatch(mounted -> mounted.place().equals(place));
    Files.writeString(directory.resolve("volumes/vol-1/data"), "precious");

    boolean released = survives(() -> second.release("pod-1"));
    assertThat(released).isEqualTo(!step.startsWith("un"));
    CsiPlugin third = released ? second : agent();
    third.release("pod-1");
    third.tidy();
    assertThat(mounts.all()).isEmpty();
    assertThat(third.users()).isEmpty();
    assertThat(directory.resolve("volumes/vol-1/data")).hasContent("precious");
  }

  /// The Pod is gone when the next agent comes: it only has to take back what was begun.
  @ParameterizedTest
  @CsvSource({"stage, false", "stage, true", "publish, false", "publish, true"})
  void whatIsBegunForAPodThatWentIsTakenBack(String step, boolean afterwards) throws Exception {
    killAt(step, afterwards);
    CsiPlugin agent = agent();
    assertThat(survives(() -> agent.prepare(request("pod-1")))).isFalse();

    CsiPlugin next = agent();
    assertThat(next.users()).containsExactly("pod-1");
    next.release("pod-1");
    assertThat(mounts.all()).isEmpty();
    assertThat(next.users()).isEmpty();
  }
}
