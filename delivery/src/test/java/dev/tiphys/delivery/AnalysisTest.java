package dev.tiphys.delivery;

import static dev.tiphys.delivery.model.DeliveryResources.ANALYSIS_RUNS;
import static dev.tiphys.delivery.model.DeliveryResources.ANALYSIS_TEMPLATES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What follows from analyses. What is measured is said by hand here.
class AnalysisTest {

  private RolloutCluster it;

  @BeforeEach
  void start() {
    it = new RolloutCluster(1);
    it.service("active");
    it.service("preview");
    it.cluster.api.create(
        ANALYSIS_TEMPLATES,
        Yaml.struct(
            """
            apiVersion: argoproj.io/v1alpha1
            kind: AnalysisTemplate
            metadata: {name: good, namespace: default}
            spec:
              args: [{name: service}, {name: hash}, {name: limit, value: "5"}]
              metrics: [{name: errors, provider: {test: {url: "http://{{args.service}}"}}}]
            """));
  }

  @AfterEach
  void close() {
    it.close();
  }

  private List<Struct> runs() {
    return it.cluster.list(ANALYSIS_RUNS);
  }

  private void end(String name, String phase, String message) {
    it.end(name, phase, message);
    it.settle();
  }

  private void stepwise() {
    it.rollout(
        3,
        """
        canary:
          steps:
          - setWeight: 30
          - analysis:
              templates: [{templateName: good}]
              args:
              - {name: service, value: web}
              - {name: hash, valueFrom: {podTemplateHashValue: Latest}}
          - pause: {}
        """);
    it.image("web:2");
    it.settle();
  }

  @Test
  void aStepWaitsForItsAnalysis() {
    stepwise();
    String name = "web-" + it.of("web:2").hash() + "-2-1";
    assertThat(it.cluster.names(ANALYSIS_RUNS)).containsExactly(name);
    Struct run = runs().getFirst();
    assertThat(Meta.of(run).label("rollout-type")).isEqualTo("Step");
    assertThat(Meta.of(run).label("step-index")).isEqualTo("1");
    assertThat(run.structs("spec", "args").toString())
        .isEqualTo(
            """
            [{"name":"service","value":"web"}, {"name":"hash","value":"%s"}, \
            {"name":"limit","value":"5"}]"""
                .formatted(it.of("web:2").hash()));
    assertThat(it.status().integer("currentStepIndex")).isEqualTo(1);
    end(name, "Successful", "");
    assertThat(it.phase()).isEqualTo("Paused CanaryPauseStep");
  }

  @Test
  void anUpdateWhoseAnalysisFailsIsGivenUpAndMeasuredAnewWhenItIsTriedAgain() {
    stepwise();
    String name = Meta.of(runs().getFirst()).name();
    end(name, "Failed", "too many errors");
    assertThat(it.phase())
        .isEqualTo(
            "Degraded RolloutAborted: Rollout aborted update to revision 2: Step-based analysis"
                + " phase error/failed: Metric \"errors\" assessed Failed due to failed (1) > failureLimit (0):"
                + " \"Error Message: too many errors\"");
    assertThat(it.size("web:2")).isZero();
    assertThat(it.size("web:1")).isEqualTo(3);
    it.retry();
    it.settle();
    assertThat(it.cluster.names(ANALYSIS_RUNS)).containsExactly(name, name + ".1");
  }

  @Test
  void anAnalysisThatCanNotTellHaltsTheUpdateUntilAPersonDecides() {
    stepwise();
    end(Meta.of(runs().getFirst()).name(), "Inconclusive", "");
    assertThat(it.phase()).isEqualTo("Paused InconclusiveAnalysisRun");
    it.patchStatus(
        Yaml.struct("{pauseConditions: null, controllerPause: false, currentStepIndex: 2}"));
    it.settle();
    assertThat(it.phase()).isEqualTo("Paused CanaryPauseStep");
    assertThat(runs()).hasSize(1);
  }

