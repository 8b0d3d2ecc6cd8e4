package dev.tiphys.delivery;

import static dev.tiphys.delivery.model.DeliveryResources.ANALYSIS_RUNS;
import static dev.tiphys.delivery.model.DeliveryResources.ANALYSIS_TEMPLATES;
import static dev.tiphys.delivery.model.DeliveryResources.EXPERIMENTS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.delivery.model.Labels;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExperimentTest {

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

  private void experiment(String more) {
    it.cluster.create(
        EXPERIMENTS,
        """
        apiVersion: argoproj.io/v1alpha1
        kind: Experiment
        metadata: {name: trial, namespace: default}
        spec:
          templates:
          - name: old
            selector: {matchLabels: {app: trial}}
            template: {metadata: {labels: {app: trial}}, spec: {containers: [{name: app, image: "web:1"}]}}
          - name: new
            replicas: 2
            service: {}
            selector: {matchLabels: {app: trial}}
            template:
              metadata: {labels: {app: trial}}
              spec: {containers: [{name: app, image: "web:2", ports: [{name: http, containerPort: 8080}]}]}
        %s"""
            .formatted(more.indent(2)));
  }

  private Struct status() {
    return it.cluster.get(EXPERIMENTS, "trial").struct("status");
  }

  private String phase() {
    return (status().string("phase") + " " + status().string("message")).strip();
  }

  private List<String> templates() {
    return status().structs("templateStatuses").stream()
        .map(
            template ->
                template.string("name")
                    + " "
                    + template.string("status")
                    + " "
                    + template.integer("availableReplicas"))
        .toList();
  }

  private long pods() {
    return it.pods().stream().filter(pod -> !Meta.of(pod).isBeingDeleted()).count();
  }

  @Test
  void itsVersionsRunForItsDuration() {
    experiment("duration: 5m");
    it.settle();
    assertThat(phase()).isEqualTo("Running");
    assertThat(templates()).containsExactly("old Running 1", "new Running 2");
    assertThat(status().has("availableAt")).isTrue();
    Struct set = it.cluster.get(ApiResource.REPLICA_SETS, "trial-new");
    assertThat(Meta.of(set).annotation("experiment.argoproj.io/name")).isEqualTo("trial");
    assertThat(Meta.of(set).annotation("experiment.argoproj.io/template-name")).isEqualTo("new");
    String hash = Meta.of(set).label(Labels.HASH);
    Struct service = it.cluster.get(ApiResource.SERVICES, "trial-new");
    assertThat(service.struct("spec", "selector"))
        .isEqualTo(Struct.of("app", "trial", Labels.HASH, hash));
    assertThat(service.structs("spec", "ports").getFirst().integer("port")).isEqualTo(8080);
    it.advance(5 * 60);
    assertThat(phase()).isEqualTo("Successful");
    it.settle();
    assertThat(templates()).containsExactly("old Successful 0", "new Successful 0");
    assertThat(pods()).isZero();
    assertThat(it.cluster.names(ApiResource.SERVICES)).doesNotContain("trial-new");
    assertThat(it.cluster.events("trial"))
        .contains(
            "ScalingReplicaSet: Scaled up ReplicaSet trial-new from 0 to 2",
            "TemplateRunning: Template 'new' transitioned from Progressing -> Running",
            "TemplateSuccessful: Template 'new' transitioned from Running -> Successful",
            "ScalingReplicaSet: Scaled down ReplicaSet trial-new from 2 to 0");
    assertThat(Meta.condition(it.cluster.get(EXPERIMENTS, "trial"), "Progressing").string("reason"))
        .isEqualTo("ExperimentCompleted");
  }

  @Test
  void itsPodsLiveOnForTheDelay() {
    experiment("duration: 1m\nscaleDownDelaySeconds: 40");
    it.advance(75);
    assertThat(phase()).isEqualTo("Successful");
    assertThat(pods()).isEqualTo(3);
    it.advance(60);
    assertThat(pods()).isZero();
  }

  @Test
  void aVersionThatDoesNotComeUpFailsIt() {
    it.breakImages("web:2");
    experiment("progressDeadlineSeconds: 60\nscaleDownDelaySeconds: 0");
    it.advance(45);
    assertThat(phase()).isEqualTo("Pending");
    it.advance(45);
    assertThat(phase())
        .isEqualTo("Failed Template 'new' exceeded its progressDeadlineSeconds (60)");
    it.settle();
    assertThat(pods()).isZero();
  }

  @Test
  void anAnalysisThatFailsEndsIt() {
    experiment("analyses: [{name: errors, templateName: good}]");
    it.settle();
    assertThat(it.cluster.names(ANALYSIS_RUNS)).containsExactly("trial-errors");
    assertThat(phase()).isEqualTo("Running");
    it.end("trial-errors", "Failed", "");
    it.settle();
    assertThat(phase())
        .isEqualTo("Failed Metric \"errors\" assessed Failed due to failed (1) > failureLimit (0)");
    it.settle();
    assertThat(pods()).isZero();
    assertThat(it.cluster.events("trial"))
        .contains(
            "AnalysisRunFailed: AnalysisRun 'errors' transitioned from Running -> Failed: Metric"
                + " \"errors\" assessed Failed due to failed (1) > failureLimit (0)");
  }

  @Test
  void itIsOverWhenWhatItNeedsIsMeasured() {
    it.template("more", "interval: 10s,");
    experiment(
        "analyses: [{name: needed, templateName: good, requiredForCompletion: true}, {name: other, templateName: more}]");
    it.settle();
    it.end("trial-needed", "Successful", "");
    it.settle();
    assertThat(phase()).isEqualTo("Successful Required AnalysisRuns completed");
    assertThat(it.cluster.get(ANALYSIS_RUNS, "trial-other").bool("spec", "terminate")).isTrue();
  }

  @Test
  void argumentsMayNameItsVersions() {
    it.cluster.change(
        ANALYSIS_TEMPLATES,
        "good",
        template -> template.withAt(List.of(Struct.of("name", "hash")), "spec", "args"));
    experiment(
        "analyses: [{name: a, templateName: good, args: [{name: hash, value: \"{{templates.new.podTemplateHash}}\"}]}]");
    it.settle();
    assertThat(it.cluster.get(ANALYSIS_RUNS, "trial-a").structs("spec", "args"))
        .containsExactly(Struct.of("name", "hash", "value", it.of("web:2").hash()));
  }

  @Test
  void itEndsWhenSomebodySaysSo() {
    experiment("duration: 1h");
    it.settle();
    it.cluster.change(EXPERIMENTS, "trial", trial -> trial.withAt(true, "spec", "terminate"));
    it.settle();
    assertThat(phase()).isEqualTo("Successful");
    it.settle();
    assertThat(pods()).isZero();
  }

  @Test
  void whatCanNotBeRunIsTold() {
    it.cluster.create(
        EXPERIMENTS,
        """
        apiVersion: argoproj.io/v1alpha1
        kind: Experiment
        metadata: {name: trial, namespace: default}
        spec: {templates: [{name: a, template: {}}]}
        """);
    it.settle();
    assertThat(
            Meta.condition(it.cluster.get(EXPERIMENTS, "trial"), "InvalidSpec").string("message"))
        .isEqualTo("Rollout has missing field '.Spec.Templates[0].Selector'");
  }

  private void stepwise(String experiment) {
    it.rollout(
        3,
        """
        canary:
          steps:
          - setWeight: 34
          - experiment: {templates: [{name: base, specRef: stable}, {name: next, specRef: canary}], %s}
          - pause: {}
        """
            .formatted(experiment));
    it.image("web:2");
    it.settle();
  }

  private String current() {
    return it.status().string("canary", "currentExperiment");
  }

  @Test
  void aStepWaitsForItsExperiment() {
    stepwise("duration: 2m");
    String hash = it.status().string("currentPodHash");
    assertThat(current()).isEqualTo("web-" + hash + "-2-1");
    Struct made = it.cluster.get(EXPERIMENTS, current());
    assertThat(Meta.of(made).label(Labels.HASH)).isEqualTo(hash);
    assertThat(Meta.of(made).annotation(Labels.REVISION)).isEqualTo("2");
    assertThat(made.structs("spec", "templates"))
        .extracting(template -> RolloutCluster.imageOf(template.struct("template", "spec")))
        .containsExactly("web:1", "web:2");
    assertThat(it.status().integer("currentStepIndex")).isEqualTo(1);
    it.advance(150);
    assertThat(it.phase()).isEqualTo("Paused CanaryPauseStep");
    assertThat(current()).isEmpty();
    assertThat(it.events())
        .contains(
            "ExperimentCreated: Created Experiment 'web-" + hash + "-2-1'",
            "RolloutStepCompleted: Rollout step 2/3 completed (experiment)");
  }

  @Test
  void anExperimentThatFailsGivesTheUpdateUp() {
    stepwise("analyses: [{name: errors, templateName: good}]");
    it.end(current() + "-errors", "Failed", "slow");
    it.settle();
    assertThat(it.phase())
        .startsWith(
            "Degraded RolloutAborted: Rollout aborted update to revision 2: Experiment analysis phase"
                + " is error/failed: Metric \"errors\" assessed Failed");
    it.retry();
    it.settle();
    assertThat(it.cluster.names(EXPERIMENTS)).hasSize(2);
    assertThat(current()).endsWith("-2-1-1");
  }

  @Test
  void anExperimentThatCanNotTellHaltsTheUpdateUntilAPersonDecides() {
    stepwise("analyses: [{name: errors, templateName: good}]");
    it.end(current() + "-errors", "Inconclusive", "");
    it.settle();
    assertThat(it.phase()).isEqualTo("Paused InconclusiveExperiment");
    it.promote();
    it.settle();
    assertThat(it.phase()).isEqualTo("Paused CanaryPauseStep");
  }

  @Test
  void anExperimentEndsWithItsUpdate() {
    stepwise("duration: 1h");
    String name = current();
    it.abort();
    it.settle();
    it.settle();
    assertThat(it.cluster.get(EXPERIMENTS, name).bool("spec", "terminate")).isTrue();
    assertThat(pods()).isEqualTo(3);
    it.image("web:3");
    it.settle();
    assertThat(current()).isNotEqualTo(name);
    String next = current();
    it.image("web:4");
    it.settle();
    assertThat(it.cluster.get(EXPERIMENTS, next).bool("spec", "terminate")).isTrue();
  }
}
