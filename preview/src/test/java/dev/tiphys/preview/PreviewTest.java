package dev.tiphys.preview;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.PatchType;
import dev.tiphys.junit.VirtualCluster;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.scheduler.config.SchedulerConfiguration;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Previews of clusters that run on virtual time themselves, and what these then do in truth.
final class PreviewTest {

  private static final String WEB =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: default}
      spec:
        replicas: 3
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            containers:
            - {name: main, image: "web:1", resources: {requests: {cpu: "1"}}}
      """;

  private static Struct preview(VirtualCluster cluster, String... manifests) throws Exception {
    return preview(cluster, false, manifests);
  }

  private static Struct preview(VirtualCluster cluster, boolean delete, String... manifests)
      throws Exception {
    return Preview.of(
        ClusterCopy.of(cluster.api()),
        new PreviewRequest(
            List.of(manifests).stream().map(Yaml::struct).toList(),
            delete,
            "default",
            cluster.world().now(),
            Duration.ofMinutes(15),
            SchedulerConfiguration.DEFAULT));
  }

  private static VirtualCluster cluster(int nodes, String... manifests) {
    VirtualCluster cluster = new VirtualCluster(1);
    cluster.startNodes("node-", nodes);
    for (String manifest : manifests) {
      apply(cluster, manifest);
    }
    cluster.advance(Duration.ofMinutes(2));
    return cluster;
  }

  private static void apply(VirtualCluster cluster, String manifest) {
    Struct object = Yaml.struct(manifest);
    ApiResource resource =
        cluster.api().discover().known().stream()
            .map(served -> served.resource())
            .filter(each -> each.kind().equals(object.string("kind")))
            .filter(each -> each.apiVersion().equals(object.string("apiVersion")))
            .findFirst()
            .orElseThrow();
    cluster
        .api()
        .patch(
            resource,
            object.string("metadata", "namespace"),
            object.string("metadata", "name"),
            "",
            PatchType.APPLY,
            object);
  }

  private static List<String> pods(VirtualCluster cluster) {
    return cluster.api().list(ApiResource.PODS, "", ListOptions.ALL).items().stream()
        .map(pod -> Meta.of(pod).name() + " " + Meta.of(pod).resourceVersion())
        .sorted()
        .toList();
  }

  @Test
  void aRolloutIsToldAndTheClusterLeftAsItIs() throws Exception {
    try (VirtualCluster cluster = cluster(2, WEB)) {
      List<String> before = pods(cluster);
      Struct report = preview(cluster, WEB.replace("web:1", "web:2"));
      assertThat(report.structs("applied"))
          .singleElement()
          .satisfies(
              each -> {
                assertThat(each.string("result")).isEqualTo("configured");
                assertThat(each.strings("changes"))
                    .containsExactly("spec.template.spec.containers[name=main].image");
              });
      assertThat(report.structs("workloads"))
          .singleElement()
          .satisfies(
              each -> {
                assertThat(each.string("workload")).isEqualTo("deployments.apps/web");
                assertThat(each.integer("replaced")).isEqualTo(3);
                assertThat(each.string("state")).isEqualTo("complete");
                assertThat(each.bool("anyway")).isFalse();
              });
      assertThat(report.structs("pending")).isEmpty();
      assertThat(report.strings("assumptions")).anyMatch(each -> each.contains("web:2"));
      assertThat(pods(cluster)).isEqualTo(before);
    }
  }

  @Test
  void aPodThatFitsNowhereIsToldWithWhatWouldHelp() throws Exception {
    try (VirtualCluster cluster = cluster(1, WEB)) {
      Struct report = preview(cluster, WEB.replace("replicas: 3", "replicas: 9"));
      assertThat(report.structs("pending"))
          .singleElement()
          .satisfies(
              each -> {
                assertThat(each.string("message"))
                    .isEqualTo(
                        "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1"
                            + " nodes are available: 1 No preemption victims found for incoming pod.");
                assertThat(each.structs("smallestChange", "changes")).isNotEmpty();
              });
      assertThat(report.structs("workloads"))
          .singleElement()
          .satisfies(
              each -> {
                assertThat(each.string("state")).isEqualTo("underway");
                assertThat(each.string("message")).isEqualTo("8 of 9 updated and available");
              });
    }
  }

  @Test
  void whatPreemptionWouldEndIsTold() throws Exception {
    try (VirtualCluster cluster = cluster(1, WEB.replace("replicas: 3", "replicas: 8"))) {
      String urgent =
          """
          apiVersion: v1
          kind: Pod
          metadata: {name: urgent, namespace: default}
          spec:
            priorityClassName: system-cluster-critical
            containers:
            - {name: main, image: "urgent:1", resources: {requests: {cpu: "2"}}}
          """;
      Struct report = preview(cluster, urgent);
      assertThat(report.structs("disrupted"))
          .hasSize(2)
          .allSatisfy(each -> assertThat(each.string("reason")).isEqualTo("PreemptionByScheduler"));
    }
  }

  @Test
  void brokenBudgetsAndServicesWithoutPodsAreTold() throws Exception {
    String service =
        """
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: default}
        spec: {selector: {app: web}, ports: [{port: 80}]}
        """;
    String budget =
        """
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: {name: web, namespace: default}
        spec: {minAvailable: 2, selector: {matchLabels: {app: web}}}
        """;
    String recreating = WEB.replace("replicas: 3", "replicas: 3\n  strategy: {type: Recreate}");
    try (VirtualCluster cluster = cluster(2, recreating, service, budget)) {
      Struct report = preview(cluster, recreating.replace("web:1", "web:2"));
      assertThat(report.structs("budgets"))
          .singleElement()
          .satisfies(
              each -> {
                assertThat(each.integer("desired")).isEqualTo(2);
                assertThat(each.integer("healthy")).isLessThan(2);
                assertThat(each.has("to")).isTrue();
              });
      assertThat(report.structs("outages"))
          .singleElement()
          .satisfies(
              each -> {
                assertThat(each.string("name")).isEqualTo("web");
                assertThat(each.has("to")).isTrue();
              });
      String rolling = recreating.replace("type: Recreate", "type: RollingUpdate");
      assertThat(preview(cluster, rolling.replace("web:1", "web:2")).structs("outages")).isEmpty();
    }
  }

  @Test
  void aReferenceToWhatIsNotThereHoldsARolloutUp() throws Exception {
    String reading =
        WEB.replace("resources:", "envFrom: [{configMapRef: {name: settings}}], resources:");
    String settings =
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: settings, namespace: default}
        data: {a: b}
        """;
    try (VirtualCluster cluster = cluster(2, WEB)) {
      Struct report = preview(cluster, reading);
      assertThat(report.structs("pending"))
          .singleElement()
          .satisfies(
              each ->
                  assertThat(each.string("message"))
                      .isEqualTo("CreateContainerConfigError: configmap \"settings\" not found"));
      assertThat(report.structs("workloads").getFirst().string("state")).isEqualTo("failed");
      Struct both = preview(cluster, settings, reading);
      assertThat(both.structs("pending")).isEmpty();
      assertThat(both.structs("workloads").getFirst().string("state")).isEqualTo("complete");
    }
  }

  @Test
  void whatIsNotAppliedAnyMoreIsRemovedByTheAnnotationToo() throws Exception {
    String last =
        """
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"default"},"spec":{"replicas":3,"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"main","image":"web:1","env":[{"name":"A","value":"1"}],"resources":{"requests":{"cpu":"1"}}}]}}}}
        """
            .strip();
    String before =
        WEB.replace("resources:", "env: [{name: A, value: \"1\"}], resources:")
            .replace(
                "namespace: default}",
                "namespace: default, annotations: {kubectl.kubernetes.io/last-applied-configuration: '"
                    + last
                    + "'}}");
    try (VirtualCluster cluster = new VirtualCluster(1)) {
      cluster.startNodes("node-", 2);
      cluster.create(ApiResource.DEPLOYMENTS, before);
      cluster.advance(Duration.ofMinutes(1));
      Struct report = preview(cluster, WEB);
      assertThat(report.structs("applied").getFirst().strings("changes"))
          .containsExactly("spec.template.spec.containers[name=main].env");
      assertThat(report.structs("workloads").getFirst().integer("replaced")).isEqualTo(3);
      Struct same = preview(cluster, before);
      assertThat(same.structs("applied").getFirst().string("result")).isEqualTo("unchanged");
      assertThat(same.structs("steps")).isEmpty();
    }
  }

  @Test
  void aDeletionTakesWithItWhatBelongsToIt() throws Exception {
    try (VirtualCluster cluster = cluster(2, WEB)) {
      Struct report = preview(cluster, true, WEB);
      assertThat(report.structs("applied").getFirst().string("result")).isEqualTo("deleted");
      assertThat(report.structs("workloads"))
          .singleElement()
          .satisfies(each -> assertThat(each.integer("removed")).isEqualTo(3));
    }
  }

  @Test
  void refusalsAreTheApisOwn() throws Exception {
    try (VirtualCluster cluster = cluster(1, WEB)) {
      Struct report =
          preview(
              cluster,
              WEB.replace("matchLabels: {app: web}", "matchLabels: {app: other}"),
              "{apiVersion: example.com/v1, kind: Widget, metadata: {name: a}}");
      assertThat(report.structs("refused"))
          .extracting(each -> each.string("message"))
          .satisfiesExactly(
              first -> assertThat(first).contains("spec.selector", "field is immutable"),
              second ->
                  assertThat(second)
                      .isEqualTo("no matches for kind \"Widget\" in version \"example.com/v1\""));
    }
  }

  @Test
  void whatWouldHappenAnywayIsToldApart() throws Exception {
    String regular =
        """
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: regular, namespace: default}
        spec:
          schedule: "*/5 * * * *"
          jobTemplate:
            spec:
              template:
                spec:
                  restartPolicy: Never
                  containers: [{name: main, image: "regular:1"}]
        """;
    try (VirtualCluster cluster = cluster(2, regular)) {
      Struct report = preview(cluster, WEB);
      assertThat(report.structs("workloads"))
          .extracting(each -> each.string("workload") + " " + each.bool("anyway"))
          .containsExactlyInAnyOrder("deployments.apps/web false", "cronjobs.batch/regular true");
    }
  }

  @Test
  void aNewKindIsServedBeforeItsObjects() throws Exception {
    String definition =
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: widgets.example.com}
        spec:
          group: example.com
          scope: Namespaced
          names: {plural: widgets, singular: widget, kind: Widget}
          versions:
          - name: v1
            served: true
            storage: true
            schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
        """;
    String widget = "{apiVersion: example.com/v1, kind: Widget, metadata: {name: a}, size: 1}";
    try (VirtualCluster cluster = cluster(1)) {
      assertThat(preview(cluster, definition, widget).structs("applied"))
          .extracting(each -> each.string("result"))
          .containsExactly("created", "created");
      apply(cluster, definition);
      cluster.settle();
      apply(cluster, widget.replace("name: a", "name: a, namespace: default"));
      assertThat(preview(cluster, widget).structs("applied").getFirst().string("result"))
          .isEqualTo("unchanged");
    }
  }

  @Test
  void dataThatWouldBeGoneIsTold() throws Exception {
    String type =
        """
        apiVersion: storage.k8s.io/v1
        kind: StorageClass
        metadata: {name: fast}
        provisioner: disks.example.com
        volumeBindingMode: WaitForFirstConsumer
        """;
    String set =
        """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: mysql, namespace: default}
        spec:
          serviceName: mysql
          replicas: 2
          persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete, whenScaled: Retain}
          selector: {matchLabels: {app: mysql}}
          template:
            metadata: {labels: {app: mysql}}
            spec:
              containers:
              - {name: mysql, image: "mysql:8.0", volumeMounts: [{name: data, mountPath: /data}]}
          volumeClaimTemplates:
          - metadata: {name: data}
            spec:
              storageClassName: fast
              accessModes: [ReadWriteOnce]
              resources: {requests: {storage: 1Gi}}
        """;
    String driver =
        """
        apiVersion: storage.k8s.io/v1
        kind: CSIDriver
        metadata: {name: disks.example.com}
        spec: {attachRequired: false, storageCapacity: true}
        """;
    try (VirtualCluster cluster = cluster(2, driver)) {
      assertThat(preview(cluster, type, set).structs("pending")).isEmpty();
      apply(cluster, type);
      Struct made = preview(cluster, set);
      assertThat(made.structs("pending")).isEmpty();
      assertThat(made.structs("workloads").getFirst().string("state")).isEqualTo("complete");
      apply(cluster, set);
      try (PlayedStorage storage = new PlayedStorage(cluster.world(), cluster.api())) {
        storage.start();
        cluster.advance(Duration.ofMinutes(2));
      }
      Struct report = preview(cluster, true, set);
      assertThat(report.structs("lostData"))
          .filteredOn(each -> each.string("kind").equals("claim"))
          .extracting(each -> each.string("name"))
          .containsExactlyInAnyOrder("data-mysql-0", "data-mysql-1");
      assertThat(report.structs("lostData"))
          .filteredOn(each -> each.string("kind").equals("volume"))
          .hasSize(2)
          .allMatch(each -> each.string("reclaimPolicy").equals("Delete"));
    }
  }

  @Test
  void whatACallerMayNotSeeIsSaid() throws Exception {
    String reading =
        WEB.replace("resources:", "envFrom: [{secretRef: {name: hidden}}], resources:");
    try (VirtualCluster cluster = cluster(1)) {
      ClusterCopy all = ClusterCopy.of(cluster.api());
      Map<ApiResource, List<Struct>> seen = new LinkedHashMap<>(all.objects());
      seen.remove(ApiResource.SECRETS);
      seen.remove(ApiResource.LEASES);
      ClusterCopy some =
          new ClusterCopy(seen, List.of(ApiResource.SECRETS, ApiResource.LEASES), all.user());
      assertThat(some.lacking()).isEmpty();
      Struct report =
          Preview.of(
              some,
              new PreviewRequest(
                  List.of(Yaml.struct(reading)),
                  false,
                  "default",
                  cluster.world().now(),
                  Duration.ofMinutes(15),
                  SchedulerConfiguration.DEFAULT));
      assertThat(report.structs("pending")).isEmpty();
      assertThat(report.strings("assumptions"))
          .contains(
              "secrets could not be read: they are taken to hold what is asked of them",
              "these could not be read, and count as not there: leases.coordination.k8s.io");
      assertThat(new ClusterCopy(Map.of(), List.of(ApiResource.NODES), Struct.EMPTY).lacking())
          .containsExactly(ApiResource.NODES);
    }
  }
}
