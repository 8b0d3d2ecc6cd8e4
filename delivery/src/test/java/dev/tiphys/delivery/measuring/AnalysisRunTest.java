package dev.tiphys.delivery.measuring;

import static dev.tiphys.delivery.model.DeliveryResources.ANALYSIS_RUNS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informers;
import dev.tiphys.client.PatchType;
import dev.tiphys.client.defaults.DefaultObjects;
import dev.tiphys.client.leader.Charge;
import dev.tiphys.controllers.ControllerSettings;
import dev.tiphys.controllers.TestCluster;
import dev.tiphys.delivery.Rollouts;
import dev.tiphys.delivery.measuring.providers.JobProvider;
import dev.tiphys.delivery.model.AnalysisPhase;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.GroupVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// One AnalysisRun `run`, whose metrics of the provider `told` measure what the test says.
class AnalysisRunTest {

  private static final ApiResource DEFINITIONS =
      new ApiResource(
          GroupVersion.parse("apiextensions.k8s.io/v1"),
          "customresourcedefinitions",
          "CustomResourceDefinition",
          false);

  private TestCluster cluster;
  private DefaultObjects definitions;
  private Informers informers;
  private EventRecorder events;
  private AnalysisController controller;

  /// What the metrics measure next, by name; the last one again and again.
  private final Map<String, List<Object>> told = new ConcurrentHashMap<>();

  /// The specs that were measured with.
  private final List<Struct> asked = new ArrayList<>();

  @BeforeEach
  void start() throws InterruptedException {
    cluster = new TestCluster(1, ControllerSettings.DEFAULT);
    definitions =
        new DefaultObjects(
                cluster.world,
                cluster.api,
                "rollouts",
                List.of(DEFINITIONS),
                DefaultObjects.read(Rollouts.class, "analysis-definitions.yaml"))
            .start();
    cluster.advance(Duration.ofSeconds(30));
    informers = new Informers(cluster.world, cluster.api);
    events = new EventRecorder(cluster.world, cluster.api, "test", "");
    Charge charge = new Charge();
    Provider jobs = new JobProvider(cluster.world, cluster.api, informers.of(ApiResource.JOBS));
    controller =
        new AnalysisController(
            cluster.world,
            cluster.api,
            informers,
            events,
            new Providers(Map.of("told", (Provider) this::measure, "job", jobs)),
            charge);
    informers.start();
    cluster.settle();
    controller.start();
    charge.leaveTo(Optional.empty());
  }

  @AfterEach
  void close() {
    controller.close();
    informers.close();
    events.close();
    definitions.close();
    cluster.close();
  }

  private synchronized Measurement measure(Struct run, Metric metric) {
    asked.add(metric.spec());
    List<Object> values = told.getOrDefault(metric.name(), List.of(0L));
    Object value = values.getFirst();
    if (values.size() > 1) {
      told.put(metric.name(), values.subList(1, values.size()));
    }
    if (value instanceof String error) {
      throw new MeasuringException(error);
    }
    return Measurement.taken(
        metric.judged(value, cluster.world.now()),
        value.toString(),
        cluster.world.now(),
        cluster.world.now());
  }

  private void run(String spec) {
    cluster.create(
        ANALYSIS_RUNS,
        """
        apiVersion: argoproj.io/v1alpha1
        kind: AnalysisRun
        metadata: {name: run, namespace: default}
        spec:
        %s"""
            .formatted(spec.indent(2)));
    cluster.advance(Duration.ofSeconds(2));
  }

  private Struct status() {
    return cluster.get(ANALYSIS_RUNS, "run").struct("status");
  }

  private Struct result(String metric) {
    return status().structs("metricResults").stream()
        .filter(result -> result.string("name").equals(metric))
        .findFirst()
        .orElse(Struct.EMPTY);
  }

  private String phase() {
    return (status().string("phase") + " " + status().string("message")).strip();
  }

  @Test
  void aMetricWithoutAnIntervalIsMeasuredOnce() {
    run("metrics: [{name: m, successCondition: result < 1, provider: {told: {}}}]");
    assertThat(phase()).isEqualTo("Successful");
    assertThat(result("m").integer("count")).isEqualTo(1);
    assertThat(result("m").integer("successful")).isEqualTo(1);
    assertThat(result("m").integer("consecutiveSuccess")).isEqualTo(1);
    Struct measurement = result("m").structs("measurements").getFirst();
    assertThat(measurement.names()).containsExactly("finishedAt", "phase", "startedAt", "value");
    assertThat(measurement.string("value")).isEqualTo("0");
    assertThat(status().struct("runSummary")).isEqualTo(Struct.of("count", 1L, "successful", 1L));
    assertThat(status().has("startedAt")).isTrue();
    assertThat(status().has("completedAt")).isTrue();
    cluster.settle();
    assertThat(cluster.events("run"))
        .containsExactlyInAnyOrder(
            "MetricSuccessful: Metric 'm' Completed. Result: Successful",
            "AnalysisRunSuccessful: Analysis Completed. Result: Successful");
  }

