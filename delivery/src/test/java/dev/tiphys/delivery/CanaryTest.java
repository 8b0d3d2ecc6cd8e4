package dev.tiphys.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.delivery.model.DeliveryResources;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CanaryTest {

  private static final String STEPS =
      "canary: {steps: [{setWeight: 20}, {pause: {}}, {setWeight: 50}, {pause: {duration: 60}}]}";

  private RolloutCluster it;

  @BeforeEach
  void start() {
    it = new RolloutCluster(1);
  }

  @AfterEach
  void close() {
    it.close();
  }

  @Test
  void aFirstVersionTakesNoSteps() {
    it.rollout(5, STEPS);
    assertThat(it.phase()).isEqualTo("Healthy");
    assertThat(it.status().integer("currentStepIndex")).isEqualTo(4);
    assertThat(it.size("web:1")).isEqualTo(5);
    assertThat(it.events()).anyMatch(event -> event.endsWith("Initial deploy"));
  }

  @Test
  void aVersionComesStepByStep() {
    it.rollout(5, STEPS);
    it.image("web:2");
    it.settle();
    assertThat(it.phase()).isEqualTo("Paused CanaryPauseStep");
    assertThat(it.size("web:2")).isEqualTo(1);
    assertThat(it.size("web:1")).isEqualTo(4);
    assertThat(it.events())
        .contains("RolloutStepCompleted: Rollout step 1/4 completed (setWeight: 20)");
    it.promote();
    it.advance(20);
    assertThat(it.status().integer("currentStepIndex")).isEqualTo(3);
    assertThat(it.size("web:2")).isEqualTo(3);
    it.advance(120);
    assertThat(it.phase()).isEqualTo("Healthy");
    assertThat(it.size("web:2")).isEqualTo(5);
    assertThat(it.size("web:1")).isZero();
    assertThat(it.events())
        .contains("RolloutStepCompleted: Rollout step 4/4 completed (pause: 60)")
        .anyMatch(event -> event.endsWith("Completed all 4 canary steps"));
  }

  @Test
  void aStepIsSkippedByPromotion() {
    it.rollout(5, "canary: {steps: [{setWeight: 20}, {setWeight: 40}, {pause: {}}]}");
    it.breakImages("web:2");
    it.image("web:2");
    it.settle();
    assertThat(it.status().integer("currentStepIndex")).isZero();
    it.promote();
    it.settle();
    assertThat(it.status().integer("currentStepIndex")).isEqualTo(1);
  }

  @Test
  void aFullPromotionSkipsAllSteps() {
    it.rollout(5, STEPS);
    it.image("web:2");
    it.settle();
    it.promoteFully();
    it.settle();
    assertThat(it.phase()).isEqualTo("Healthy");
    assertThat(it.size("web:2")).isEqualTo(5);
    assertThat(it.status().has("promoteFull")).isFalse();
    assertThat(it.events()).anyMatch(event -> event.endsWith("Full promotion requested"));
  }

  @Test
  void anUpdateThatIsGivenUpEndsWhereItBeganAndCanBeTriedAgain() {
    it.rollout(5, STEPS);
    it.image("web:2");
    it.settle();
    it.abort();
    it.settle();
    assertThat(it.phase())
        .isEqualTo("Degraded RolloutAborted: Rollout aborted update to revision 2");
    assertThat(it.size("web:1")).isEqualTo(5);
    assertThat(it.size("web:2")).isZero();
    assertThat(it.status().integer("currentStepIndex")).isZero();
    it.retry();
    it.settle();
    assertThat(it.phase()).isEqualTo("Paused CanaryPauseStep");
    assertThat(it.size("web:2")).isEqualTo(1);
  }

  @Test
  void givingUpWithNoUpdateUnderWayChangesNothing() { // argo-rollouts 1292
    it.rollout(3, STEPS);
    it.image("web:2");
    it.settle();
    it.promoteFully();
    it.settle();
    it.abort();
    it.settle();
    assertThat(it.phase()).isEqualTo("Healthy");
    assertThat(it.size("web:2")).isEqualTo(3);
    assertThat(it.pods()).hasSize(3);
  }

  @Test
  void theWayBackToTheStableVersionTakesNoSteps() {
    it.rollout(5, STEPS);
    it.image("web:2");
    it.settle();
    it.image("web:1");
    it.settle();
    assertThat(it.phase()).isEqualTo("Healthy");
    assertThat(it.size("web:1")).isEqualTo(5);
    assertThat(it.size("web:2")).isZero();
    assertThat(it.status().integer("currentStepIndex")).isEqualTo(4);
    assertThat(it.events()).contains("SkipSteps: Rollback to stable ReplicaSets");
  }

  @Test
  void aRollbackWithinTheWindowTakesNoSteps() {
    it.rollout(
        3, "canary: {steps: [{setWeight: 20}, {pause: {}}]}", "{rollbackWindow: {revisions: 2}}");
    it.image("web:2");
    it.settle();
    it.promote();
    it.settle();
    assertThat(it.phase()).isEqualTo("Healthy");
    it.undo();
    it.settle();
    assertThat(it.phase()).isEqualTo("Healthy");
    assertThat(it.size("web:1")).isEqualTo(3);
    assertThat(it.events()).anyMatch(event -> event.endsWith("Rollback within window"));
  }

  @Test
  void anotherUpdateInTheMiddleReplacesTheFirst() {
    it.rollout(5, STEPS);
    it.image("web:2");
    it.settle();
    it.image("web:3");
    it.settle();
    assertThat(it.phase()).isEqualTo("Paused CanaryPauseStep");
    assertThat(it.size("web:1")).isEqualTo(4);
    assertThat(it.size("web:2")).isZero();
    assertThat(it.size("web:3")).isEqualTo(1);
    assertThat(it.events()).anyMatch(event -> event.startsWith("RolloutNotCompleted"));
  }

  @Test
  void sizesFollowWhileItWaits() {
    it.rollout(5, STEPS);
    it.image("web:2");
    it.settle();
    it.scale(10);
    it.settle();
    assertThat(it.size("web:1")).isEqualTo(8);
    assertThat(it.size("web:2")).isEqualTo(2);
    it.scale(5);
    it.settle();
    assertThat(it.size("web:1")).isEqualTo(4);
    assertThat(it.size("web:2")).isEqualTo(1);
    assertThat(it.phase()).isEqualTo("Paused CanaryPauseStep");
  }

  @Test
  void aPersonMayHaltIt() {
    it.rollout(5, STEPS);
    it.set(true, "spec", "paused");
    it.image("web:2");
    it.settle();
    assertThat(it.phase()).isEqualTo("Paused manually paused");
    assertThat(it.size("web:2")).isZero();
    it.set(false, "spec", "paused");
    it.settle();
    assertThat(it.phase()).isEqualTo("Paused CanaryPauseStep");
  }

  @Test
  void podsAreMadeAnewAFewAtATime() {
    it.rollout(4, "canary: {}");
    it.cluster.create(
        ApiResource.POD_DISRUPTION_BUDGETS,
        """
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: {name: web, namespace: default}
        spec: {minAvailable: 3, selector: {matchLabels: {app: web}}}
        """);
    it.settle();
    List<String> before = it.pods().stream().map(pod -> Meta.of(pod).uid()).toList();
    String now = Timestamps.seconds(it.cluster.world.now());
    it.set(now, "spec", "restartAt");
    it.advance(1);
    assertThat(it.phase()).isEqualTo("Progressing rollout is restarting");
    it.advance(300);
    assertThat(it.pods()).hasSize(4).noneMatch(pod -> before.contains(Meta.of(pod).uid()));
    assertThat(it.status().string("restartedAt")).isEqualTo(now);
    assertThat(it.phase()).isEqualTo("Healthy");
  }

  @Test
  void aSizeThatIsMissingIsWritten() {
    it.rollout(1, "canary: {}");
    it.cluster.change(
        DeliveryResources.ROLLOUTS, "web", rollout -> rollout.withoutAt("spec", "replicas"));
    it.settle();
    assertThat(it.get().integer("spec", "replicas")).isEqualTo(1);
  }

  @Test
  void oldRevisionsAreForgottenBeyondTheLimit() {
    it.rollout(1, "canary: {}", "{revisionHistoryLimit: 2}");
    for (int i = 2; i <= 6; i++) {
      it.image("web:" + i);
      it.settle();
    }
    assertThat(it.sets()).hasSize(3);
    assertThat(Meta.of(it.get()).annotation("rollout.argoproj.io/revision")).isEqualTo("6");
  }

  @Test
  void aRolloutComesToRest() {
    it.rollout(3, STEPS);
    long written = Meta.of(it.get()).revision();
    it.advance(3600);
    assertThat(Meta.of(it.get()).revision()).isEqualTo(written);
  }

  @Test
  void whatIsWrongIsToldAndChangesNothingElse() {
    it.rollout(3, "canary: {steps: [{setWeight: 20}, {pause: {}}]}");
    it.set(List.of(Struct.of("setWeight", 101L)), "spec", "strategy", "canary", "steps");
    it.image("web:2");
    it.settle();
    assertThat(it.phase())
        .isEqualTo(
            "Degraded InvalidSpec: The Rollout \"web\" is invalid:"
                + " spec.strategy.canary.steps[0].setWeight: Invalid value: 101: SetWeight needs to"
                + " be between 0 and 100");
    assertThat(it.sets()).hasSize(1);
    it.set(List.of(Struct.of("setWeight", 100L)), "spec", "strategy", "canary", "steps");
    it.settle();
    assertThat(it.phase()).isEqualTo("Healthy");
    assertThat(it.size("web:2")).isEqualTo(3);
  }
}
