package dev.tiphys.controllers;

import static dev.tiphys.client.ApiResource.DEPLOYMENTS;
import static dev.tiphys.client.ApiResource.HORIZONTAL_POD_AUTOSCALERS;
import static dev.tiphys.client.ApiResource.PODS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.GroupVersion;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HorizontalPodAutoscalerTest {

  private static final Duration PERIOD = Duration.ofSeconds(15);
  private static final String CPU =
      "{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}";
  private static final String QUEUE =
      "{type: External, external: {metric: {name: queue}, target: {type: AverageValue,"
          + " averageValue: '10'}}}";

  private final TestCluster cluster = new TestCluster(1);

  @AfterEach
  void close() {
    cluster.close();
  }

  /// A Deployment `web` whose Pods request 100m of CPU, once its Pods have run for a while.
  private void deploy(int replicas) {
    cluster.create(
        DEPLOYMENTS,
        Manifests.deployment(replicas, "")
            .replace(
                "image: \"web:1\"",
                "image: \"web:1\", resources: {requests: {cpu: 100m, memory: 64Mi}}"));
    cluster.settle();
  }

  /// An autoscaler of the Deployment.
  ///
  /// @param more further lines of its spec
  private void autoscale(String metrics, String more) {
    autoscale("web", "{apiVersion: apps/v1, kind: Deployment, name: web}", metrics, more);
  }

  private void autoscale(String name, String target, String metrics, String more) {
    cluster.create(HORIZONTAL_POD_AUTOSCALERS, autoscaler(name, target, metrics, more));
    cluster.advance(PERIOD.plusSeconds(1));
  }

  private static String autoscaler(String name, String target, String metrics, String more) {
    return """
    apiVersion: autoscaling/v2
    kind: HorizontalPodAutoscaler
    metadata: {name: %s, namespace: default}
    spec:
      scaleTargetRef: %s
      maxReplicas: 10
      metrics: [%s]
    %s
    """
        .formatted(name, target, metrics, more.indent(2));
  }

  private Struct status() {
    return cluster.get(HORIZONTAL_POD_AUTOSCALERS, "web").struct("status");
  }

  private String condition(String type) {
    Struct condition = Meta.condition(cluster.get(HORIZONTAL_POD_AUTOSCALERS, "web"), type);
    return condition == null
        ? ""
        : "%s %s: %s"
            .formatted(
                condition.string("status"),
                condition.string("reason"),
                condition.string("message"));
  }

  private long replicas() {
    return cluster.get(DEPLOYMENTS, "web").integer("spec", "replicas");
  }

  @Test
  void aWorkloadGrowsWithItsLoad() {
    deploy(2);
    cluster.metrics.cpu(_ -> "80m");

    autoscale(CPU, "");

    assertThat(replicas()).isEqualTo(4);
    assertThat(condition("AbleToScale"))
        .isEqualTo(
            "True SucceededRescale: the HPA controller was able to update the target scale to 4");
    assertThat(condition("ScalingActive"))
        .isEqualTo(
            "True ValidMetricFound: the HPA was able to successfully calculate a replica count from"
                + " cpu resource utilization (percentage of request)");
    assertThat(condition("ScalingLimited"))
        .isEqualTo("False DesiredWithinRange: the desired count is within the acceptable range");
    assertThat(status().integer("currentReplicas")).isEqualTo(2);
    assertThat(status().integer("desiredReplicas")).isEqualTo(4);
    assertThat(status().string("lastScaleTime")).isNotEmpty();
    assertThat(status().structs("currentMetrics").getFirst().struct("resource", "current"))
        .isEqualTo(Struct.of("averageUtilization", 80L, "averageValue", "80m"));
    assertThat(cluster.events("web"))
        .contains(
            "SuccessfulRescale: New size: 4; reason: cpu resource utilization (percentage of"
                + " request) above target");
  }

  @Test
  void itShrinksOnceNothingSpokeForMoreForFiveMinutes() {
    deploy(4);
    cluster.advance(Duration.ofMinutes(5));
    cluster.metrics.cpu(_ -> "10m");

    autoscale(CPU, "");
    cluster.advance(Duration.ofSeconds(280));
    assertThat(replicas()).isEqualTo(4);
    assertThat(condition("AbleToScale"))
        .isEqualTo(
            "True ScaleDownStabilized: recent recommendations were higher than current one,"
                + " applying the highest recent recommendation");

    cluster.advance(Duration.ofSeconds(40));
    assertThat(replicas()).isEqualTo(1);
    assertThat(cluster.events("web"))
        .contains("SuccessfulRescale: New size: 1; reason: All metrics below target");
  }

  @Test
  void behaviorAndToleranceAreObeyed() {
    deploy(2);
    cluster.metrics.cpu(_ -> "65m");

    autoscale(
        CPU,
        """
        behavior:
          scaleUp:
            tolerance: "0.25"
            policies: [{type: Pods, value: 1, periodSeconds: 60}]
        """);
    assertThat(replicas()).isEqualTo(3);
    assertThat(condition("ScalingLimited"))
        .isEqualTo("False DesiredWithinRange: the desired count is within the acceptable range");

    cluster.metrics.cpu(_ -> "100m");
    cluster.advance(Duration.ofSeconds(45));
    assertThat(replicas()).isEqualTo(3);
    assertThat(condition("ScalingLimited"))
        .isEqualTo(
            "True ScaleUpLimit: the desired replica count is increasing faster than the maximum"
                + " scale rate");
    cluster.advance(Duration.ofSeconds(15));
    assertThat(replicas()).isEqualTo(4);
    cluster.metrics.cpu(_ -> "60m");
    cluster.advance(Duration.ofMinutes(3));
    assertThat(replicas()).isEqualTo(4);
  }

  @Test
  void nothingIsWrittenWhileNothingChanges() {
    deploy(2);
    cluster.advance(Duration.ofMinutes(5));
    cluster.metrics.cpu(_ -> "50m");
    autoscale(CPU, "");
    cluster.settle();
    String version = Meta.of(cluster.get(HORIZONTAL_POD_AUTOSCALERS, "web")).resourceVersion();

    cluster.advance(Duration.ofMinutes(10));

    assertThat(Meta.of(cluster.get(HORIZONTAL_POD_AUTOSCALERS, "web")).resourceVersion())
        .isEqualTo(version);
    assertThat(condition("AbleToScale"))
        .isEqualTo("True ReadyForNewScale: recommended size matches current size");
    assertThat(cluster.events("web")).noneMatch(event -> event.contains("Rescale"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {type: Resource, resource: {name: cpu, target: {type: AverageValue, averageValue: 20m}}}                          | 6  | cpu resource | {"resource":{"current":{"averageValue":"60m"},"name":"cpu"},"type":"Resource"}
          {type: ContainerResource, containerResource: {name: cpu, container: app, target: {type: Utilization, averageUtilization: 40}}} | 3  | cpu container resource utilization (percentage of request) | {"containerResource":{"container":"app","current":{"averageUtilization":60,"averageValue":"60m"},"name":"cpu"},"type":"ContainerResource"}
          {type: Pods, pods: {metric: {name: hits}, target: {type: AverageValue, averageValue: "8"}}}                        | 5  | pods metric hits | {"pods":{"current":{"averageValue":"20"},"metric":{"name":"hits"}},"type":"Pods"}
          {type: Object, object: {metric: {name: requests}, describedObject: {apiVersion: v1, kind: Service, name: front}, target: {type: Value, value: 1k}}} | 4 | Service metric requests | {"object":{"current":{"value":"2k"},"describedObject":{"apiVersion":"v1","kind":"Service","name":"front"},"metric":{"name":"requests"}},"type":"Object"}
          {type: Object, object: {metric: {name: requests}, describedObject: {apiVersion: v1, kind: Service, name: front}, target: {type: AverageValue, averageValue: "700"}}} | 3 | external metric requests(nil) | {"object":{"current":{"averageValue":"1k"},"describedObject":{"apiVersion":"v1","kind":"Service","name":"front"},"metric":{"name":"requests"}},"type":"Object"}
          {type: Object, object: {metric: {name: orders}, describedObject: {apiVersion: v1, kind: Namespace, name: other}, target: {type: Value, value: "1"}}} | 8 | Namespace metric orders | {"object":{"current":{"value":"4"},"describedObject":{"apiVersion":"v1","kind":"Namespace","name":"other"},"metric":{"name":"orders"}},"type":"Object"}
          {type: External, external: {metric: {name: queue, selector: {matchLabels: {q: a}}}, target: {type: AverageValue, averageValue: "10"}}} | 5 | external metric queue(&LabelSelector{MatchLabels:map[string]string{q: a,},MatchExpressions:[]LabelSelectorRequirement{},}) | {"external":{"current":{"averageValue":"25"},"metric":{"name":"queue","selector":{"matchLabels":{"q":"a"}}}},"type":"External"}
          {type: External, external: {metric: {name: queue}, target: {type: Value, value: "25"}}}                            | 4  | external metric queue(nil) | {"external":{"current":{"value":"50"},"metric":{"name":"queue"}},"type":"External"}
          """)
  void everyKindOfMetricIsUnderstood(String metric, long expected, String name, String status) {
    deploy(2);
    cluster.metrics.cpu(_ -> "60m");
    cluster.metrics.pods("hits", _ -> "20");
    cluster.metrics.object("services/front", "requests", "2k");
    cluster.metrics.object("metrics", "orders", "4");
    cluster.metrics.external("queue", "20", "30");
    String more = "behavior: {scaleUp: {policies: [{type: Pods, value: 50, periodSeconds: 15}]}}";

    autoscale(metric, more);

    assertThat(condition("ScalingActive")).endsWith(" from " + name);
    assertThat(replicas()).isEqualTo(expected);
    assertThat(status().structs("currentMetrics").getFirst()).hasToString(status);
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1beta1", "v1beta2"})
  void customMetricsAreReadInTheVersionThatIsServed(String version) {
    deploy(2);
    cluster.metrics.pods("hits", _ -> "20");
    cluster.metrics.customVersion(version);

    autoscale(
        "{type: Pods, pods: {metric: {name: hits}, target: {type: AverageValue, averageValue: '10'}}}",
        "");

    assertThat(replicas()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}} | FailedGetResourceMetric | failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io) | failed to get cpu resource metric value:
          {type: Resource, resource: {name: memory, target: {type: AverageValue, averageValue: 1Mi}}} | FailedGetResourceMetric | failed to get memory usage: unable to get metrics for resource memory: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io) | failed to get memory resource metric value:
          {type: ContainerResource, containerResource: {name: cpu, container: app, target: {type: Utilization, averageUtilization: 50}}} | FailedGetContainerResourceMetric | failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io) | failed to get app container metric value:
          {type: Pods, pods: {metric: {name: hits}, target: {type: AverageValue, averageValue: "8"}}} | FailedGetPodsMetric | unable to get metric hits: unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered | failed to get pods metric value:
          {type: Object, object: {metric: {name: requests}, describedObject: {apiVersion: v1, kind: Service, name: front}, target: {type: Value, value: 1k}}} | FailedGetObjectMetric | unable to get metric requests: unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered on Service default/front | failed to get object metric value:
          {type: Object, object: {metric: {name: requests}, describedObject: {apiVersion: v1, kind: Service, name: front}, target: {type: AverageValue, averageValue: 1k}}} | FailedGetObjectMetric | unable to get metric requests: unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered on Service default/front | failed to get object metric value: failed to get requests object metric:
          {type: Object, object: {metric: {name: requests}, describedObject: {apiVersion: a.io/v1, kind: Thing, name: front}, target: {type: Value, value: 1k}}} | FailedGetObjectMetric | unable to get metric requests: unable to fetch metrics from custom metrics API: unable to map kind Thing.a.io to resource: no matches for kind "Thing" in group "a.io" on Thing default/front | failed to get object metric value:
          {type: External, external: {metric: {name: queue}, target: {type: AverageValue, averageValue: "10"}}} | FailedGetExternalMetric | unable to get external metric default/queue/nil: unable to fetch metrics from external metrics API: the server could not find the requested resource (get queue.external.metrics.k8s.io) | failed to get queue external metric value: failed to get queue external metric:
          {type: External, external: {metric: {name: queue}, target: {type: Value, value: "10"}}} | FailedGetExternalMetric | unable to get external metric default/queue/nil: unable to fetch metrics from external metrics API: the server could not find the requested resource (get queue.external.metrics.k8s.io) | failed to get queue external metric value: failed to get external metric queue:
          """)
  void anApiThatIsAbsentIsTold(String metric, String reason, String message, String attempt) {
    deploy(2);

    autoscale(metric, "");

    assertThat(condition("ScalingActive"))
        .isEqualTo(
            "False %s: the HPA was unable to compute the replica count: %s"
                .formatted(reason, message));
    assertThat(cluster.events("web"))
        .contains(
            reason + ": " + message,
            "FailedComputeMetricsReplicas: invalid metrics (1 invalid out of 1), first error is: "
                + attempt
                + (attempt.endsWith(":") ? " " : "")
                + message);
    assertThat(status().integer("currentReplicas")).isEqualTo(2);
    assertThat(replicas()).isEqualTo(2);
  }

  @Test
  void whatPodsLackIsTold() {
    cluster.create(DEPLOYMENTS, Manifests.deployment(1, ""));
    cluster.settle();
    cluster.metrics.cpu(_ -> null);
    autoscale(CPU, "");
    assertThat(condition("ScalingActive"))
        .endsWith(
            "unable to get metrics for resource cpu: no metrics returned from resource metrics API");

    cluster.metrics.cpu(_ -> "10m");
    cluster.advance(PERIOD);
    String pod = cluster.names(PODS).getFirst();
    assertThat(condition("ScalingActive"))
        .endsWith(
            "failed to get cpu utilization: missing request for cpu in container app of Pod "
                + pod);

    cluster.metrics.containers(_ -> Struct.of("other", Struct.of("cpu", "1")));
    cluster.change(
        HORIZONTAL_POD_AUTOSCALERS,
        "web",
        hpa ->
            hpa.withAt(
                List.of(
                    Yaml.struct(
                        "{type: ContainerResource, containerResource: {name: cpu, container: app,"
                            + " target: {type: Utilization, averageUtilization: 40}}}")),
                "spec",
                "metrics"));
    cluster.advance(PERIOD);
    assertThat(condition("ScalingActive"))
        .endsWith(
            "unable to get metrics for resource cpu: failed to get container metrics: container app"
                + " not present in metrics for pod default/"
                + pod);
  }

  @Test
  void aPodThatJustStartedSaysNothingOfItsLoad() {
    deploy(1);
    cluster.metrics.cpu(_ -> "100m");
    cluster.kubelet.letWork(pod -> cluster.list(PODS).size() < 2);
    cluster.change(DEPLOYMENTS, "web", web -> web.withAt(2L, "spec", "replicas"));
    cluster.settle();

    autoscale(CPU, ""); // 100% of one, with the other that uses nothing yet: on target

    assertThat(replicas()).isEqualTo(2);
    assertThat(condition("ScalingActive")).startsWith("True");
  }

  @Test
  void theLargestSizeCountsAndOneUnreadableMetricOnlyKeepsFromShrinking() {
    deploy(3);
    cluster.advance(Duration.ofMinutes(5));
    cluster.metrics.cpu(_ -> "5m");
    cluster.metrics.external("queue");
    autoscale(CPU + ", " + QUEUE, "behavior: {scaleDown: {stabilizationWindowSeconds: 0}}");
    cluster.advance(Duration.ofMinutes(10));
    assertThat(replicas()).isEqualTo(3);
    assertThat(condition("ScalingActive"))
        .isEqualTo(
            "False FailedGetExternalMetric: the HPA was unable to compute the replica count: unable"
                + " to get external metric default/queue/nil: unable to fetch metrics from external"
                + " metrics API: the queue can't be reached");

    cluster.metrics.cpu(_ -> "100m");
    cluster.advance(PERIOD);
    assertThat(replicas()).isEqualTo(6);
    assertThat(condition("ScalingActive")).startsWith("True ValidMetricFound");

    cluster.metrics.cpu(_ -> "5m");
    cluster.metrics.external("queue", "90");
    cluster.settle();
    assertThat(replicas()).isEqualTo(9);
    cluster.metrics.external("queue", "1");
    cluster.settle();
    assertThat(replicas()).isEqualTo(1);
  }

  /// A rollout has more Pods than the scale says, and the new ones have no samples.
  @Test
  void aSurgeIsNotTakenForLoad() {
    cluster.create(
        DEPLOYMENTS,
        Manifests.deployment(
                1,
                "  minReadySeconds: 3600\n  progressDeadlineSeconds: 7200\n  strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}")
            .replace("image: \"web:1\"", "image: \"web:1\", resources: {requests: {cpu: 100m}}"));
    cluster.advance(Duration.ofMinutes(6));
    cluster.metrics.cpu(pod -> image(pod).equals("web:1") ? "60m" : null);
    String whole = CPU.replace("50", "100");
    autoscale(whole, "behavior: {scaleDown: {stabilizationWindowSeconds: 0}}");

    cluster.change(
        DEPLOYMENTS,
        "web",
        web ->
            web.withAt(
                List.of(
                    web.structs("spec", "template", "spec", "containers")
                        .getFirst()
                        .with("image", "web:2")),
                "spec",
                "template",
                "spec",
                "containers"));
    for (int i = 0; i < 40; i++) {
      cluster.advance(PERIOD);
      assertThat(replicas()).isEqualTo(1);
    }
    assertThat(cluster.list(PODS)).hasSize(2).allMatch(pod -> Meta.isTrue(pod, "Ready"));
  }

  private static String image(Struct pod) {
    return pod.structs("spec", "containers").getFirst().string("image");
  }

  @Test
  void aTargetAtZeroIsLeftAlone() {
    deploy(0);
    cluster.metrics.cpu(_ -> "80m");

    autoscale(CPU, "");

    assertThat(replicas()).isZero();
    assertThat(condition("ScalingActive"))
        .isEqualTo(
            "False ScalingDisabled: scaling is disabled since the replica count of the target is"
                + " zero");
  }

  @ParameterizedTest
  @CsvSource({
    "20, 10, Current number of replicas above Spec.MaxReplicas",
    "1, 3, Current number of replicas below Spec.MinReplicas",
  })
  void aTargetOutsideTheRangeIsBroughtIntoIt(int before, long expected, String reason) {
    deploy(before);
    autoscale(CPU, "minReplicas: 3");

    assertThat(replicas()).isEqualTo(expected);
    assertThat(cluster.events("web"))
        .contains("SuccessfulRescale: New size: " + expected + "; reason: " + reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {apiVersion: apps/v1, kind: Deployment, name: absent} | deployments/scale.apps "absent" not found
          {apiVersion: apps/v1, kind: Nothing, name: web}       | no matches for kind "Nothing" in group "apps"
          {apiVersion: apps/v1, kind: DaemonSet, name: web}     | the server could not find the requested resource
          """,
      quoteCharacter = '~')
  void aTargetThatCantBeScaledIsTold(String target, String message) {
    deploy(1);

    autoscale("web", target, CPU, "");

    assertThat(condition("AbleToScale"))
        .isEqualTo(
            "False FailedGetScale: the HPA controller was unable to get the target's current scale: "
                + message);
    assertThat(cluster.events("web")).contains("FailedGetScale: " + message);
  }

  @Test
  void podsOfTwoAutoscalersAreScaledByNeither() {
    deploy(2);
    cluster.metrics.cpu(_ -> "80m");
    String web = "{apiVersion: apps/v1, kind: Deployment, name: web}";
    autoscale("other", web, CPU, "minReplicas: 2");
    long before = replicas();
    autoscale("web", web, CPU, "minReplicas: 2");
    cluster.advance(PERIOD);

    String message =
        "pods by selector app=web are controlled by multiple HPAs: [default/other default/web]";
    assertThat(condition("ScalingActive")).isEqualTo("False AmbiguousSelector: " + message);
    assertThat(cluster.events("web"))
        .contains("AmbiguousSelector: " + message, "FailedComputeMetricsReplicas: " + message);
    assertThat(replicas()).isEqualTo(before);

    cluster.delete(HORIZONTAL_POD_AUTOSCALERS, "other");
    cluster.advance(PERIOD.multipliedBy(3));
    assertThat(condition("ScalingActive")).startsWith("True");
  }

  @Test
  void customResourcesAreScaledAndRefusalsTold() {
    cluster.create(
        new ApiResource(
            GroupVersion.parse("apiextensions.k8s.io/v1"),
            "customresourcedefinitions",
            "CustomResourceDefinition",
            false),
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: farms.example.com}
        spec:
          group: example.com
          scope: Namespaced
          names: {plural: farms, kind: Farm}
          versions:
          - name: v1
            served: true
            storage: true
            subresources:
              status: {}
              scale:
                specReplicasPath: .spec.replicas
                statusReplicasPath: .status.replicas
                labelSelectorPath: .status.selector
            schema:
              openAPIV3Schema:
                type: object
                properties:
                  spec: {type: object, properties: {replicas: {type: integer, maximum: 3}}}
                  status:
                    type: object
                    properties: {replicas: {type: integer}, selector: {type: string}}
        """);
    cluster.settle();
    ApiResource farms =
        new ApiResource(GroupVersion.parse("example.com/v1"), "farms", "Farm", true);
    Struct farm =
        cluster.create(
            farms,
            """
            apiVersion: example.com/v1
            kind: Farm
            metadata: {name: f, namespace: default}
            spec: {replicas: 2}
            """);
    cluster.metrics.external("queue", "30");
    autoscale("web", "{apiVersion: example.com/v1, kind: Farm, name: f}", QUEUE, "");
    assertThat(condition("ScalingActive"))
        .isEqualTo("False InvalidSelector: the HPA target's scale is missing a selector");
    assertThat(cluster.events("web")).contains("SelectorRequired: selector is required");

    cluster.api.update(
        farms, farm.with("status", Struct.of("replicas", 2L, "selector", "app=farm")), "status");
    cluster.advance(PERIOD);
    assertThat(cluster.get(farms, "f").integer("spec", "replicas")).isEqualTo(3);

    cluster.metrics.external("queue", "70");
    cluster.advance(PERIOD);
    assertThat(cluster.get(farms, "f").integer("spec", "replicas")).isEqualTo(3);
    assertThat(condition("AbleToScale"))
        .startsWith(
            "False FailedUpdateScale: the HPA controller was unable to update the target scale: ");
    assertThat(cluster.events("web"))
        .anyMatch(
            event ->
                event.startsWith(
                    "FailedRescale: New size: 6; reason: external metric queue(nil) above target;"
                        + " error: "));
  }

  /// Whatever is lost on the way: the size stays within its range, and comes to rest where the load
  /// wants it.
  @Seeds(8)
  void lostRequestsAndRestartsDoNoHarm(long seed) {
    try (TestCluster other =
        new TestCluster(seed, ControllerSettings.DEFAULT, new Faults(0.2, 0.2))) {
      other.metrics.external("queue", "70");
      other.create(DEPLOYMENTS, Manifests.deployment(2, ""));
      other.create(
          HORIZONTAL_POD_AUTOSCALERS,
          autoscaler(
              "web",
              "{apiVersion: apps/v1, kind: Deployment, name: web}",
              QUEUE,
              "minReplicas: 2"));
      List<Long> sizes = new CopyOnWriteArrayList<>();
      try (var _ =
          other.observe(
              DEPLOYMENTS,
              all -> {
                Struct web = all.find("default", "web");
                if (web != null) {
                  sizes.add(web.integer("spec", "replicas"));
                }
              })) {
        other.advance(Duration.ofMinutes(10)); // a third of the looks gets through
        assertThat(sizes).endsWith(7L);
        other.restartControllers();
        other.metrics.external("queue", "1");
        other.advance(Duration.ofMinutes(20));
      }
      assertThat(sizes).endsWith(2L).allMatch(size -> size >= 2 && size <= 7);
      assertThat(other.list(PODS)).hasSize(2);
    }
  }

  @Test
  void whatCameOfItIsCounted() {
    deploy(2);
    cluster.metrics.cpu(_ -> "80m");
    autoscale(CPU + "," + QUEUE, ""); // of which the second is not there
    autoscale("none", "{apiVersion: apps/v1, kind: Deployment, name: none}", CPU, "");

    String prefix = "horizontal_pod_autoscaler_controller_";
    assertThat(cluster.counted())
        .contains(
            prefix + "reconciliations_total{action=\"scale_up\",error=\"internal\"} 1",
            prefix + "reconciliations_total{action=\"none\",error=\"internal\"}",
            prefix
                + "metric_computation_total{action=\"scale_up\",error=\"none\",metric_type=\"Resource\"}",
            prefix
                + "metric_computation_total{action=\"none\",error=\"internal\",metric_type=\"External\"}",
            prefix
                + "reconciliation_duration_seconds_bucket{action=\"scale_up\",error=\"internal\",le=\"0.001\"} 1",
            prefix
                + "reconciliation_duration_seconds_bucket{action=\"scale_up\",error=\"internal\",le=\"16.384\"} 1",
            prefix
                + "metric_computation_duration_seconds_count{action=\"scale_up\",error=\"none\",metric_type=\"Resource\"}");
  }
}
