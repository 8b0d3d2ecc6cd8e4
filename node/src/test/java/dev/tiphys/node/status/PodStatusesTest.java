package dev.tiphys.node.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.node.pod.Health;
import dev.tiphys.node.pod.Observation;
import dev.tiphys.node.pod.Observation.Observed;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.runtime.ContainerState;
import dev.tiphys.node.runtime.ContainerStatus;
import dev.tiphys.node.runtime.Sandbox;
import dev.tiphys.node.runtime.SandboxStatus;
import dev.tiphys.node.runtime.spec.ContainerName;
import dev.tiphys.node.runtime.spec.Namespaces;
import dev.tiphys.node.runtime.spec.SandboxName;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodStatusesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:10:00Z");

  private static Pod pod(String spec, String status) {
    return new Pod(
        Yaml.struct(
            "metadata: {name: p, namespace: n, uid: u, generation: 3}\nspec:\n"
                + spec.indent(2)
                + "status:\n"
                + status.indent(2)));
  }

  private static Pod pod(String policy) {
    return pod(
        "restartPolicy: %s\ncontainers: [{name: b, image: i}, {name: a, image: i}]"
            .formatted(policy),
        "{phase: Pending}");
  }

  private static Observed container(String name, ContainerState state, int code) {
    return new Observed(
        "s",
        new ContainerStatus(
            name + "-id",
            new ContainerName(name, 0),
            state,
            NOW,
            NOW,
            state == ContainerState.EXITED ? NOW : null,
            code,
            "docker.io/library/i:latest",
            "sha256:1",
            state == ContainerState.EXITED ? (code == 0 ? "Completed" : "Error") : "",
            "",
            Map.of(),
            Map.of(),
            ""));
  }

  private static Struct status(Pod pod, boolean stopped, Observed... containers) {
    SandboxStatus sandbox =
        new SandboxStatus(
            new Sandbox("s", new SandboxName("p", "n", "u", 0), true, NOW, Map.of(), Map.of()),
            List.of("10.1.0.5"),
            Namespaces.Mode.POD);
    return PodStatuses.of(
        new StatusInputs(
            pod,
            new Observation(List.of(sandbox), List.of(containers)),
            Health.ALL_WELL,
            Map.of(),
            _ -> "",
            List.of("192.0.2.1"),
            stopped,
            NOW));
  }

  /// Each of `a` and `b`: `r` runs, a number is its exit code, `-` is not there.
  @ParameterizedTest
  @CsvSource({
    "Always, -, -, Pending",
    "Always, r, -, Pending",
    "Always, r, r, Running",
    "Always, r, 1, Running",
    "Always, 0, 0, Running",
    "OnFailure, 0, r, Running",
    "OnFailure, 0, 1, Running",
    "OnFailure, 0, 0, Succeeded",
    "Never, 0, r, Running",
    "Never, 0, 0, Succeeded",
    "Never, 0, 1, Failed",
  })
  void thePhaseFollowsFromTheContainers(String policy, String a, String b, String phase) {
    Observed[] seen =
        Map.of("a", a, "b", b).entrySet().stream()
            .filter(e -> !e.getValue().equals("-"))
            .map(
                e ->
                    e.getValue().equals("r")
                        ? container(e.getKey(), ContainerState.RUNNING, 0)
                        : container(
                            e.getKey(), ContainerState.EXITED, Integer.parseInt(e.getValue())))
            .toArray(Observed[]::new);

    assertThat(status(pod(policy), false, seen).string("phase")).isEqualTo(phase);
  }

  @Test
  void aPodThatWasStoppedHasEndedWhateverItsPolicy() {
    Observed a = container("a", ContainerState.EXITED, 0);

    assertThat(
            status(pod("Always"), true, a, container("b", ContainerState.EXITED, 0))
                .string("phase"))
        .isEqualTo("Succeeded");
    assertThat(
            status(pod("Always"), true, a, container("b", ContainerState.EXITED, 137))
                .string("phase"))
        .isEqualTo("Failed");
  }

  /// A Job that tracks its Pods by finalizers waits for an end that is told.
  @Test
  void aPodThatWasStoppedBeforeItStartedHasFailed() {
    Struct plain = status(pod("Never"), true);
    assertThat(plain.string("phase")).isEqualTo("Failed");
    assertThat(plain.structs("containerStatuses"))
        .allSatisfy(
            each -> {
              assertThat(each.string("state", "terminated", "reason"))
                  .isEqualTo("ContainerStatusUnknown");
              assertThat(each.integer("state", "terminated", "exitCode")).isEqualTo(137);
            });

    Pod initialized =
        pod(
            "initContainers: [{name: i, image: i}, {name: j, image: i}]\ncontainers: [{name: a, image: i}]",
            "{phase: Pending}");
    Struct before = status(initialized, true);
    assertThat(before.string("phase")).isEqualTo("Failed");
    assertThat(before.structs("initContainerStatuses"))
        .allMatch(each -> each.has("state", "waiting"));
    assertThat(before.structs("containerStatuses")).allMatch(each -> each.has("state", "waiting"));

    Struct between = status(initialized, true, container("i", ContainerState.RUNNING, 0));
    assertThat(between.structs("initContainerStatuses"))
        .extracting(each -> each.struct("state").names().getFirst())
        .containsExactly("terminated", "waiting");
    Struct after =
        status(
            initialized,
            true,
            container("i", ContainerState.EXITED, 0),
            container("j", ContainerState.EXITED, 0));
    assertThat(after.structs("containerStatuses"))
        .allMatch(each -> each.has("state", "terminated"));
  }

  @Test
  void anEndIsFinal() {
    Pod pod = pod("containers: [{name: a, image: i}]", "{phase: Failed}");

    assertThat(status(pod, false, container("a", ContainerState.RUNNING, 0)).string("phase"))
        .isEqualTo("Failed");
  }

  @Test
  void containersAreInTheOrderOfTheirNames() {
    Struct status =
        status(
            pod("Always"),
            false,
            container("b", ContainerState.RUNNING, 0),
            container("a", ContainerState.RUNNING, 0));

    assertThat(status.structs("containerStatuses"))
        .extracting(s -> s.string("name") + " " + s.string("containerID"))
        .containsExactly("a containerd://a-id", "b containerd://b-id");
    assertThat(status.string("podIP")).isEqualTo("10.1.0.5");
    assertThat(status.structs("hostIPs")).containsExactly(Struct.of("ip", "192.0.2.1"));
    assertThat(status.string("startTime")).isEqualTo("2026-01-01T00:10:00Z");
    assertThat(status.integer("observedGeneration")).isEqualTo(3);
  }

  @Test
  void whatOthersWroteStaysAndCountsIfItIsAGate() {
    Pod pod =
        pod(
            "readinessGates: [{conditionType: x/y}]\ncontainers: [{name: a, image: i}]",
            """
            conditions:
            - {type: x/y, status: 'False'}
            - {type: PodScheduled, status: 'True', lastTransitionTime: '2025-12-31T00:00:00Z'}
            """);

    Struct status = status(pod, false, container("a", ContainerState.RUNNING, 0));

    assertThat(status.structs("conditions"))
        .extracting(c -> c.string("type") + "=" + c.string("status"))
        .containsExactly(
            "x/y=False",
            "PodReadyToStartContainers=True",
            "Initialized=True",
            "Ready=False",
            "ContainersReady=True",
            "PodScheduled=True");
    Struct conditions = Struct.of("status", status);
    assertThat(Meta.condition(conditions, "Ready").string("message"))
        .isEqualTo("the status of pod readiness gate \"x/y\" is not \"True\", but False");
    assertThat(Meta.condition(conditions, "PodScheduled").string("lastTransitionTime"))
        .isEqualTo("2025-12-31T00:00:00Z");
  }

  @Test
  void aContainerThatIsNowhereAnyMoreWasKilled() {
    Pod pod =
        pod(
            "containers: [{name: a, image: i}]",
            "{phase: Running, containerStatuses: [{name: a, restartCount: 2, state: {running:"
                + " {startedAt: '2026-01-01T00:00:00Z'}}}]}");

    Struct container = status(pod, false).structs("containerStatuses").getFirst();

    assertThat(container.integer("restartCount")).isEqualTo(3);
    assertThat(container.string("lastState", "terminated", "reason"))
        .isEqualTo("ContainerStatusUnknown");
    assertThat(container.string("state", "waiting", "reason")).isEqualTo("ContainerCreating");
  }

  @Test
  void aPatchHasOnlyWhatChanged() {
    Struct before = status(pod("Always"), false, container("a", ContainerState.RUNNING, 0));
    Pod pod = new Pod(pod("Always").object().with("status", before));

    assertThat(StatusPatch.of("u", before, before)).isNull();
    Struct patch =
        StatusPatch.of(
            "u",
            before,
            status(
                pod,
                false,
                container("a", ContainerState.RUNNING, 0),
                container("b", ContainerState.RUNNING, 0)));
    assertThat(patch.string("metadata", "uid")).isEqualTo("u");
    assertThat(patch.struct("status").names())
        .containsExactly("$setElementOrder/conditions", "conditions", "containerStatuses", "phase");
    assertThat(patch.structs("status", "conditions"))
        .extracting(c -> c.string("type"))
        .containsExactly("Ready", "ContainersReady");
  }
}
