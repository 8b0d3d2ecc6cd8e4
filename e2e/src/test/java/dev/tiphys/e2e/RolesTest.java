package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The parts of a cluster, each in a process of its own, over HTTPS.
@Tag("e2e")
class RolesTest {

  /// What `tiphys up` makes, where the first node of a cluster serves.
  private static final Path DEFAULTS =
      TestCluster.HOME.resolve("network/src/main/resources/dev/tiphys/network");

  private static final String ROUTES =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: shop}
      spec: {selector: {app: shop}, ports: [{name: http, port: 80}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: caller, labels: {app: caller}}
      spec:
        terminationGracePeriodSeconds: 0
        containers:
        - {name: c, image: "busybox:1.36", imagePullPolicy: IfNotPresent, command: [sleep, "3600"]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: shop}
      spec:
        ingressClassName: nginx
        rules:
        - host: shop.example.com
          http:
            paths:
            - {path: /, pathType: Prefix, backend: {service: {name: shop, port: {number: 80}}}}
      ---
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: {name: shop}
      spec:
        hosts: [shop]
        http:
        - match: [{uri: {exact: /routed}}]
          directResponse: {status: 200, body: {string: here}}
        - route: [{destination: {host: shop, subset: all}}]
      ---
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: shop}
      spec: {host: shop, subsets: [{name: all, labels: {app: shop}}]}
      """;

  private static final String[] CALLS = {
    "reporter=\"source\"",
    "source_workload=\"caller\"",
    "destination_service=\"shop.default.svc.cluster.local\"",
    "destination_workload=\"shop\"",
    "response_code=\"200\""
  };

  @TempDir Path directory;

  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void stop() throws InterruptedException {
    for (Process process : processes.reversed()) {
      process.destroy();
      process.waitFor();
    }
    for (String data : List.of("node", "data")) {
      TestCluster.tiphys("reset", "--data-dir", directory.resolve(data).toString()).run();
    }
  }

  private void start(String role, String... options) throws IOException {
    List<String> words = new ArrayList<>(List.of(role));
    words.addAll(List.of(options));
    processes.add(TestCluster.start(directory.resolve(role + ".log"), words));
  }

  /// With no more rights than the part has.
  private static String own(TestCluster cluster, String part) {
    return cluster.data().resolve(part + ".kubeconfig").toString();
  }

  /// API server, controllers and scheduler.
  private TestCluster controlPlane() throws IOException {
    TestCluster cluster = new TestCluster(directory);
    start(
        "apiserver",
        "--data-dir",
        cluster.data().toString(),
        "--port",
        Integer.toString(cluster.port()),
        "--kubeconfig",
        cluster.kubeconfig().toString());
    cluster.await("the API is ready", "ok"::equals, "get", "--raw", "/readyz");
    Path keys = cluster.data().resolve("pki");
    start(
        "controller-manager",
        "--kubeconfig",
        own(cluster, "controller-manager"),
        "--cluster-signing-cert-file",
        keys.resolve("ca.crt").toString(),
        "--cluster-signing-key-file",
        keys.resolve("ca.key").toString(),
        "--service-account-private-key-file",
        keys.resolve("sa.key").toString());
    start("scheduler", "--kubeconfig", own(cluster, "scheduler"));
    return cluster;
  }

  /// A node `apart` with images.
  private void join(TestCluster cluster, List<String> images, String... more) throws IOException {
    String kubeconfig = cluster.kubeconfig().toString();
    String node = directory.resolve("node").toString();
    String joining = directory.resolve("joining.kubeconfig").toString();
    TestCluster.tiphys("token", "--kubeconfig", kubeconfig, "--output", joining).run().ok();
    List<String> options =
        new ArrayList<>(
            List.of("--bootstrap-kubeconfig", joining, "--data-dir", node, "--node-name", "apart"));
    options.addAll(List.of(more));
    start("kubelet", options.toArray(String[]::new));
    cluster.await("the node is ready", out -> out.contains(" Ready"), "get", "nodes");
    for (String image : images) {
      Path archive = ContainersTest.IMAGES.resolve(image + ".tar");
      TestCluster.tiphys("image", "load", "--data-dir", node, archive.toString()).run().ok();
    }
  }

  @Test
  void partsInProcessesOfTheirOwnMakeACluster() throws Exception {
    TestCluster cluster = controlPlane();
    join(cluster, List.of("nginx"));
    assertThat(cluster.k("get", "csr"))
        .contains("kubernetes.io/kube-apiserver-client-kubelet")
        .contains("system:bootstrap:")
        .contains("Approved,Issued");

    cluster.apply(Manifests.web("apart", 2));

    cluster.k("rollout", "status", "deployment/apart", "--timeout=60s");
    assertThat(cluster.k("get", "pods", "-o", "jsonpath={.items[*].spec.nodeName}"))
        .isEqualTo("apart apart");
    assertThat(cluster.k("exec", "deploy/apart", "--", "echo", "here")).isEqualTo("here\n");
    cluster.k("delete", "deployment", "apart", "--cascade=foreground", "--timeout=60s");
    assertThat(Files.readString(directory.resolve("apiserver.log"))).doesNotContain(" E ");
  }

  /// Waits until that is what Prometheus reads at the agent of the node that has joined, through
  /// the API server.
  private static void awaitCount(TestCluster cluster, int count, String family, String... labels) {
    cluster.await(
        family + " is " + count,
        page -> counted(page, family, labels) == count,
        "get",
        "--raw",
        "/api/v1/nodes/apart/proxy/metrics");
  }

  private static String[] call(String target) {
    return new String[] {"exec", "caller", "--", "wget", "-qO-", "--header=Host: shop", target};
  }

  private static double counted(String page, String family, String... labels) {
    return page.lines()
        .filter(line -> line.startsWith(family + "{"))
        .filter(line -> Stream.of(labels).allMatch(line::contains))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  @Test
  void aNodeThatHasJoinedTellsWhichRequestsItServed() throws Exception {
    TestCluster cluster = controlPlane();
    for (String each :
        List.of(
            "istio/virtualservices",
            "istio/destinationrules",
            "istio/gateways",
            "istio/serviceentries",
            "ingress/ingress-class")) {
      cluster.k("apply", "-f", DEFAULTS.resolve(each + ".yaml").toString());
    }
    cluster.k(
        "create",
        "clusterrolebinding",
        "edge-apart",
        "--clusterrole=system:tiphys:edge",
        "--user=system:tiphys:node-network:apart");
    join(cluster, List.of("nginx", "busybox"), "--edge");
    cluster.apply(Manifests.web("shop", 1));
    cluster.k("rollout", "status", "deployment/shop", "--timeout=90s");
    cluster.apply(ROUTES);
    cluster.k("wait", "--for=condition=Ready", "pod/caller", "--timeout=60s");
    String edge =
        cluster.await(
            "the node tells where its edge is",
            out -> out.contains("80="),
            "get",
            "node",
            "apart",
            "-o",
            "jsonpath={.metadata.annotations.tiphys\\.dev/edge}");
    String address = edge.replaceFirst(".*\\b80=([^ ,]+).*", "$1");
    String service = cluster.k("get", "service", "shop", "-o", "jsonpath={.spec.clusterIP}");

    Command ask =
        new Command("curl", "-sf", "-m", "10", "-H", "Host: shop.example.com", "http://" + address);
    Command.Result _ =
        Await.until("the edge serves it", ask::run, result -> result.exit() == 0); // and counts it
    for (int i = 0; i < 6; i++) {
      ask.run().ok();
    }
    awaitCount(
        cluster,
        7,
        "nginx_ingress_controller_requests",
        "ingress=\"shop\"",
        "namespace=\"default\"",
        "status=\"200\"");

    cluster.await("calls are routed", "here"::equals, call(service + "/routed"));
    for (int i = 0; i < 5; i++) {
      cluster.k(call(service));
    }
    awaitCount(cluster, 5, "istio_requests_total", CALLS);
    awaitCount(cluster, 5, "istio_request_duration_milliseconds_count", CALLS);
  }

  @Test
  void aPartWithoutAServerSaysSo() {
    Command.Result result =
        TestCluster.tiphys("scheduler", "--kubeconfig", directory.resolve("none").toString()).run();

    assertThat(result.exit()).isNotZero();
    assertThat(result.err()).contains("none").contains("--kubeconfig");
  }
}