  @Test
  void aMetricIsMeasuredAfterItsDelayInItsInterval() {
    run(
        "metrics: [{name: m, initialDelay: 30s, interval: 60s, count: 3, successCondition: result < 1, provider: {told: {}}}]");
    assertThat(phase()).isEqualTo("Running");
    assertThat(asked).isEmpty();
    cluster.advance(Duration.ofSeconds(30));
    assertThat(asked).hasSize(1);
    cluster.advance(Duration.ofSeconds(50));
    assertThat(asked).hasSize(1);
    cluster.advance(Duration.ofSeconds(12));
    assertThat(asked).hasSize(2);
    cluster.advance(Duration.ofSeconds(62));
    assertThat(phase()).isEqualTo("Successful");
    cluster.advance(Duration.ofMinutes(10));
    assertThat(asked).hasSize(3);
  }

  @Test
  void aMetricThatFailsTooOftenFailsTheRun() {
    told.put("m", List.of(0L, 2L, 0L, 2L));
    run(
        "metrics: [{name: m, interval: 10s, failureLimit: 1, successCondition: result < 1, provider: {told: {}}}]");
    cluster.advance(Duration.ofSeconds(22));
    assertThat(phase()).isEqualTo("Running");
    cluster.advance(Duration.ofSeconds(12));
    assertThat(phase())
        .isEqualTo("Failed Metric \"m\" assessed Failed due to failed (2) > failureLimit (1)");
    cluster.settle();
    assertThat(cluster.events("run"))
        .contains("AnalysisRunFailed: Analysis Completed. Result: Failed");
  }

  @Test
  void errorsAreTriedAgainSoonAndCountInARow() {
    told.put("m", List.of("no answer"));
    run("metrics: [{name: m, interval: 1h, provider: {told: {}}}]");
    cluster.advance(Duration.ofSeconds(31));
    assertThat(result("m").integer("error")).isEqualTo(4);
    assertThat(phase()).isEqualTo("Running");
    cluster.advance(Duration.ofSeconds(10));
    assertThat(phase())
        .isEqualTo(
            "Error Metric \"m\" assessed Error due to consecutiveErrors (5) >"
                + " consecutiveErrorLimit (4): \"Error Message: no answer\"");
  }

  @Test
  void neitherGoodNorBadIsInconclusive() {
    told.put("m", List.of(3L));
    run(
        "metrics: [{name: m, successCondition: result < 1, failureCondition: result > 5, provider: {told: {}}}]");
    assertThat(phase())
        .isEqualTo(
            "Inconclusive Metric \"m\" assessed Inconclusive due to inconclusive (1) >"
                + " inconclusiveLimit (0)");
  }

  @Test
  void theWorstMetricTellsAndEndsTheOthers() {
    told.put("bad", List.of(3L));
    run(
        """
        metrics:
        - {name: endless, interval: 10s, provider: {told: {}}}
        - {name: bad, initialDelay: 15s, failureCondition: result > 1, provider: {told: {}}}
        """);
    assertThat(phase()).isEqualTo("Running");
    cluster.advance(Duration.ofSeconds(20));
    assertThat(phase())
        .isEqualTo("Failed Metric \"bad\" assessed Failed due to failed (1) > failureLimit (0)");
    assertThat(result("endless").string("phase")).isEqualTo("Successful");
    int before = asked.size();
    cluster.advance(Duration.ofMinutes(5));
    assertThat(asked).hasSize(before);
  }

  @Test
  void aDryRunDoesNotCount() {
    told.put("try-1", List.of(3L));
    run(
        """
        dryRun: [{metricName: try.*}]
        metrics:
        - {name: good, provider: {told: {}}}
        - {name: try-1, failureCondition: result > 1, provider: {told: {}}}
        """);
    assertThat(phase()).isEqualTo("Successful");
    assertThat(result("try-1").bool("dryRun")).isTrue();
    assertThat(result("try-1").string("message"))
        .isEqualTo("Metric assessed Failed due to failed (1) > failureLimit (0)");
    assertThat(status().struct("runSummary")).isEqualTo(Struct.of("count", 1L, "successful", 1L));
    assertThat(status().struct("dryRunSummary")).isEqualTo(Struct.of("count", 1L, "failed", 1L));
  }

