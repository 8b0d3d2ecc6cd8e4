package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whether public dashboards and alert rules find what they ask for in a cluster in which something
/// of every kind goes on.
@Tag("e2e")
class FamiliesTest {

  private static final String READER =
      """
      apiVersion: v1
      kind: ServiceAccount
      metadata: {name: reader, namespace: default}
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: {name: reader}
      rules: [{nonResourceURLs: [/metrics], verbs: [get]}]
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRoleBinding
      metadata: {name: reader}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
      subjects: [{kind: ServiceAccount, name: reader, namespace: default}]
      """;

  private static final String POD =
      """
          metadata: {labels: {app: NAME}}
          spec:
            terminationGracePeriodSeconds: 0
            containers:
            - name: c
              image: busybox:1.36
              imagePullPolicy: IfNotPresent
              command: [sh, -c, "COMMAND"]
              resources: {requests: {cpu: 10m, memory: 8Mi}, limits: {cpu: 100m, memory: 32Mi}}
      """;

  private static String pod(String name, String command) {
    return POD.replace("NAME", name).replace("COMMAND", command);
  }

  private static String workload(String kind, String name, String more) {
    return """
        apiVersion: apps/v1
        kind: %s
        metadata: {name: %s}
        spec:
          selector: {matchLabels: {app: %s}}
        %s
          template:
        """
            .formatted(kind, name, name, more)
        + pod(name, "while :; do sleep 1; done");
  }

