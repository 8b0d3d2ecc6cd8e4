package dev.tiphys.node.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.node.pod.Backoff;
import dev.tiphys.node.pod.ContainerHash;
import dev.tiphys.node.pod.Health;
import dev.tiphys.node.pod.Observation;
import dev.tiphys.node.pod.Observation.Observed;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.PodContainer;
import dev.tiphys.node.pod.Waiting;
import dev.tiphys.node.runtime.ContainerState;
import dev.tiphys.node.runtime.ContainerStatus;
import dev.tiphys.node.runtime.Sandbox;
import dev.tiphys.node.runtime.SandboxStatus;
import dev.tiphys.node.runtime.spec.ContainerName;
import dev.tiphys.node.runtime.spec.Namespaces;
import dev.tiphys.node.runtime.spec.SandboxName;
import dev.tiphys.node.spec.ContainerAnnotations;
import dev.tiphys.node.sync.PodAction.CreateSandbox;
import dev.tiphys.node.sync.PodAction.StartContainer;
import dev.tiphys.node.sync.PodAction.StopContainer;
import dev.tiphys.node.sync.PodAction.StopRemains;
import dev.tiphys.object.encoding.Yaml;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What is to be done, for what there is.
class PodPlannerTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String TWO =
      """
      containers: [{name: a, image: i}, {name: b, image: i}]
      """;
  private static final String WITH_INIT =
      """
      initContainers:
      - {name: side, image: i, restartPolicy: Always}
      - {name: init, image: i}
      containers: [{name: a, image: i}]
      """;

  private static Pod pod(String spec) {
    return new Pod(
        Yaml.struct("metadata: {name: p, namespace: \"n\", uid: u}\nspec:\n" + spec.indent(2)));
  }

  private static SandboxStatus sandbox(int attempt, boolean ready) {
    return new SandboxStatus(
        new Sandbox(
            "s" + attempt, new SandboxName("p", "n", "u", attempt), ready, NOW, Map.of(), Map.of()),
        ready ? List.of("10.1.0.5") : List.of(),
        Namespaces.Mode.POD);
  }

  private static Observed container(
      Pod pod, String sandbox, String name, int attempt, ContainerState state, int code) {
    PodContainer container = pod.container(name);
    return new Observed(
        sandbox,
        new ContainerStatus(
            name + attempt,
            new ContainerName(name, attempt),
            state,
            NOW.minusSeconds(60),
            NOW.minusSeconds(60),
            state == ContainerState.EXITED ? NOW.minusSeconds(5) : null,
            code,
            "i",
            "i",
            "",
            "",
            Map.of(),
            container == null
                ? Map.of()
                : Map.of(ContainerAnnotations.HASH, ContainerHash.of(container)),
            ""));
  }

  private static Observed running(Pod pod, String name) {
    return container(pod, "s0", name, 0, ContainerState.RUNNING, 0);
  }

  private static Observed exited(Pod pod, String name, int code) {
    return container(pod, "s0", name, 0, ContainerState.EXITED, code);
  }

  private static PodPlan plan(Pod pod, SandboxStatus sandbox, Observed... containers) {
    return plan(pod, Health.ALL_WELL, Map.of(), sandbox, containers);
  }

  private static PodPlan plan(
      Pod pod,
      Health health,
      Map<String, Backoff> backoffs,
      SandboxStatus sandbox,
      Observed... containers) {
    return PodPlanner.plan(
        pod, new Observation(List.of(sandbox), List.of(containers)), health, backoffs, NOW);
  }

  /// Actions in short: `sandbox 0`, `start a`, `stop a`, `remains`.
  private static List<String> words(PodPlan plan) {
    return plan.actions().stream()
        .map(
            action ->
                switch (action) {
                  case StopRemains() -> "remains";
                  case CreateSandbox(int attempt) -> "sandbox " + attempt;
                  case StopContainer stop -> "stop " + stop.container().name();
                  case StartContainer start -> "start " + start.container().name();
                })
        .toList();
  }

  @Test
  void aNewPodGetsASandboxAndItsContainers() {
    PodPlan plan = PodPlanner.plan(pod(TWO), Observation.NOTHING, Health.ALL_WELL, Map.of(), NOW);

    assertThat(words(plan)).containsExactly("sandbox 0", "start a", "start b");
  }

  @Test
  void aPodThatRunsNeedsNothing() {
    Pod pod = pod(TWO);

    assertThat(words(plan(pod, sandbox(0, true), running(pod, "a"), running(pod, "b")))).isEmpty();
  }

  @Test
  void aDeadSandboxIsReplacedWithAllThatWasInIt() {
    Pod pod = pod(TWO);

    assertThat(words(plan(pod, sandbox(2, false), running(pod, "a"), exited(pod, "b", 1))))
        .containsExactly("remains", "sandbox 3", "start a", "start b");
  }

  @Test
  void nothingThatIsDoneIsDoneAgain() {
    Pod pod = pod("restartPolicy: OnFailure\n" + TWO);

    assertThat(words(plan(pod, sandbox(0, false), exited(pod, "a", 0), exited(pod, "b", 0))))
        .isEmpty();
    assertThat(words(plan(pod, sandbox(0, true), exited(pod, "a", 0), exited(pod, "b", 1))))
        .containsExactly("start b");
  }

  @Test
  void initContainersComeOneByOne() {
    Pod pod = pod(WITH_INIT);
    PodPlan first = PodPlanner.plan(pod, Observation.NOTHING, Health.ALL_WELL, Map.of(), NOW);

    assertThat(words(first)).containsExactly("sandbox 0", "start side");
    assertThat(words(plan(pod, sandbox(0, true), running(pod, "side"))))
        .containsExactly("start init");
    assertThat(words(plan(pod, sandbox(0, true), running(pod, "side"), running(pod, "init"))))
        .isEmpty();
    assertThat(words(plan(pod, sandbox(0, true), running(pod, "side"), exited(pod, "init", 1))))
        .containsExactly("start init");
    assertThat(words(plan(pod, sandbox(0, true), running(pod, "side"), exited(pod, "init", 0))))
        .containsExactly("start a");
  }

  @Test
  void aSidecarHoldsTheOthersBackUntilItHasStarted() {
    Pod pod = pod(WITH_INIT);
    Health starting = (_, _) -> new Health.Verdict(false, false, Health.Fault.NONE);

    assertThat(words(plan(pod, starting, Map.of(), sandbox(0, true), running(pod, "side"))))
        .isEmpty();
  }

  @Test
  void aSidecarThatEndsIsStartedAgainBesideTheOthers() {
    Pod pod = pod(WITH_INIT);

    assertThat(
            words(
                plan(
                    pod,
                    sandbox(0, true),
                    exited(pod, "side", 0),
                    exited(pod, "init", 0),
                    running(pod, "a"))))
        .containsExactly("start side");
  }

  @Test
  void initContainersRunAgainInANewSandbox() {
    Pod pod = pod(WITH_INIT);
    Observed before = container(pod, "s0", "init", 0, ContainerState.EXITED, 0);
    Observed side = container(pod, "s1", "side", 1, ContainerState.RUNNING, 0);

    assertThat(words(plan(pod, sandbox(1, true), side, before))).containsExactly("start init");
  }

  @Test
  void whoFailedTooRecentlyRests() {
    Pod pod = pod(TWO);
    PodContainer a = pod.containers().getFirst();
    Map<String, Backoff> backoffs =
        Map.of(
            PodPlanner.backoffKey(a), new Backoff(Duration.ofSeconds(160), NOW.minusSeconds(60)));

    PodPlan plan =
        plan(
            pod,
            Health.ALL_WELL,
            backoffs,
            sandbox(0, true),
            exited(pod, "a", 1),
            running(pod, "b"));

    assertThat(plan.actions()).isEmpty();
    assertThat(plan.again()).isEqualTo(NOW.plusSeconds(155));
    assertThat(plan.waiting())
        .isEqualTo(
            Map.of(
                "a",
                new Waiting(
                    "CrashLoopBackOff",
                    "back-off 2m40s restarting failed container=a pod=p_n(u)")));
  }

  @Test
  void anotherImageStopsTheContainer() {
    Pod before = pod(TWO);
    Pod now = pod("containers: [{name: a, image: other}, {name: b, image: i}]");

    PodPlan plan = plan(now, sandbox(0, true), running(before, "a"), running(before, "b"));

    assertThat(words(plan)).containsExactly("stop a");
    assertThat(words(plan(now, sandbox(0, true), exited(before, "a", 0), running(before, "b"))))
        .containsExactly("start a");
  }

  @Test
  void aFailedProbeStopsTheContainerInItsOwnTime() {
    Pod pod =
        pod(
            """
            restartPolicy: Never
            containers:
            - {name: a, image: i, livenessProbe: {terminationGracePeriodSeconds: 3}}
            """);
    Health sick = (_, _) -> new Health.Verdict(true, true, Health.Fault.LIVENESS);

    PodPlan plan = plan(pod, sick, Map.of(), sandbox(0, true), running(pod, "a"));

    assertThat(plan.actions())
        .containsExactly(
            new StopContainer(
                pod.containers().getFirst(),
                running(pod, "a"),
                "Container a failed liveness probe",
                Duration.ofSeconds(3)));
  }

  @Test
  void aPodThatWantsTheNodesNetworkGetsIt() {
    Pod pod = pod("hostNetwork: true\n" + TWO);

    assertThat(words(plan(pod, sandbox(0, true), running(pod, "a"), running(pod, "b"))))
        .containsExactly("remains", "sandbox 1", "start a", "start b");
  }
}
