package dev.tiphys.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RolloutMetricsTest {

  private RolloutCluster it;

  @BeforeEach
  void start() {
    it = new RolloutCluster(1);
    it.template("good", "");
  }

  @AfterEach
  void close() {
    it.close();
  }

  @Test
  void nothingIsToldWhereThereIsNothing() {
    assertThat(it.metrics()).isEmpty();
  }

  @Test
  void aFailedAnalysisAndWhatItAbortsAreTold() {
    it.rollout(
        3,
        """
        canary:
          steps:
          - setWeight: 34
          - analysis: {templates: [{templateName: good}]}
        """);
    assertThat(it.metrics())
        .contains(
            "rollout_info{namespace=\"default\",name=\"web\",strategy=\"canary\",traffic_router=\"\",phase=\"Completed\"} 1",
            "rollout_info_replicas_desired{namespace=\"default\",name=\"web\"} 3",
            "rollout_info_replicas_available{namespace=\"default\",name=\"web\"} 3",
            "rollout_phase{namespace=\"default\",name=\"web\",strategy=\"canary\",phase=\"Paused\"} 0");

    it.image("web:2");
    it.settle();
    String run = "web-" + it.of("web:2").hash() + "-2-1";
    assertThat(it.metrics())
        .contains(
            "analysis_run_info{namespace=\"default\",name=\"" + run + "\",phase=\"Running\"} 1",
            "phase=\"Progressing\"} 1");

    it.end(run, "Failed", "too many");
    it.settle();

    assertThat(it.metrics())
        .contains(
            "analysis_run_info{namespace=\"default\",name=\"" + run + "\",phase=\"Failed\"} 1",
            "analysis_run_metric_phase{namespace=\"default\",name=\""
                + run
                + "\",metric=\"errors\",type=\"test\",dry_run=\"false\",phase=\"Failed\"} 1",
            "strategy=\"canary\",traffic_router=\"\",phase=\"Abort\"} 1");
  }
}