  private static final String REST =
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: fails}
      spec:
        backoffLimit: 0
        template:
          spec:
            restartPolicy: Never
            containers: [{name: c, image: "busybox:1.36", imagePullPolicy: IfNotPresent, command: ["false"]}]
      ---
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: nightly}
      spec:
        schedule: "0 2 * * *"
        jobTemplate:
          spec:
            template:
              spec:
                restartPolicy: Never
                containers: [{name: c, image: "busybox:1.36", imagePullPolicy: IfNotPresent, command: ["true"]}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: waits}
      spec: {containers: [{name: c, image: "not.there/at-all:1", imagePullPolicy: Never}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: gated}
      spec: {schedulingGates: [{name: example.com/later}], containers: [{name: c, image: i}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: fills}
      spec:
        restartPolicy: Never
        terminationGracePeriodSeconds: 0
        containers:
        - name: c
          image: busybox:1.36
          imagePullPolicy: IfNotPresent
          command: [sh, -c, "dd if=/dev/zero of=/tmp/file bs=1024 count=256; while :; do sleep 1; done"]
          volumeMounts: [{name: tmp, mountPath: /tmp}]
        volumes: [{name: tmp, emptyDir: {sizeLimit: 64Ki}}]
      ---
      apiVersion: apiregistration.k8s.io/v1
      kind: APIService
      metadata: {name: v1.none.example.com}
      spec:
        group: none.example.com
        version: v1
        groupPriorityMinimum: 100
        versionPriority: 100
        service: {name: none, namespace: default}
      ---
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: web}
      spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}
      ---
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: web}
      spec:
        scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
        maxReplicas: 3
        metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 90}}}]
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: limited}
      ---
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: q, namespace: limited}
      spec: {hard: {requests.cpu: "1", requests.memory: 1Gi, limits.cpu: "2", limits.memory: 2Gi}}
      """;

  private static final String CLAIM =
      """
        volumeClaimTemplates:
        - metadata: {name: data}
          spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Mi}}}
      """;

  @Test
  @Timeout(value = 6, unit = TimeUnit.MINUTES)
  void dashboardsFindWhatTheyAskFor(@TempDir Path directory) throws IOException {
    try (TestCluster cluster = new TestCluster(directory).up()) {
      cluster.load(ContainersTest.IMAGES.resolve("busybox.tar"));
      cluster.apply(READER);
      cluster.apply(workload("Deployment", "web", "  replicas: 2"));
      cluster.apply(workload("DaemonSet", "log", ""));
      cluster.apply(
          workload("StatefulSet", "db", "  serviceName: db\n" + CLAIM.stripTrailing())
              .replace(
                  "      resources:",
                  "      volumeMounts: [{name: data, mountPath: /data}]\n        resources:"));
      cluster.apply(REST);
      for (String each : List.of("deployment/web", "daemonset/log", "statefulset/db")) {
        cluster.k("rollout", "status", each, "--timeout=90s");
      }
      cluster.k("create", "job", "now", "--from=cronjob/nightly");
      cluster.k("label", "node", "--all", "node-role.kubernetes.io/worker=");
      cluster.k("taint", "node", "--all", "example.com/slow=yes:PreferNoSchedule");
      cluster.k("wait", "--for=condition=Failed", "job/fails", "--timeout=60s");
      cluster.await(
          "a Pod takes more than it may",
          "Evicted"::equals,
          "get",
          "pod",
          "fills",
          "-o",
          "jsonpath={.status.reason}");
      cluster.await(
          "a server is missed",
          "False"::equals,
          "get",
          "apiservice",
          "v1.none.example.com",
          "-o",
          "jsonpath={.status.conditions[0].status}");
      assertThat(cluster.kubectl("get", "--raw", "/apis/none.example.com/v1/things").run().exit())
          .isEqualTo(1);
      cluster.await(
          "something waits",
          out -> out.contains("ErrImageNeverPull"),
          "get",
          "pod",
          "waits",
          "-o",
          "yaml");

      List<WantedFamilies.Wanted> all = WantedFamilies.read();
      List<WantedFamilies.Wanted> wanted =
          all.stream().filter(each -> each.mark() != '-' && each.mark() != '?').toList();
      List<WantedFamilies.Wanted> _ =
          Await.until(
              "all is told", () -> missing(wanted, pages(cluster)), missing -> missing.isEmpty());
      List<WantedFamilies.Wanted> untold = all.stream().filter(each -> each.mark() == '-').toList();
      assertThat(missing(untold, pages(cluster))).isEqualTo(untold);
    }
  }

  private static List<WantedFamilies.Wanted> missing(
      List<WantedFamilies.Wanted> wanted, Map<String, String> pages) {
    return wanted.stream().filter(each -> !each.isIn(pages.getOrDefault(each.page(), ""))).toList();
  }

  /// What a Prometheus reads, by jobs and paths.
  private static Map<String, String> pages(TestCluster cluster) {
    Map<String, String> pages = new HashMap<>();
    String server = cluster.k("get", "--raw", "/metrics");
    pages.put("kube-scheduler /metrics", server);
    pages.put("kube-controller-manager /metrics", server);
    pages.put(
        "apiserver /metrics",
        String.join("\n", server.lines().filter(line -> !line.startsWith("workqueue_")).toList()));
    String node = cluster.k("get", "nodes", "-o", "jsonpath={.items[0].metadata.name}");
    String agent = "/api/v1/nodes/" + node + "/proxy";
    for (String path : List.of("/metrics", "/metrics/cadvisor", "/metrics/probes")) {
      pages.put("kubelet " + path, cluster.k("get", "--raw", agent + path));
    }
    pages.put("kube-proxy /metrics/proxy", cluster.k("get", "--raw", agent + "/metrics/proxy"));
    pages.put("node-exporter /metrics/node", cluster.k("get", "--raw", agent + "/metrics/node"));
    pages.put("kube-state-metrics /metrics", state(cluster));
    return pages;
  }

  /// What objects say, for those alone that may know.
  private static String state(TestCluster cluster) {
    String slice =
        cluster.await(
            "there is a page of what objects say",
            out -> out.split(" ").length == 2,
            "get",
            "endpointslices",
            "-n",
            "kube-system",
            "-l",
            "kubernetes.io/service-name=kube-state-metrics",
            "-o",
            "jsonpath={.items[0].endpoints[0].addresses[0]} {.items[0].ports[0].port}");
    String[] at = slice.split(" ");
    assertThat(read(at, "-o", "/dev/null", "-w", "%{http_code}")).isEqualTo("403");
    assertThat(read(at, "-o", "/dev/null", "-w", "%{http_code}", "-H", bearer("wrong")))
        .isEqualTo("401");
    return read(at, "-H", bearer(cluster.k("create", "token", "reader").strip()));
  }

  private static String bearer(String token) {
    return "Authorization: Bearer " + token;
  }

  /// @param at address and port
  private static String read(String[] at, String... options) {
    Command curl = new Command("curl").and("-sk");
    for (String option : options) {
      curl.and(option);
    }
    return curl.and("https://%s:%s/metrics".formatted(at[0], at[1])).run().ok();
  }
}
