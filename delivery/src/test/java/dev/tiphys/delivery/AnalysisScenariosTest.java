package dev.tiphys.delivery;

import static dev.tiphys.delivery.model.DeliveryResources.ANALYSIS_RUNS;
import static dev.tiphys.delivery.model.DeliveryResources.ANALYSIS_TEMPLATES;
import static dev.tiphys.delivery.model.DeliveryResources.EXPERIMENTS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.PatchType;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Rollouts and Experiments that are measured by Jobs, from end to end.
class AnalysisScenariosTest {

  private RolloutCluster it;

  @BeforeEach
  void start() {
    it = new RolloutCluster(1);
    it.service("active");
    it.service("preview");
    it.cluster.create(
        ApiResource.SECRETS,
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: keys, namespace: default}
        stringData: {token: hush}
        """);
    job("check", "backoffLimit: 0");
    job("other", "backoffLimit: 0");
    it.cluster.create(
        ANALYSIS_TEMPLATES,
        """
        apiVersion: argoproj.io/v1alpha1
        kind: AnalysisTemplate
        metadata: {name: both, namespace: default}
        spec: {templates: [{templateName: check}, {templateName: other}]}
        """);
  }

  @AfterEach
  void close() {
    it.close();
  }

  /// A template whose only metric, of the same name, runs a Job.
  private void job(String name, String more) {
    it.cluster.create(
        ANALYSIS_TEMPLATES,
        """
        apiVersion: argoproj.io/v1alpha1
        kind: AnalysisTemplate
        metadata: {name: %s, namespace: default}
        spec:
          args: [{name: exit, value: "0"}, {name: token, valueFrom: {secretKeyRef: {name: keys, key: token}}}]
          metrics:
          - name: %s
            provider:
              job:
                spec:
                  %s
                  template:
                    spec:
                      restartPolicy: Never
                      containers: [{name: c, image: check, args: ["exit {{args.exit}}", "{{args.token}}"]}]
        """
            .formatted(name, name, more));
  }

  private void canary(String steps, String more) {
    it.rollout(2, "canary:\n  steps: " + steps + "\n  " + more);
    it.image("web:2");
    it.settle();
  }

  private static String inline(String template) {
    return "{analysis: {templates: [{templateName: " + template + "}]}}";
  }

  /// The Pods of Jobs of a metric end.
  private void endJobs(String metric, String phase) {
    for (Struct job : it.cluster.list(ApiResource.JOBS)) {
      if (Meta.of(job).annotation("analysisrun.argoproj.io/metric-name").equals(metric)) {
        for (Struct pod : it.pods()) {
          if (Meta.of(pod).isControlledBy(Meta.of(job).uid())) {
            patch(pod, Struct.of("phase", phase));
          }
        }
      }
    }
    it.settle();
  }

  private void patch(Struct pod, Struct status) {
    it.cluster.api.patch(
        ApiResource.PODS,
        "default",
        Meta.of(pod).name(),
        "status",
        PatchType.MERGE,
        Struct.of("status", status));
  }

  private Struct run() {
    return it.cluster.list(ANALYSIS_RUNS).getFirst();
  }

  @Test
  void canaryInlineMultipleAnalysis() {
    canary("[{setWeight: 50}, " + inline("both") + ", {pause: {}}]", "");
    assertThat(run().structs("spec", "metrics"))
        .extracting(metric -> metric.string("name"))
        .containsExactly("check", "other");
    endJobs("check", "Succeeded");
    assertThat(it.status().integer("currentStepIndex")).isEqualTo(1);
    endJobs("other", "Succeeded");
    assertThat(it.phase()).isEqualTo("Paused CanaryPauseStep");
  }

  @Test
  void canaryFailInlineMultipleAnalysis() {
    canary("[{setWeight: 50}, " + inline("both") + ", {pause: {}}]", "");
    endJobs("other", "Failed");
    assertThat(it.phase())
        .startsWith("Degraded RolloutAborted")
        .contains("\"other\" assessed Failed");
    assertThat(it.cluster.list(ApiResource.JOBS))
        .noneMatch(
            job -> Meta.of(job).annotation("analysisrun.argoproj.io/metric-name").equals("check"));
    assertThat(it.size("web:2")).isZero();
  }

  @Test
  void canaryBackgroundAnalysisThatFailsLongAfterItBegan() {
    canary("[{setWeight: 50}, {pause: {}}]", "analysis: {templates: [{templateName: check}]}");
    assertThat(it.phase()).isEqualTo("Paused CanaryPauseStep");
    it.advance(3600);
    endJobs("check", "Failed");
    assertThat(it.phase()).startsWith("Degraded RolloutAborted").contains("Background analysis");
    assertThat(it.size("web:1")).isEqualTo(2);
  }

  @Test
  void canaryInlineAnalysisLongRunningJobWithDeadline() {
    job("long", "activeDeadlineSeconds: 300");
    canary("[{setWeight: 50}, " + inline("long") + "]", "");
    it.advance(120);
    assertThat(run().string("status", "phase")).isEqualTo("Running");
    it.advance(400);
    assertThat(run().string("status", "phase")).isEqualTo("Failed");
    assertThat(it.phase()).startsWith("Degraded RolloutAborted");
  }

  @Test
  void canaryInlineAnalysisInvalidImageJob() {
    canary("[{setWeight: 50}, " + inline("check") + "]", "");
    for (Struct pod : it.pods()) {
      if (RolloutCluster.imageOf(pod.struct("spec")).equals("check")) {
        Struct waiting = Struct.of("reason", "ErrImagePull", "message", "none");
        Struct container =
            Struct.of("name", "c", "image", "check", "state", Struct.of("waiting", waiting))
                .with("imageID", "")
                .with("ready", false)
                .with("restartCount", 0L);
        patch(pod, Struct.of("containerStatuses", List.of(container)));
      }
    }
    it.settle();
    assertThat(it.phase()).isEqualTo("Paused InconclusiveAnalysisRun");
    assertThat(it.size("web:2")).isEqualTo(1);
  }

  @Test
  void analysisWithArgsAndWithSecret() {
    canary(
        "[{setWeight: 50}, {analysis: {templates: [{templateName: check}], args: [{name: exit, value: \"7\"}]}}]",
        "");
    Struct job = it.cluster.list(ApiResource.JOBS).getFirst();
    assertThat(job.struct("spec", "template", "spec").structs("containers").getFirst().list("args"))
        .isEqualTo(List.of("exit 7", "hush"));
    assertThat(run().toString()).doesNotContain("hush");
  }

  @Test
  void blueGreenAbortAndUpdate() {
    it.rollout(
        2,
        """
        blueGreen:
          activeService: active
          previewService: preview
          prePromotionAnalysis: {templates: [{templateName: check}]}
        """);
    it.image("web:2");
    it.settle();
    it.abort();
    it.settle();
    assertThat(it.served("active")).isEqualTo("web:1");
    it.image("web:3");
    it.settle();
    assertThat(it.served("preview")).isEqualTo("web:3");
    endJobs("check", "Succeeded");
    assertThat(it.served("active")).isEqualTo("web:3");
    assertThat(it.phase()).isEqualTo("Healthy");
  }

  private void experiment(String template, String more) {
    it.cluster.create(
        EXPERIMENTS,
        """
        apiVersion: argoproj.io/v1alpha1
        kind: Experiment
        metadata: {name: trial, namespace: default}
        spec:
          duration: 1m
          templates:
          - name: a
            %s
            selector: {matchLabels: {app: trial}}
            template:
              metadata: {labels: {app: trial}}
              spec: {containers: [{name: app, image: "web:1", ports: [{name: one, containerPort: 80}, {name: two, containerPort: 81, protocol: UDP}]}]}
          %s
        """
            .formatted(template, more));
    it.settle();
  }

  @Test
  void experimentWithServiceNameAndScaleDownDelay() {
    experiment("service: {name: named}", "scaleDownDelaySeconds: 60");
    Struct service = it.cluster.get(ApiResource.SERVICES, "named");
    assertThat(service.structs("spec", "ports"))
        .extracting(
            port ->
                port.string("name")
                    + " "
                    + port.string("protocol")
                    + " "
                    + port.integer("port")
                    + " "
                    + port.integer("targetPort"))
        .containsExactly("one TCP 80 80", "two UDP 81 81");
    it.advance(50);
    assertThat(it.cluster.names(ApiResource.SERVICES)).contains("named");
    it.advance(120);
    assertThat(it.cluster.names(ApiResource.SERVICES)).doesNotContain("named");
  }

  @Test
  void experimentWithDryRunAndMeasurementRetention() {
    it.template("told", "interval: 2s,");
    experiment(
        "",
        "{dryRun: [{metricName: err.*}], measurementRetention: [{metricName: errors, limit: 3}], analyses: [{name: e, templateName: told}]}"
            .replaceAll("^\\{|\\}$", "")
            .replace("}], ", "}]\n  "));
    Struct run = it.cluster.get(ANALYSIS_RUNS, "trial-e");
    assertThat(run.structs("spec", "dryRun").getFirst().string("metricName")).isEqualTo("err.*");
    it.end("trial-e", "Failed", "");
    it.settle();
    run = it.cluster.get(ANALYSIS_RUNS, "trial-e");
    assertThat(run.structs("status", "metricResults").getFirst().bool("dryRun")).isTrue();
    assertThat(run.string("status", "phase")).isEqualTo("Successful");
  }
}
