package dev.tiphys.node.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.ListOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.VirtualWorld;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatedNodesTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private VirtualWorld world = new VirtualWorld(1);
  private ApiServer server;
  private Api api;
  private SimulatedNodes nodes;

  private void start(long seed, int count) {
    world = new VirtualWorld(seed);
    server =
        new ApiServer(
            EmbeddedStore.inMemory(world),
            world,
            ApiServerSettings.standard().withoutPlugins("ServiceAccount"));
    server.defaults(new ApiServerAddress("10.0.0.1", 6443, "10.96.0.1")).ensure();
    api = server.api("tester");
    startNodes(count);
  }

  private void startNodes(int count) {
    nodes = new SimulatedNodes(world, server.api("system:nodes"), count, SimulatedSettings.DEFAULT);
    nodes.start();
    world.awaitQuiescent();
  }

  private void start(int count) {
    start(1, count);
  }

  @AfterEach
  void close() {
    if (nodes != null) {
      nodes.close();
      server.close();
    }
  }

  private static Struct json(String text) {
    return Json.struct(text.replace('\'', '"'));
  }

  /// Creates a Pod on a node.
  ///
  /// @param script annotations without their prefix, as fields of an object
  private void pod(String name, String node, String script, String spec) {
    StructBuilder annotations = new StructBuilder();
    json("{" + script + "}")
        .forEach((key, value) -> annotations.add("simulated.tiphys.dev/" + key, value));
    Struct pod =
        json(
            "{'metadata':{'name':'"
                + name
                + "','namespace':'default'},'spec':{'nodeName':'"
                + node
                + "','containers':[{'name':'main','image':'nginx:1.27'}]"
                + (spec.isEmpty() ? "" : "," + spec)
                + "}}");
    api.create(ApiResource.PODS, pod.withAt(annotations.build(), "metadata", "annotations"));
  }

  private Struct pod(String name) {
    return api.get(ApiResource.PODS, "default", name);
  }

  private Struct state(String pod) {
    return pod(pod).structs("status", "containerStatuses").getFirst();
  }

  private static List<String> conditions(Struct object) {
    return object.structs("status", "conditions").stream()
        .map(
            condition ->
                (condition.string("type")
                        + " "
                        + condition.string("status")
                        + " "
                        + condition.string("reason"))
                    .strip())
        .toList();
  }

  @Nested
  class Nodes {
    @Test
    void registerWithEverythingANodeTells() {
      start(3);

      List<Struct> all = api.list(ApiResource.NODES, "", ListOptions.ALL).items();
      assertThat(all.stream().map(node -> Meta.of(node).name()))
          .containsExactly("simulated-0", "simulated-1", "simulated-2");
      Struct node = all.getFirst();
      assertThat(Meta.of(node).label("kubernetes.io/hostname")).isEqualTo("simulated-0");
      assertThat(Meta.of(node).label("kubernetes.io/os")).isEqualTo("linux");
      assertThat(node.string("status", "allocatable", "cpu")).isEqualTo("8");
      assertThat(node.string("status", "nodeInfo", "kubeletVersion")).isEqualTo("v1.36.0");
      assertThat(conditions(node))
          .containsExactly(
              "MemoryPressure False KubeletHasSufficientMemory",
              "DiskPressure False KubeletHasNoDiskPressure",
              "PIDPressure False KubeletHasSufficientPID",
              "Ready True KubeletReady");
      assertThat(node.structs("status", "addresses").getFirst().string("address"))
          .isEqualTo("172.16.0.1");
    }

    @Test
    void areAllThereSoonAfterTheClusterGrantsThemTheirRights() {
      server =
          new ApiServer(
              EmbeddedStore.inMemory(world),
              world,
              ApiServerSettings.standard().withoutPlugins("ServiceAccount"));
      UserInfo user = UserInfo.of("system:tiphys:simulated-nodes", UserInfo.AUTHENTICATED);
      nodes =
          new SimulatedNodes(
              world, server.api(user, "kubelet", "kubelet"), 300, SimulatedSettings.DEFAULT);
      nodes.start();
      world.advance(Duration.ofSeconds(5));

      server.defaults(new ApiServerAddress("10.0.0.1", 6443, "10.96.0.1")).ensure();
      world.advance(SECOND);

      assertThat(server.api("tester").list(ApiResource.NODES, "", ListOptions.ALL).items())
          .hasSize(300);
    }

    @Test
    void renewTheirLeases() {
      start(2);
      world.advance(Duration.ofSeconds(60));

      for (int i = 0; i < 2; i++) {
        Struct lease = api.get(ApiResource.LEASES, "kube-node-lease", "simulated-" + i);
        Struct node = api.get(ApiResource.NODES, "", "simulated-" + i);
        Instant renewed = Timestamps.parse(lease.string("spec", "renewTime"));
        assertThat(Duration.between(renewed, world.now())).isLessThan(Duration.ofSeconds(11));
        assertThat(lease.string("spec", "holderIdentity")).isEqualTo("simulated-" + i);
        assertThat(lease.integer("spec", "leaseDurationSeconds")).isEqualTo(40);
        assertThat(Meta.of(lease).owners().getFirst().string("uid")).isEqualTo(Meta.of(node).uid());
      }
    }

    @Test
    void reportTheirStatusEveryFiveMinutes() {
      start(1);
      String first = heartbeat();
      world.advance(Duration.ofMinutes(4));
      assertThat(heartbeat()).isEqualTo(first);
      world.advance(Duration.ofMinutes(2));
      assertThat(heartbeat()).isGreaterThan(first);
    }

    private String heartbeat() {
      Struct node = api.get(ApiResource.NODES, "", "simulated-0");
      return Meta.condition(node, "Ready").string("lastHeartbeatTime");
    }

    @Test
    void stayAwayOnceTheyAreDeleted() {
      start(1);
      api.delete(ApiResource.NODES, "", "simulated-0", DeleteOptions.DEFAULT);
      world.advance(Duration.ofMinutes(10));

      assertThat(api.find(ApiResource.NODES, "", "simulated-0")).isNull();
    }
  }

  @Nested
  class Pods {
    @Test
    void runAtOnce() {
      start(1);
      pod("web", "simulated-0", "", "'initContainers':[{'name':'setup','image':'busybox'}]");
      world.awaitQuiescent();

      Struct pod = pod("web");
      Struct status = pod.struct("status");
      assertThat(status.string("phase")).isEqualTo("Running");
      assertThat(status.string("podIP")).isEqualTo("10.128.0.1");
      assertThat(status.string("hostIP")).isEqualTo("172.16.0.1");
      assertThat(status.string("qosClass")).isEqualTo("BestEffort");
      assertThat(conditions(pod))
          .containsExactly(
              "PodReadyToStartContainers True",
              "Initialized True",
              "Ready True",
              "ContainersReady True",
              "PodScheduled True");
      Struct main = state("web");
      assertThat(main.bool("ready")).isTrue();
      assertThat(main.bool("started")).isTrue();
      assertThat(main.string("image")).isEqualTo("nginx:1.27");
      assertThat(main.string("imageID")).startsWith("nginx@sha256:");
      assertThat(main.string("containerID")).matches("simulated://[0-9a-f]{64}");
      assertThat(main.has("state", "running", "startedAt")).isTrue();
      Struct setup = status.structs("initContainerStatuses").getFirst();
      assertThat(setup.string("state", "terminated", "reason")).isEqualTo("Completed");
    }

    @Test
    void runOnceTheyAreBound() {
      start(1);
      api.create(
          ApiResource.PODS,
          json(
              "{'metadata':{'name':'web','namespace':'default'},'spec':{'containers':"
                  + "[{'name':'main','image':'nginx'}]}}"));
      world.awaitQuiescent();
      assertThat(pod("web").string("status", "phase")).isEqualTo("Pending");
      api.createSubresource(
          ApiResource.PODS,
          "default",
          "web",
          "binding",
          json(
              "{'kind':'Binding','apiVersion':'v1','metadata':{'name':'web','namespace':'default'},"
                  + "'target':{'kind':'Node','name':'simulated-0'}}"));
      world.awaitQuiescent();

      assertThat(pod("web").string("status", "phase")).isEqualTo("Running");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void haveAddressesOfTheirOwnEvenAfterARestart(long seed) {
      start(seed, 3);
      IntStream.range(0, 20).forEach(i -> pod("a-" + i, "simulated-" + i % 3, "", ""));
      world.awaitQuiescent();
      nodes.close();
      IntStream.range(0, 20).forEach(i -> pod("b-" + i, "simulated-" + i % 3, "", ""));
      startNodes(3);

      Set<String> addresses = new HashSet<>();
      api.list(ApiResource.PODS, "default", ListOptions.ALL)
          .items()
          .forEach(pod -> addresses.add(pod.string("status", "podIP")));
      assertThat(addresses).hasSize(40).doesNotContain("");
    }

    @Test
    void onOtherNodesAreNoneOfTheirBusiness() {
      start(1);
      pod("web", "real", "", "");
      world.awaitQuiescent();

      assertThat(pod("web").string("status", "phase")).isEqualTo("Pending");
    }

    @Test
    void getReadyWhenTheirScriptSaysSo() {
      start(1);
      pod("web", "simulated-0", "'ready-after-seconds':'30'", "");
      world.advance(Duration.ofSeconds(29));
      assertThat(pod("web").string("status", "phase")).isEqualTo("Running");
      assertThat(conditions(pod("web")))
          .contains("Ready False ContainersNotReady", "ContainersReady False ContainersNotReady");
      assertThat(Meta.condition(pod("web"), "Ready").string("message"))
          .isEqualTo("containers with unready status: [main]");
      world.advance(SECOND);

      assertThat(Meta.isTrue(pod("web"), "Ready")).isTrue();
    }

    @Test
    void waitForTheirReadinessGates() {
      start(1);
      pod("web", "simulated-0", "", "'readinessGates':[{'conditionType':'a.example/b'}]");
      world.awaitQuiescent();
      assertThat(Meta.condition(pod("web"), "Ready").string("message"))
          .isEqualTo(
              "corresponding condition of pod readiness gate \"a.example/b\" does not exist.");
      Struct pod = pod("web");
      List<Object> more = new ArrayList<>(pod.structs("status", "conditions"));
      more.add(Struct.of("type", "a.example/b", "status", "True"));
      api.update(ApiResource.PODS, pod.withAt(List.copyOf(more), "status", "conditions"), "status");
      world.awaitQuiescent();

      assertThat(conditions(pod("web")))
          .startsWith("a.example/b True")
          .contains("Ready True", "ContainersReady True");
    }

    @ParameterizedTest
    @CsvSource({
      "0, Never, Succeeded, PodCompleted",
      "0, OnFailure, Succeeded, PodCompleted",
      "3, Never, Failed, PodFailed",
    })
    void endWithTheirContainers(int code, String policy, String phase, String reason) {
      start(1);
      pod(
          "job",
          "simulated-0",
          "'run-seconds':'60','exit-code':'" + code + "'",
          "'restartPolicy':'" + policy + "'");
      world.awaitQuiescent();

      assertThat(pod("job").string("status", "phase")).isEqualTo(phase);
      Struct end = state("job").struct("state", "terminated");
      assertThat(end.integer("exitCode")).isEqualTo(code);
      assertThat(end.string("reason")).isEqualTo(code == 0 ? "Completed" : "Error");
      assertThat(
              Duration.between(
                  Timestamps.parse(end.string("startedAt")),
                  Timestamps.parse(end.string("finishedAt"))))
          .isEqualTo(Duration.ofSeconds(60));
      assertThat(Meta.condition(pod("job"), "Ready").string("reason")).isEqualTo(reason);
    }

    @Test
    void areStartedAgainWithABackoffThatGrows() {
      start(1);
      pod("web", "simulated-0", "'exit-code':'1'", "");
      world.advance(SECOND);
      assertThat(state("web").integer("restartCount")).isEqualTo(1);
      assertThat(state("web").string("state", "waiting", "reason")).isEqualTo("CrashLoopBackOff");
      assertThat(state("web").string("state", "waiting", "message"))
          .isEqualTo(
              "back-off 10s restarting failed container=main pod=web_default("
                  + Meta.of(pod("web")).uid()
                  + ")");
      assertThat(state("web").integer("lastState", "terminated", "exitCode")).isEqualTo(1);
      assertThat(pod("web").string("status", "phase")).isEqualTo("Running");
      world.advance(Duration.ofSeconds(10));
      assertThat(state("web").integer("restartCount")).isEqualTo(2);
      world.advance(Duration.ofSeconds(10));
      assertThat(state("web").integer("restartCount")).isEqualTo(2);
      world.advance(Duration.ofSeconds(10));
      assertThat(state("web").integer("restartCount")).isEqualTo(3);
    }

    @Test
    void goWhenTheyAreDeleted() {
      start(1);
      pod("web", "simulated-0", "", "");
      world.awaitQuiescent();
      api.delete(ApiResource.PODS, "default", "web", DeleteOptions.DEFAULT);
      world.awaitQuiescent();

      assertThat(api.find(ApiResource.PODS, "default", "web")).isNull();
    }

    @Test
    void tellHowTheyEndedToThoseWhoHoldThem() {
      start(1);
      pod("web", "simulated-0", "", "");
      world.awaitQuiescent();
      Struct held = pod("web").withAt(List.of("a.example/b"), "metadata", "finalizers");
      api.update(ApiResource.PODS, held);
      api.delete(ApiResource.PODS, "default", "web", DeleteOptions.DEFAULT);
      world.awaitQuiescent();

      assertThat(pod("web").string("status", "phase")).isEqualTo("Succeeded");
      assertThat(state("web").string("state", "terminated", "reason")).isEqualTo("Completed");
      api.update(ApiResource.PODS, pod("web").withoutAt("metadata", "finalizers"));
      world.awaitQuiescent();
      assertThat(api.find(ApiResource.PODS, "default", "web")).isNull();
    }
  }
}
