package dev.tiphys.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.PatchType;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the agent does when a Pod cannot have what it asks for, or is not well.
class PodTroubleTest {
  @TempDir Path directory;
  private VirtualNode node;

  @BeforeEach
  void start() throws Exception {
    node = new VirtualNode(directory, 2);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void anImageThatNobodyHasIsAskedForEverLater() {
    node.createPod(
        "a",
        """
        containers:
        - {name: c, image: 'nowhere:1', command: [sleep, '100000']}
        """);

    Struct first = node.container("a", "c").struct("state", "waiting");
    assertThat(first.string("reason")).isEqualTo("ErrImagePull");
    node.advance(1);
    Struct second = node.container("a", "c").struct("state", "waiting");
    assertThat(second.string("reason")).isEqualTo("ImagePullBackOff");
    assertThat(second.string("message"))
        .startsWith("Back-off pulling image \"nowhere:1\": ErrImagePull: rpc error");
    assertThat(node.pod("a").string("status", "phase")).isEqualTo("Pending");
    assertThat(node.events("a"))
        .contains(
            "Pulling Pulling image \"nowhere:1\"",
            "Failed Error: ErrImagePull",
            "BackOff Back-off pulling image \"nowhere:1\"",
            "Failed Error: ImagePullBackOff");

    node.runtime.images().addToRegistry("nowhere:1");
    node.advance(10);
    assertThat(node.pod("a").string("status", "phase")).isEqualTo("Running");
  }

  @Test
  void anImageThatMayNotBePulledMustBeThere() {
    node.createPod(
        "a",
        """
        containers:
        - {name: c, image: 'nowhere:1', imagePullPolicy: Never}
        """);

    assertThat(node.container("a", "c").struct("state", "waiting"))
        .isEqualTo(
            Struct.of(
                "reason",
                "ErrImageNeverPull",
                "message",
                "Container image \"nowhere:1\" is not present with pull policy of Never"));
  }

  @Test
  void aMissingConfigMapKeepsTheVolumeAway() {
    node.createPod(
        "a",
        """
        containers:
        - name: c
          image: busybox:1
          command: [sleep, '100000']
          volumeMounts: [{name: v, mountPath: /v}]
        volumes: [{name: v, configMap: {name: missing}}]
        """);

    assertThat(node.container("a", "c").string("state", "waiting", "reason"))
        .isEqualTo("ContainerCreating");
    assertThat(node.events("a"))
        .containsExactly(
            "FailedMount MountVolume.SetUp failed for volume \"v\" : configmap \"missing\" not found");
    node.create(ApiResource.CONFIG_MAPS, "{metadata: {name: missing}, data: {a: b}}");
    node.advance(2);
    assertThat(node.pod("a").string("status", "phase")).isEqualTo("Running");
  }

  @Test
  void aMissingSecretKeepsTheContainerFromBeingMade() {
    node.createPod(
        "a",
        """
        containers:
        - name: c
          image: busybox:1
          command: [sleep, '100000']
          env: [{name: A, valueFrom: {secretKeyRef: {name: missing, key: k}}}]
        """);

    assertThat(node.container("a", "c").struct("state", "waiting"))
        .isEqualTo(
            Struct.of(
                "reason", "CreateContainerConfigError", "message", "secret \"missing\" not found"));
    assertThat(node.events("a")).contains("Failed Error: secret \"missing\" not found");
    node.create(ApiResource.SECRETS, "{metadata: {name: missing}, stringData: {k: v}}");
    node.advance(10);
    assertThat(node.pod("a").string("status", "phase")).isEqualTo("Running");
  }

  @Test
  void aChangedConfigMapReachesTheRunningPod() throws Exception {
    Struct map = node.create(ApiResource.CONFIG_MAPS, "{metadata: {name: m}, data: {a: old}}");
    node.createPod(
        "a",
        """
        containers:
        - name: c
          image: busybox:1
          command: [sleep, '100000']
          volumeMounts: [{name: v, mountPath: /v}]
        volumes: [{name: v, configMap: {name: m}}]
        """);
    Path file =
        node.settings()
            .directories()
            .volume(Meta.of(node.pod("a")).uid(), "kubernetes.io~configmap", "v")
            .resolve("a");
    assertThat(file).hasContent("old");

    node.api.update(ApiResource.CONFIG_MAPS, map.withAt("new", "data", "a"));
    node.advance(120);

    assertThat(Files.readString(file)).isEqualTo("new");
  }

  @Test
  void whoMustNotBeRootIsNot() {
    node.createPod(
        "a",
        """
        securityContext: {runAsNonRoot: true}
        containers:
        - {name: c, image: 'busybox:1'}
        """);

    assertThat(node.container("a", "c").struct("state", "waiting").string("message"))
        .startsWith("container has runAsNonRoot and image will run as root (pod: \"a_default(");
  }

  @Test
  void aPodTooLargeForTheNodeFails() throws Exception {
    node.createPod(
        "a",
        """
        containers:
        - {name: c, image: 'busybox:1', resources: {requests: {cpu: 10k}}}
        """);

    Struct status = node.pod("a").struct("status");
    assertThat(status.string("phase")).isEqualTo("Failed");
    assertThat(status.string("reason")).isEqualTo("OutOfcpu");
    String message =
        "Node didn't have enough resource: cpu, requested: 10000000, used: 0, capacity: ";
    assertThat(status.string("message")).startsWith("Pod was rejected: " + message);
    assertThat(node.events("a")).singleElement().asString().startsWith("OutOfcpu " + message);
    assertThat(node.containers()).isEmpty();

    String version = Meta.of(node.pod("a")).resourceVersion();
    node.restartAgent();
    assertThat(Meta.of(node.pod("a")).resourceVersion()).isEqualTo(version);
  }

  @Test
  void whoTakesTooLongFails() {
    node.createPod(
        "a",
        """
        activeDeadlineSeconds: 5
        terminationGracePeriodSeconds: 1
        containers:
        - {name: c, image: 'busybox:1', command: [sleep, '100000']}
        """);

    node.advance(6);

    Struct status = node.pod("a").struct("status");
    assertThat(status.string("phase")).isEqualTo("Failed");
    assertThat(status.string("reason")).isEqualTo("DeadlineExceeded");
    assertThat(node.container("a", "c").integer("state", "terminated", "exitCode")).isEqualTo(137);
  }

  @Test
  void aPodIsReadyWhenItsProbeSaysSo() {
    node.createPod(
        "a",
        """
        containers:
        - name: c
          image: busybox:1
          command: [sleep, '100000']
          readinessProbe: {exec: {command: ['true']}, initialDelaySeconds: 3, periodSeconds: 1}
        """);

    assertThat(Meta.condition(node.pod("a"), "Ready").string("message"))
        .isEqualTo("containers with unready status: [c]");
    node.advance(3);
    assertThat(Meta.isTrue(node.pod("a"), "Ready")).isTrue();
  }

  @Test
  void whoIsNotAliveIsStartedAgain() {
    node.createPod(
        "a",
        """
        terminationGracePeriodSeconds: 1
        containers:
        - name: c
          image: busybox:1
          command: [sleep, '100000']
          livenessProbe:
            exec: {command: [sh, -c, 'echo broken; exit 1']}
            periodSeconds: 2
            failureThreshold: 3
        """);

    node.advance(3);
    assertThat(node.container("a", "c").integer("restartCount")).isZero();
    node.advance(2);
    assertThat(node.container("a", "c").integer("restartCount")).isEqualTo(1);
    assertThat(node.events("a"))
        .contains(
            "Unhealthy Liveness probe failed: broken\n",
            "Killing Container c failed liveness probe, will be restarted");
  }

  @Test
  void aStartupProbeHoldsTheOthersBack() {
    node.createPod(
        "a",
        """
        containers:
        - name: c
          image: busybox:1
          command: [sleep, '100000']
          startupProbe: {exec: {command: ['true']}, initialDelaySeconds: 5}
          readinessProbe: {exec: {command: ['true']}, periodSeconds: 10}
        """);

    node.advance(4);
    assertThat(node.container("a", "c").bool("started")).isFalse();
    node.advance(1);
    assertThat(node.container("a", "c").bool("started")).isTrue();
    assertThat(node.container("a", "c").bool("ready")).isTrue();
  }

  @Test
  void aSidecarRunsBesideTheOthersAndEndsAfterThem() {
    node.createPod(
        "a",
        """
        restartPolicy: Never
        terminationGracePeriodSeconds: 1
        initContainers:
        - {name: side, image: 'busybox:1', restartPolicy: Always, command: [sleep, '100000']}
        - {name: init, image: 'busybox:1', command: [sleep, '2']}
        containers:
        - {name: c, image: 'busybox:1', command: [sleep, '3']}
        """);

    assertThat(node.container("a", "side").bool("ready")).isTrue();
    assertThat(node.container("a", "init").struct("state").names()).containsExactly("running");
    node.advance(2);
    assertThat(node.container("a", "c").bool("ready")).isTrue();
    node.advance(3);
    assertThat(node.pod("a").string("status", "phase")).isEqualTo("Running");
    node.advance(1);
    assertThat(node.pod("a").string("status", "phase")).isEqualTo("Succeeded");
  }

  @Test
  void aFailedInitContainerFailsAPodThatRunsOnce() {
    node.createPod(
        "a",
        """
        restartPolicy: Never
        initContainers:
        - {name: i, image: 'busybox:1', command: ['false']}
        containers:
        - {name: c, image: 'busybox:1', command: [sleep, '3']}
        """);

    assertThat(node.pod("a").string("status", "phase")).isEqualTo("Failed");
    assertThat(node.container("a", "c").string("state", "waiting", "reason"))
        .isEqualTo("PodInitializing");
  }

  @Test
  void aLostSandboxIsReplaced() throws Exception {
    node.createPod(
        "a",
        """
        containers:
        - {name: c, image: 'busybox:1', command: [sleep, '100000']}
        """);
    String sandbox = node.runtime.sandboxes(Map.of()).getFirst().id();

    node.runtime.stopSandbox(sandbox);
    node.advance(11);

    assertThat(node.pod("a").string("status", "phase")).isEqualTo("Running");
    assertThat(node.container("a", "c").integer("restartCount")).isEqualTo(1);
    assertThat(node.events("a"))
        .contains("SandboxChanged Pod sandbox changed, it will be killed and re-created.");
  }

  @Test
  void eventsThatAreLostAreMadeUpFor() {
    node.createPod(
        "a",
        """
        containers:
        - {name: c, image: 'busybox:1', command: [sleep, '100000']}
        """);
    String id = node.id("a", "c");
    node.runtime.loseEvents();
    node.runtime.exit(id, 0);

    node.advance(1);

    assertThat(node.container("a", "c").integer("restartCount")).isEqualTo(1);
  }

  @Test
  void anEphemeralContainerIsStartedInARunningPod() {
    node.createPod(
        "a",
        """
        containers:
        - {name: c, image: 'busybox:1', command: [sleep, '100000']}
        """);
    Struct debug =
        Struct.of("name", "debug", "image", "busybox:1", "command", List.of("sleep", "100000"))
            .with("targetContainerName", "c");

    node.api.update(
        ApiResource.PODS,
        node.pod("a").withAt(List.of(debug), "spec", "ephemeralContainers"),
        "ephemeralcontainers");
    node.settle();

    assertThat(node.pod("a").structs("status", "ephemeralContainerStatuses"))
        .extracting(s -> s.struct("state").names())
        .containsExactly(List.of("running"));
  }

  @Test
  void hooksThatFailAreToldOf() {
    node.createPod(
        "a",
        """
        terminationGracePeriodSeconds: 1
        containers:
        - name: c
          image: busybox:1
          command: [sleep, '100000']
          lifecycle: {postStart: {exec: {command: ['false']}}}
        """);

    node.advance(1);

    assertThat(node.events("a")).contains("FailedPostStartHook PostStartHook failed");
  }

  @Test
  void nobodyWaitsForTheHookOfAPodThatIsNotWantedAnyMore() {
    node.createPod(
        "a",
        """
        containers:
        - name: c
          image: busybox:1
          command: [sh, -c, "trap 'exit 0' TERM; sleep 100000 & wait"]
          lifecycle: {postStart: {exec: {command: [sleep, '1000']}}}
        """);

    node.deletePod("a", 30);

    assertThat(node.exists("a")).isFalse();
    assertThat(node.events("a")).doesNotContain("FailedPostStartHook PostStartHook failed");
  }

  @Test
  void aPodThatChoosesIsRunByTheNodeItChose() {
    String pod =
        """
        nodeSelector: {disk: ssd}
        containers:
        - {name: c, image: 'busybox:1', command: [sleep, '100000']}
        """;
    node.createPod("early", pod);
    node.api.patch(
        ApiResource.NODES,
        "",
        "node-1",
        "",
        PatchType.MERGE,
        Yaml.struct("metadata: {labels: {disk: ssd}}"));
    node.settle();
    node.createPod("late", pod);

    assertThat(node.pod("early").string("status", "reason")).isEqualTo("NodeAffinity");
    assertThat(node.pod("late").string("status", "phase")).isEqualTo("Running");
  }

  @Test
  void aPodThatIsDeletedWhileItsSandboxIsMadeLeavesNothing() throws Exception {
    node.runtime.sandboxesTake(Duration.ofSeconds(3));
    node.createPod(
        "a",
        """
        terminationGracePeriodSeconds: 1
        containers: [{name: c, image: 'busybox:1', command: [sleep, '100000']}]
        """);
    node.advance(1);
    assertThat(node.runtime.sandboxes(Map.of())).isEmpty();

    node.deletePod("a", -1);
    node.advance(1);
    assertThat(node.exists("a")).isTrue();
    node.advance(2);

    assertThat(node.exists("a")).isFalse();
    assertThat(node.runtime.sandboxes(Map.of())).isEmpty();
    assertThat(node.settings().directories().uids()).isEmpty();
  }

  @Test
  void aPodWhoseObjectVanishesWhileItsSandboxIsMadeLeavesNothing() throws Exception {
    node.runtime.sandboxesTake(Duration.ofSeconds(3));
    node.createPod("a", "containers: [{name: c, image: 'busybox:1', command: [sleep, '100000']}]");
    node.advance(1);

    node.deletePod("a", 0);
    node.advance(40);

    assertThat(node.runtime.sandboxes(Map.of())).isEmpty();
    assertThat(node.settings().directories().uids()).isEmpty();
  }

  @Test
  void aCgroupThatCannotBeRemovedYetIsTriedAgain() throws Exception {
    Path hierarchy = Files.createDirectories(node.cgroups().resolve("cpu"));
    node.createPod(
        "a",
        """
        terminationGracePeriodSeconds: 1
        containers: [{name: c, image: 'busybox:1', command: [sleep, '100000']}]
        """);
    String uid = node.pod("a").string("metadata", "uid");
    Path inUse = hierarchy.resolve("kubepods/besteffort/pod" + uid);
    try (var entries = Files.list(inUse)) {
      for (Path entry : entries.toList()) {
        Files.delete(entry); // those are the kernel's, which a removal does not mind
      }
    }
    Files.createFile(inUse.resolve("busy"));

    node.deletePod("a", -1);
    node.advance(10);
    assertThat(node.exists("a")).isTrue();

    Files.delete(inUse.resolve("busy"));
    node.advance(2);
    assertThat(node.exists("a")).isFalse();
    assertThat(inUse).doesNotExist();
  }

  @Test
  void aPodWithTimeLeftIsHurriedOverAndOver() {
    node.createPod(
        "a",
        """
        terminationGracePeriodSeconds: 500
        containers:
        - name: c
          image: busybox:1
          command: [sleep, '100000']
          lifecycle: {preStop: {exec: {command: [sleep, '400']}}}
        """);
    node.deletePod("a", -1);
    node.advance(10);
    assertThat(node.exists("a")).isTrue();

    node.deletePod("a", 100);
    node.advance(10);
    assertThat(node.exists("a")).isTrue();

    node.deletePod("a", 2);
    node.advance(5);
    assertThat(node.exists("a")).isFalse();
  }
}