  @Test
  void aBackgroundAnalysisThatCanNotTellIsNotRepeated() { // argo-rollouts 3850
    it.rollout(
        5,
        """
        canary:
          analysis: {templates: [{templateName: good}], args: [{name: service, value: web}, {name: hash, value: x}]}
          steps: [{setWeight: 20}, {pause: {duration: 60s}}]
        """);
    it.image("web:2");
    it.advance(10);
    end(Meta.of(runs().getFirst()).name(), "Inconclusive", "");
    it.advance(600);
    assertThat(it.status().structs("pauseConditions"))
        .extracting(pause -> pause.string("reason"))
        .contains("InconclusiveAnalysisRun");
    assertThat(runs()).hasSize(1);
    assertThat(it.size("web:2")).isEqualTo(1);
    it.promote();
    it.advance(600);
    assertThat(runs()).hasSize(1);
    assertThat(it.phase()).isEqualTo("Healthy");
  }

  private void blueGreen() {
    String analysis =
        "{templates: [{templateName: good}], args: [{name: service, value: web}, {name: hash, value: x}]}";
    it.rollout(
        2,
        """
        blueGreen:
          activeService: active
          previewService: preview
          prePromotionAnalysis: %s
          postPromotionAnalysis: %s
        """
            .formatted(analysis, analysis));
    it.image("web:2");
    it.settle();
  }

  @Test
  void aPreviewIsMeasuredBeforeAndAfterItIsPromoted() {
    blueGreen();
    String base = "web-" + it.of("web:2").hash() + "-2";
    assertThat(it.cluster.names(ANALYSIS_RUNS)).containsExactly(base + "-pre");
    assertThat(it.served("active")).isEqualTo("web:1");
    end(base + "-pre", "Successful", "");
    assertThat(it.cluster.names(ANALYSIS_RUNS)).containsExactly(base + "-post", base + "-pre");
    assertThat(it.served("active")).isEqualTo("web:2");
    assertThat(it.size("web:1")).isEqualTo(2);
    assertThat(it.phase()).isEqualTo("Progressing waiting for analysis to complete");
    end(base + "-post", "Failed", "slow");
    assertThat(it.served("active")).isEqualTo("web:1");
    assertThat(it.phase()).startsWith("Degraded RolloutAborted").endsWith("Error Message: slow\"");
    assertThat(it.size("web:2")).isZero();
  }

  @Test
  void theWayBackToTheStableVersionIsNotMeasured() {
    blueGreen();
    end("web-" + it.of("web:2").hash() + "-2-pre", "Successful", "");
    assertThat(it.served("active")).isEqualTo("web:2");
    it.image("web:1");
    it.settle();
    assertThat(it.served("active")).isEqualTo("web:1");
    assertThat(it.phase()).isEqualTo("Healthy");
  }

  @Test
  void aPreviewThatFailsNeverServes() {
    blueGreen();
    String base = "web-" + it.of("web:2").hash() + "-2";
    end(base + "-pre", "Error", "");
    it.settle();
    assertThat(it.served("active")).isEqualTo("web:1");
    assertThat(it.phase()).startsWith("Degraded RolloutAborted");
  }

  @Test
  void endedRunsAreForgottenBeyondTheLimit() {
    stepwise();
    for (int i = 3; i <= 10; i++) {
      runs().stream()
          .filter(run -> run.string("status", "phase").equals("Running"))
          .forEach(run -> end(Meta.of(run).name(), "Successful", ""));
      it.image("web:" + i);
      it.settle();
    }
    assertThat(runs().size()).isLessThanOrEqualTo(7);
  }

  @Test
  void aTemplateThatIsMissingIsTold() {
    it.rollout(1, "canary: {steps: [{analysis: {templates: [{templateName: none}]}}]}");
    assertThat(it.phase())
        .endsWith(
            "spec.strategy.canary.steps[0].analysis.templates: Invalid value: \"none\":"
                + " AnalysisTemplate 'none' not found");
  }
}
