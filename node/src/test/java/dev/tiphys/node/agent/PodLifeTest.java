package dev.tiphys.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of a Pod, from the first sight of it to the last.
class PodLifeTest {
  private static final String SLEEPER =
      """
      containers:
      - name: c
        image: busybox:1
        command: [sleep, '100000']
      """;

  @TempDir Path directory;
  private VirtualNode node;

  @BeforeEach
  void start() throws Exception {
    node = new VirtualNode(directory, 1);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void aNodeIsRegisteredReady() {
    Struct registered = node.api.get(ApiResource.NODES, "", "node-1");

    assertThat(registered.structs("status", "conditions"))
        .extracting(c -> c.string("type") + "=" + c.string("status"))
        .containsExactly(
            "MemoryPressure=False", "DiskPressure=False", "PIDPressure=False", "Ready=True");
    assertThat(Meta.of(registered).label("kubernetes.io/hostname")).isEqualTo("node-1");
    node.advance(1); // the lease names the node as its owner, and so waits for it
    assertThat(node.api.find(ApiResource.LEASES, "kube-node-lease", "node-1")).isNotNull();
  }

  @Test
  void aPodRunsWithoutTimePassing() {
    node.createPod("a", SLEEPER);

    Struct status = node.pod("a").struct("status");
    assertThat(status.string("phase")).isEqualTo("Running");
    assertThat(status.structs("conditions"))
        .extracting(c -> c.string("type") + "=" + c.string("status"))
        .containsExactly(
            "PodReadyToStartContainers=True",
            "Initialized=True",
            "Ready=True",
            "ContainersReady=True",
            "PodScheduled=True");
    assertThat(status.structs("conditions")).noneMatch(c -> c.has("reason") || c.has("message"));
    assertThat(status.string("podIP")).isEqualTo("10.88.0.3");
    assertThat(status.string("hostIP")).isEqualTo("192.0.2.1");
    assertThat(node.container("a", "c").string("containerID")).startsWith("containerd://");
    assertThat(node.events("a"))
        .containsExactlyInAnyOrder(
            "Pulled Container image \"busybox:1\" already present on machine and can be accessed by"
                + " the pod",
            "Created Container created",
            "Started Container started");
  }

  @Test
  void aStatusThatIsTrueIsNotWrittenAgain() {
    node.createPod("a", SLEEPER);
    String version = Meta.of(node.pod("a")).resourceVersion();

    node.advance(300);

    assertThat(Meta.of(node.pod("a")).resourceVersion()).isEqualTo(version);
  }

  @Test
  void aContainerThatEndsIsStartedAgainAtOnceAndThenEverLater() {
    node.createPod(
        "a",
        """
        containers:
        - name: c
          image: busybox:1
          command: [sh, -c, 'sleep 1; exit 3']
        """);

    node.advance(1);
    assertThat(node.container("a", "c").integer("restartCount")).isEqualTo(1);
    node.advance(1);
    Struct resting = node.container("a", "c");
    assertThat(resting.struct("state", "waiting"))
        .isEqualTo(
            Struct.of(
                "reason",
                "CrashLoopBackOff",
                "message",
                "back-off 10s restarting failed container=c pod=a_default(%s)"
                    .formatted(Meta.of(node.pod("a")).uid())));
    assertThat(resting.integer("lastState", "terminated", "exitCode")).isEqualTo(3);
    assertThat(node.pod("a").string("status", "phase")).isEqualTo("Running");
    node.advance(9);
    assertThat(node.container("a", "c").integer("restartCount")).isEqualTo(1);
    node.advance(1);
    assertThat(node.container("a", "c").integer("restartCount")).isEqualTo(2);
    node.advance(20);
    assertThat(node.container("a", "c").integer("restartCount")).isEqualTo(2);
    node.advance(1);
    assertThat(node.container("a", "c").integer("restartCount")).isEqualTo(3);
    // The one that runs, and the one before it.
    assertThat(node.containers()).hasSize(2);
  }

  @Test
  void aPodThatRunsOnceSucceeds() {
    node.createPod(
        "a",
        """
        restartPolicy: Never
        containers:
        - name: c
          image: busybox:1
          command: [sleep, '5']
        """);

    node.advance(5);

    Struct status = node.pod("a").struct("status");
    assertThat(status.string("phase")).isEqualTo("Succeeded");
    assertThat(status.structs("conditions"))
        .extracting(c -> c.string("type") + "=" + c.string("status") + c.string("reason"))
        .containsExactly(
            "PodReadyToStartContainers=False",
            "Initialized=TruePodCompleted",
            "Ready=FalsePodCompleted",
            "ContainersReady=FalsePodCompleted",
            "PodScheduled=True");
    assertThat(status.string("podIP")).isNotEmpty();
    assertThat(node.container("a", "c").struct("state").names()).containsExactly("terminated");
  }

  @Test
  void initContainersRunOneAfterTheOther() {
    node.createPod(
        "a",
        """
        initContainers:
        - {name: i1, image: 'busybox:1', command: [sleep, '2']}
        - {name: i2, image: 'busybox:1', command: [sleep, '2']}
        containers:
        - {name: c, image: 'busybox:1', command: [sleep, '100000']}
        """);

    assertThat(node.containers()).hasSize(1);
    assertThat(node.container("a", "c").string("state", "waiting", "reason"))
        .isEqualTo("PodInitializing");
    assertThat(Meta.condition(node.pod("a"), "Initialized").string("message"))
        .isEqualTo("containers with incomplete status: [i1 i2]");
    node.advance(2);
    assertThat(node.containers()).hasSize(2);
    node.advance(2);
    assertThat(node.pod("a").string("status", "phase")).isEqualTo("Running");
    assertThat(node.container("a", "i1").bool("ready")).isTrue();
  }

  @Test
  void aDeletedPodEndsInPeaceAndThenIsGone() {
    node.createPod(
        "a",
        """
        containers:
        - name: c
          image: busybox:1
          command: [sh, -c, "trap 'exit 0' TERM; sleep 100000 & wait"]
        """);

    node.deletePod("a", -1);

    assertThat(node.exists("a")).isFalse();
    assertThat(node.containers()).isEmpty();
    assertThat(node.runtime.sandboxes(Map.of())).isEmpty();
    assertThat(node.settings().data().resolve("pods")).isEmptyDirectory();
    assertThat(node.events("a")).contains("Killing Stopping container c");
  }

  @Test
  void whoDoesNotEndIsKilledAfterItsGrace() {
    node.createPod("a", SLEEPER);

    node.deletePod("a", 7);
    node.advance(6);
    assertThat(node.exists("a")).isTrue();
    node.advance(1);

    assertThat(node.exists("a")).isFalse();
  }

  @Test
  void aSecondDeletionCanShortenTheGrace() {
    node.createPod("a", SLEEPER);

    node.deletePod("a", 60);
    node.advance(1);
    node.deletePod("a", 5);
    node.advance(6);

    assertThat(node.exists("a")).isFalse();
  }

  @Test
  void anAgentThatStartsAgainTouchesNothing() throws Exception {
    node.createPod("a", SLEEPER);
    String id = node.id("a", "c");
    String version = Meta.of(node.pod("a")).resourceVersion();

    node.restartAgent();
    node.advance(120);

    assertThat(node.id("a", "c")).isEqualTo(id);
    assertThat(Meta.of(node.pod("a")).resourceVersion()).isEqualTo(version);
    assertThat(node.containers()).hasSize(1);
  }

  @Test
  void aPodThatVanishedWhileTheAgentWasAwayIsClearedAway() throws Exception {
    node.createPod("a", SLEEPER);
    node.stopAgent();
    node.deletePod("a", 0);

    node.startAgentAgain();
    node.advance(60);

    assertThat(node.containers()).isEmpty();
    assertThat(node.runtime.sandboxes(Map.of())).isEmpty();
    assertThat(node.settings().data().resolve("pods")).isEmptyDirectory();
  }

  @Test
  void anotherImageReplacesTheContainer() {
    node.createPod("a", SLEEPER);
    node.runtime.images().add("busybox:2");
    Struct pod = node.pod("a");
    Struct container = pod.structs("spec", "containers").getFirst().with("image", "busybox:2");

    node.api.update(ApiResource.PODS, pod.withAt(List.of(container), "spec", "containers"));
    node.advance(31);

    assertThat(node.container("a", "c").string("image")).isEqualTo("docker.io/library/busybox:2");
    assertThat(node.container("a", "c").integer("restartCount")).isEqualTo(1);
    assertThat(node.events("a"))
        .contains("Killing Container c definition changed, will be restarted");
  }

  @Test
  void nobodyBecomesUnreadyBecauseTheAgentStartsAgain() throws Exception {
    node.createPod(
        "a",
        """
        containers:
        - name: c
          image: busybox:1
          command: [sleep, '100000']
          startupProbe: {exec: {command: ['true']}}
          readinessProbe: {exec: {command: ['true']}, initialDelaySeconds: 2}
        """);
    node.advance(5);
    String version = Meta.of(node.pod("a")).resourceVersion();
    assertThat(node.container("a", "c").bool("ready")).isTrue();

    node.restartAgent();
    node.advance(30);

    assertThat(Meta.of(node.pod("a")).resourceVersion()).isEqualTo(version);
  }

  @Test
  void volumesShowWhatThePodIsCalledNow() {
    node.createPod(
        "a",
        """
        containers:
        - name: c
          image: busybox:1
          command: [sleep, '100000']
          volumeMounts: [{name: v, mountPath: /v}]
        volumes:
        - name: v
          downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}
        """);
    Path file =
        node.settings()
            .directories()
            .volume(Meta.of(node.pod("a")).uid(), "kubernetes.io~downward-api", "v")
            .resolve("labels");

    node.api.update(ApiResource.PODS, node.pod("a").withAt("new", "metadata", "labels", "tier"));
    node.settle();

    assertThat(file).hasContent("tier=\"new\"");
  }
}
