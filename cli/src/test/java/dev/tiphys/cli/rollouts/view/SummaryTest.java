package dev.tiphys.cli.rollouts.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.delivery.model.Rollout;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SummaryTest {

  private static final Instant NOW = Instant.parse("2026-01-08T12:00:00Z");
  private static final String CREATED = "2026-01-01T12:00:00Z"; // a week before

  private static Struct yaml(String text) {
    return Yaml.struct(text);
  }

  private static Rollout rollout(String strategy, String status) {
    return new Rollout(
        yaml(
            """
            metadata: {name: web, namespace: shop, uid: r, generation: 2, creationTimestamp: %s}
            spec: {replicas: 2, strategy: {%s}}
            status: {observedGeneration: "2", %s}
            """
                .formatted(CREATED, strategy, status)));
  }

  private static Struct replicaSet(String hash, int revision, int replicas, String annotations) {
    return yaml(
        """
        metadata:
          name: web-%1$s
          uid: %1$s
          generation: 1
          creationTimestamp: %2$s
          labels: {rollouts-pod-template-hash: %1$s}
          annotations: {rollout.argoproj.io/revision: "%3$d" %5$s}
          ownerReferences: [{uid: r, controller: true}]
        spec: {replicas: %4$d, template: {spec: {containers: [{name: c, image: "web:%1$s"}]}}}
        status: {replicas: %4$d, availableReplicas: %4$d, observedGeneration: 1}
        """
            .formatted(hash, CREATED, revision, replicas, annotations));
  }

  private static Struct pod(String hash, String suffix, int restarts) {
    return yaml(
        """
        metadata:
          name: web-%1$s-%2$s
          creationTimestamp: %3$s
          ownerReferences: [{uid: %1$s, controller: true}]
        spec: {containers: [{name: c, image: i}]}
        status:
          phase: Running
          containerStatuses: [{name: c, ready: true, restartCount: %4$d, state: {running: {}}}]
        """
            .formatted(hash, suffix, CREATED, restarts));
  }

  private static Struct run() {
    return yaml(
        """
        metadata:
          name: web-b-2-1
          creationTimestamp: %s
          annotations: {rollout.argoproj.io/revision: "2"}
          ownerReferences: [{uid: r, controller: true}]
        status:
          phase: Running
          metricResults:
          - name: smoke
            successful: 3
            failed: 1
            measurements: [{phase: Successful, startedAt: "2026-01-08T11:59:30Z", metadata: {job-name: smoke-1}}]
        """
            .formatted(CREATED));
  }

  private static String page(Rollout rollout, Family family) {
    return String.join("\n", Summary.of(rollout).page(family, NOW, false)) + "\n";
  }

  @Test
  void aBlueGreenRolloutThatWaits() {
    Rollout rollout =
        rollout(
            "blueGreen: {activeService: a}",
            """
            phase: Paused, message: BlueGreenPause, stableRS: a, currentPodHash: b,
            blueGreen: {activeSelector: a, previewSelector: b},
            replicas: 4, updatedReplicas: 2, readyReplicas: 4, availableReplicas: 2
            """);
    Family family =
        new Family(
            List.of(
                replicaSet("a", 1, 2, ""),
                replicaSet("b", 2, 2, ", scale-down-deadline: \"2026-01-08T12:00:29Z\""),
                replicaSet("old", 0, 0, "")),
            List.of(pod("a", "2", 0), pod("a", "1", 2), pod("b", "1", 0)),
            List.of(),
            List.of());

    assertThat(page(rollout, family))
        .isEqualTo(
            """
            Name:            web
            Namespace:       shop
            Status:          ॥ Paused
            Message:         BlueGreenPause
            Strategy:        BlueGreen
            Images:          web:a (active, stable)
                             web:b (preview)
            Replicas:
              Desired:       2
              Current:       4
              Updated:       2
              Ready:         4
              Available:     2

            NAME                KIND        STATUS        AGE  INFO
            ⟳ web               Rollout     ॥ Paused      7d
            ├──# revision:2
            │  └──⧉ web-b       ReplicaSet  ✔ Healthy     7d   preview,delay:29s
            │     └──□ web-b-1  Pod         ✔ Running     7d   ready:1/1
            ├──# revision:1
            │  └──⧉ web-a       ReplicaSet  ✔ Healthy     7d   stable,active
            │     ├──□ web-a-1  Pod         ✔ Running     7d   ready:1/1,restarts:2
            │     └──□ web-a-2  Pod         ✔ Running     7d   ready:1/1
            └──# revision:0
               └──⧉ web-old     ReplicaSet  • ScaledDown  7d
            """);
  }

  @Test
  void aCanaryWithAnAnalysis() {
    Rollout rollout =
        rollout(
            "canary: {steps: [{setWeight: 50}, {analysis: {}}, {pause: {}}]}",
            """
            phase: Progressing, stableRS: a, currentPodHash: b, currentStepIndex: 1,
            replicas: 2, updatedReplicas: 1, readyReplicas: 2, availableReplicas: 2
            """);
    Family family =
        new Family(
            List.of(replicaSet("a", 1, 1, ""), replicaSet("b", 2, 1, "")),
            List.of(),
            List.of(),
            List.of(run()));

    assertThat(page(rollout, family))
        .contains(
            """
            Strategy:        Canary
              Step:          1/3
              SetWeight:     50
              ActualWeight:  50
            Images:          web:a (stable)
                             web:b (canary)
            """)
        .contains(
            """
            ├──# revision:2
            │  ├──⧉ web-b       ReplicaSet   ✔ Healthy      7d   canary
            │  └──α web-b-2-1   AnalysisRun  ◌ Running      7d   ✔ 3,✖ 1
            │     └──⊞ smoke-1  Job          ✔ Successful   30s
            └──# revision:1
               └──⧉ web-a       ReplicaSet   ✔ Healthy      7d   stable
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          observedGeneration: "1"                              | Progressing | waiting for rollout spec update to be observed
          observedGeneration: "2", controllerPause: true       | Progressing | waiting for rollout to unpause
          observedGeneration: "2", phase: Degraded, message: m | Degraded    | m
          """)
  void aChangeThatWasNotTakenUpYetIsSaid(String status, String phase, String message) {
    Summary summary =
        Summary.of(new Rollout(yaml("{metadata: {generation: 2}, status: {" + status + "}}")));

    assertThat(summary.phase()).isEqualTo(phase);
    assertThat(summary.message()).isEqualTo(message);
  }

  @Test
  void coloursDoNotMoveColumns() {
    Columns columns = new Columns();
    columns.add(new ArrayList<>(List.of(Cell.tag("stable"), Cell.of("x"))));
    columns.add("longer", "y");

    assertThat(columns.lines(true)).containsExactly("\u001b[32mstable\u001b[0m  x", "longer  y");
  }
}
