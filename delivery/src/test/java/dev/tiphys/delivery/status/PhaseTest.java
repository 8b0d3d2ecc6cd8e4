package dev.tiphys.delivery.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.delivery.model.Rollout;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhaseTest {

  private static final String DONE =
      "updatedReplicas: 3, availableReplicas: 3, replicas: 3, stableRS: a, currentPodHash: a";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          canary: {} | DONE | Healthy
          canary: {} | DONE, conditions: [{type: InvalidSpec, message: m}] | Degraded InvalidSpec: m
          canary: {} | DONE, conditions: [{type: Progressing, reason: RolloutAborted, message: m}] | Degraded RolloutAborted: m
          canary: {} | DONE, conditions: [{type: Progressing, reason: ProgressDeadlineExceeded, message: m}] | Degraded ProgressDeadlineExceeded: m
          canary: {} | DONE, pauseConditions: [{reason: CanaryPauseStep}] | Paused CanaryPauseStep
          canary: {} | DONE, restartedAt: x | Progressing rollout is restarting
          canary: {} | updatedReplicas: 2 | Progressing more replicas need to be updated
          canary: {} | updatedReplicas: 3, availableReplicas: 2 | Progressing updated replicas are still becoming available
          canary: {} | DONE, replicas: 4 | Progressing old replicas are pending termination
          canary: {trafficRouting: {}} | DONE, replicas: 4 | Healthy
          canary: {} | DONE, stableRS: b | Progressing waiting for all steps to complete
          blueGreen: {} | DONE, blueGreen: {activeSelector: b} | Progressing active service cutover pending
          blueGreen: {} | DONE, blueGreen: {activeSelector: a} | Healthy
          blueGreen: {} | DONE, stableRS: b, blueGreen: {activeSelector: a} | Progressing waiting for post-promotion verification to complete
          blueGreen: {postPromotionAnalysis: {templates: []}} | DONE, stableRS: b, blueGreen: {activeSelector: a} | Progressing waiting for analysis to complete
          """)
  void thePhase(String strategy, String status, String expected) {
    Struct spec = Yaml.struct("{replicas: 3, strategy: {" + strategy + "}}");
    Struct given = Struct.EMPTY;
    if (status.startsWith("DONE")) {
      given = Yaml.struct("{" + DONE + "}");
      status = status.substring("DONE".length()).replaceFirst("^,", "");
    }
    Struct more = Yaml.struct("{" + status + "}");
    for (String name : more.names()) {
      given = given.with(name, more.get(name));
    }
    Phase phase = Phase.of(new Rollout(Struct.of("spec", spec, "status", given)));
    assertThat((phase.name() + " " + phase.message()).strip()).isEqualTo(expected);
  }
}