  @Test
  void onlyTheNewestMeasurementsAreKept() {
    run(
        """
        measurementRetention: [{metricName: many, limit: 12}]
        metrics:
        - {name: m, interval: 5s, provider: {told: {}}}
        - {name: many, interval: 5s, provider: {told: {}}}
        """);
    cluster.advance(Duration.ofSeconds(120));
    assertThat(result("m").integer("count")).isGreaterThan(15);
    assertThat(result("m").structs("measurements")).hasSize(10);
    assertThat(result("many").structs("measurements")).hasSize(12);
  }

  @Test
  void aRunThatIsEndedIsAsGoodAsWhatItMeasured() {
    run("metrics: [{name: m, interval: 10s, provider: {told: {}}}]");
    cluster.change(ANALYSIS_RUNS, "run", run -> run.withAt(true, "spec", "terminate"));
    cluster.advance(Duration.ofSeconds(1));
    assertThat(phase()).isEqualTo("Successful Run Terminated");
    assertThat(asked).hasSize(1);
  }

  @Test
  void argumentsStandForTextsAndSecretsAreNotShown() {
    cluster.create(
        ApiResource.SECRETS,
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: key, namespace: default}
        stringData: {token: hush-hush}
        """);
    told.put("m", List.of("401 for hush-hush"));
    run(
        """
        args:
        - {name: limit, value: "2"}
        - {name: token, valueFrom: {secretKeyRef: {name: key, key: token}}}
        metrics:
        - name: m
          interval: "{{args.limit}}s"
          consecutiveErrorLimit: "{{ args.limit }}"
          provider: {told: {deep: [{header: "Bearer {{args.token}}"}]}}
        """);
    assertThat(asked.getFirst().toString()).contains("Bearer hush-hush").contains("\"2s\"");
    assertThat(result("m").structs("measurements").getFirst().string("message"))
        .isEqualTo("401 for *****");
    assertThat(status().toString()).doesNotContain("hush");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "metrics: [] | Analysis spec invalid: no metrics specified",
        "metrics: [{name: m, provider: {}}] | Analysis spec invalid: metrics[0]: no provider specified",
        "metrics: [{name: m, provider: {told: {}, job: {}}}] | Analysis spec invalid: metrics[0]: multiple providers specified",
        "metrics: [{name: m, count: 2, provider: {told: {}}}] | Analysis spec invalid: metrics[0]: interval must be specified when count > 1",
        "metrics: [{name: m, provider: {told: {}}}, {name: m, provider: {told: {}}}] | Analysis spec invalid: metrics[1]: duplicate name 'm'",
        "metrics: [{name: m, interval: x, provider: {told: {}}}] | Analysis spec invalid: metrics[0]: invalid interval string: time: invalid duration \"x\"",
        "metrics: [{name: m, count: 1, failureLimit: 2, provider: {told: {}}}] | Analysis spec invalid: metrics[0]: count (1) must be >= failureLimit + consecutiveSuccessLimit (2 + 0) if both >= 0",
        "metrics: [{name: m, failureLimit: -1, provider: {told: {}}}] | Analysis spec invalid: metrics[0]: failureLimit and consecutiveSuccessLimit cannot both be disabled",
        "{dryRun: [{metricName: x}], metrics: [{name: m, provider: {told: {}}}]} | Analysis spec invalid: dryRun[0]: Rule didn't match any metric name(s)",
        "metrics: [{name: m, provider: {told: {a: '{{args.x}}'}}}] | Unable to resolve metric arguments: failed to resolve {{args.x}}",
        "{args: [{name: x}], metrics: [{name: m, provider: {told: {}}}]} | Unable to resolve metric arguments: argument \"x\" was not supplied",
        "{args: [{name: x, valueFrom: {secretKeyRef: {name: missing, key: a}}}], metrics: [{name: m, provider: {told: {}}}]} | Unable to resolve metric arguments: secrets \"missing\" not found",
      })
  void whatCanNotBeMeasuredIsAnError(String spec, String message) {
    cluster.api.create(
        ANALYSIS_RUNS,
        Yaml.struct(
                """
                apiVersion: argoproj.io/v1alpha1
                kind: AnalysisRun
                metadata: {name: run, namespace: default}
                """)
            .with("spec", Yaml.struct(spec)));
    cluster.advance(Duration.ofSeconds(2));
    assertThat(phase()).isEqualTo("Error " + message);
    assertThat(asked).isEmpty();
  }

  @Test
  void aProviderThatIsNotThereIsAnErrorOfTheMeasurement() {
    run("metrics: [{name: m, consecutiveErrorLimit: 0, provider: {datadog: {}}}]");
    assertThat(phase())
        .endsWith("Error Message: no valid provider in metric 'm': datadog is not supported\"");
  }

  @ParameterizedTest
  @CsvSource({
    "'secondsAfterCompletion: 60', 0, 60",
    "'secondsAfterCompletion: 60, secondsAfterSuccess: 20', 0, 20",
    "'secondsAfterCompletion: 60, secondsAfterFailure: 20', 9, 20",
    "'secondsAfterFailure: 20', 0, -1"
  })
  void aRunThatIsOverLivesAsLongAsItMay(String strategy, long measured, long seconds) {
    told.put("m", List.of(measured));
    run(
        "ttlStrategy: {%s}\nmetrics: [{name: m, failureCondition: result > 1, provider: {told: {}}}]"
            .formatted(strategy));
    if (seconds > 0) {
      cluster.advance(Duration.ofSeconds(seconds - 4));
    }
    assertThat(cluster.names(ANALYSIS_RUNS)).containsExactly("run");
    cluster.advance(Duration.ofSeconds(10));
    assertThat(cluster.names(ANALYSIS_RUNS)).hasSize(seconds > 0 ? 0 : 1);
  }

  private static final String JOB =
      """
      metrics:
      - name: m
        provider:
          job:
            metadata: {labels: {app: check}}
            spec:
              backoffLimit: 0
              template: {spec: {restartPolicy: Never, containers: [{name: c, image: check}]}}
      """;

  private Struct job() {
    return cluster.list(ApiResource.JOBS).getFirst();
  }

  @ParameterizedTest
  @CsvSource({"Complete, Successful", "Failed, Failed"})
  void aJobMeasuresByHowItEnds(String condition, String phase) {
    run(JOB);
    Meta job = Meta.of(job());
    String uid = Meta.of(cluster.get(ANALYSIS_RUNS, "run")).uid();
    assertThat(job.name()).isEqualTo(uid + ".m.1");
    assertThat(job.isControlledBy(uid)).isTrue();
    assertThat(job.label("app")).isEqualTo("check");
    assertThat(job.label("analysisrun.argoproj.io/uid")).isEqualTo(uid);
    assertThat(job.annotation("analysisrun.argoproj.io/name")).isEqualTo("run");
    assertThat(job.annotation("analysisrun.argoproj.io/metric-name")).isEqualTo("m");
    Struct measurement = result("m").structs("measurements").getFirst();
    assertThat(measurement.string("phase")).isEqualTo("Running");
    assertThat(measurement.struct("metadata"))
        .isEqualTo(Struct.of("job-name", job.name(), "job-namespace", "default"));
    endPods(condition.equals("Complete") ? "Succeeded" : "Failed");
    cluster.advance(Duration.ofSeconds(30));
    assertThat(status().string("phase")).isEqualTo(phase);
  }

  private void endPods(String phase) {
    for (Struct pod : cluster.list(ApiResource.PODS)) {
      cluster.api.patch(
          ApiResource.PODS,
          "default",
          Meta.of(pod).name(),
          "status",
          PatchType.MERGE,
          Struct.of("status", Struct.of("phase", phase)));
    }
  }

  @Test
  void aJobThatCanNotStartCanNotTell() {
    run(JOB);
    for (Struct pod : cluster.list(ApiResource.PODS)) {
      Struct waiting = Struct.of("reason", "ErrImagePull", "message", "no such image");
      Struct container =
          Struct.of("name", "c", "image", "check", "state", Struct.of("waiting", waiting))
              .with("imageID", "")
              .with("ready", false)
              .with("restartCount", 0L);
      cluster.api.patch(
          ApiResource.PODS,
          "default",
          Meta.of(pod).name(),
          "status",
          PatchType.MERGE,
          Struct.of("status", Struct.of("containerStatuses", List.of(container))));
    }
    cluster.advance(Duration.ofSeconds(30));
    assertThat(status().string("phase")).isEqualTo("Inconclusive");
    assertThat(status().string("message"))
        .contains("container c has terminal error (ErrImagePull): no such image");
  }

  @Test
  void aJobIsDeletedWhenItsRunIsEnded() {
    run(JOB);
    cluster.change(ANALYSIS_RUNS, "run", run -> run.withAt(true, "spec", "terminate"));
    cluster.advance(Duration.ofSeconds(30));
    assertThat(cluster.list(ApiResource.JOBS)).isEmpty();
    assertThat(result("m").structs("measurements").getFirst().string("message"))
        .isEqualTo("Metric Terminated");
    assertThat(status().string("phase")).isEqualTo(AnalysisPhase.INCONCLUSIVE.text());
  }
}
