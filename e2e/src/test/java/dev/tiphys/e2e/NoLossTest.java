package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/// Servers that are exchanged while requests come: each is answered.
@Tag("e2e")
@TestInstance(Lifecycle.PER_CLASS)
class NoLossTest {

  /// Requests a second. How many there were is reported: a machine with two processors reaches it
  /// if it has nothing else to do.
  private static final int RATE = 2000;

  private static final int SWITCHES = 20;

  /// nginx, which stops at the signal and cuts what is under way.
  private static final String ABRUPT =
      "image: 'nginx:1.24', command: [sh, -c, 'nginx -g \"daemon off;\" & trap \"kill -TERM $!;"
          + " wait\" QUIT; wait'], ";

  private TestCluster cluster;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    cluster = new TestCluster(directory).up();
    for (String image : List.of("nginx", "myapp-1", "myapp-2")) {
      Path archive = ContainersTest.IMAGES.resolve(image + ".tar");
      cluster.load(archive);
    }
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  /// A Deployment and how its Pods are made.
  ///
  /// @param container what the container has beside its name
  private void deploy(String name, String labels, int replicas, String container) {
    cluster.apply(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: NAME, namespace: default}
        spec:
          replicas: REPLICAS
          strategy: {rollingUpdate: {maxUnavailable: 0}}
          selector: {matchLabels: {LABELS}}
          template:
            metadata: {labels: {LABELS}}
            spec:
              terminationGracePeriodSeconds: 10
              containers:
              - {name: server, CONTAINER}
        """
            .replace("NAME", name)
            .replace("LABELS", labels)
            .replace("REPLICAS", Integer.toString(replicas))
            .replace("CONTAINER", container));
    cluster.k("rollout", "status", "deployment/" + name, "--timeout=120s");
  }

  /// The address of a new Service, whose endpoints are already there.
  private String expose(String name, String type, int port, String selector, int targetPort) {
    cluster.apply(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: %s, namespace: default}
        spec: {type: %s, selector: {%s}, ports: [{port: %d, targetPort: %d}]}
        """
            .formatted(name, type, selector, port, targetPort));
    String address =
        type.equals("LoadBalancer") ? "{.status.loadBalancer.ingress[0].ip}" : "{.spec.clusterIP}";
    return cluster.await(
        "the Service has an address",
        out -> !out.isBlank(),
        "get",
        "service",
        name,
        "-o",
        "jsonpath=" + address);
  }

  private static String ready(int port) {
    return "readinessProbe: {httpGet: {path: /, port: %d}, periodSeconds: 1}".formatted(port);
  }

  private void restart(String deployment, int replicas) {
    String before = podsOf(deployment);
    cluster.k("rollout", "restart", "deployment/" + deployment);
    cluster.k("rollout", "status", "deployment/" + deployment, "--timeout=120s");
    cluster.await(
        "the old servers are gone",
        out ->
            List.of(out.split(" ")).size() == replicas
                && List.of(out.split(" ")).stream().noneMatch(before::contains),
        "get",
        "pods",
        "-l",
        "app=" + deployment,
        "-o",
        "jsonpath={.items[*].metadata.name}");
  }

  private String podsOf(String deployment) {
    return cluster.k(
        "get", "pods", "-l", "app=" + deployment, "-o", "jsonpath={.items[*].metadata.name}");
  }

  @Test
  void aSwitchByTheSelectorLosesNothing(TestReporter reporter) throws Exception {
    for (int version = 1; version <= 2; version++) {
      deploy(
          "myapp-" + version,
          "app: myapp, version: v%d".formatted(version),
          2,
          "image: 'myapp:v%d.0', %s".formatted(version, ready(8080)));
    }
    String address = expose("myapp", "LoadBalancer", 80, "app: myapp, version: v1", 8080);
    try (Load load = new Load(address, 80, RATE, 8)) {
      load.awaitMore(RATE);
      for (int i = 0; i < SWITCHES; i++) {
        int version = i % 2 == 0 ? 2 : 1;
        cluster.k(
            "patch",
            "service",
            "myapp",
            "-p",
            "{\"spec\":{\"selector\":{\"version\":\"v%d\"}}}".formatted(version));
        load.awaitMore("myapp v%d.0".formatted(version), RATE / 4);
      }
      load.close();

      load.report(reporter);
      assertThat(load.failures()).isEmpty();
      assertThat(load.closed()).isZero();
      assertThat(load.answers()).containsOnlyKeys("myapp v1.0", "myapp v2.0");
    }
    assertThat(
            Await.until(
                "the DNS has it, too",
                () -> cluster.trace("service/myapp"),
                out -> out.contains("ms  live in the DNS of node ")))
        .contains("kubectl-patch update services/myapp")
        .containsPattern(
            "ms +endpointslice-controller update endpointslices.discovery.k8s.io/myapp-")
        .containsPattern("ms  live on node [^ ]+\n");
  }

  /// The first two methods to switch, and Rollouts, change what a Service selects; what is spoken
  /// is the Pods' own matter.
  @Test
  void aSwitchByTheSelectorLosesNothingOfHttp2(@TempDir Path keys, TestReporter reporter)
      throws Exception {
    cluster.apply(SelfSigned.secret("secure", keys));
    for (int version = 1; version <= 2; version++) {
      cluster.apply(secure(version));
    }
    for (int version = 1; version <= 2; version++) {
      cluster.k("rollout", "status", "deployment/secure-" + version, "--timeout=120s");
    }
    String address = expose("secure", "ClusterIP", 443, "app: secure, version: v1", 443);
    try (Http2Load load = new Http2Load(URI.create("https://" + address + "/"), Load.RATE)) {
      for (int i = 0; i < SWITCHES; i++) {
        String now = i % 2 == 0 ? "v2" : "v1";
        cluster.k(
            "patch",
            "service",
            "secure",
            "-p",
            "{\"spec\":{\"selector\":{\"version\":\"%s\"}}}".formatted(now));
        load.awaitMore(now, Load.LEAST);
      }
      load.close();

      load.report(reporter);
      assertThat(load.failures()).isEmpty();
      assertThat(load.answers()).containsOnlyKeys("v1", "v2");
    }
  }

  /// nginx that speaks HTTP/2 over TLS, and says which version it is.
  private static String secure(int version) {
    return """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: secure-VERSION, namespace: default}
        data:
          default.conf: |
            server {
              listen 443 ssl http2;
              ssl_certificate /tls/tls.crt;
              ssl_certificate_key /tls/tls.key;
              location / { return 200 "vVERSION"; }
            }
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: secure-VERSION, namespace: default}
        spec:
          selector: {matchLabels: {app: secure, version: vVERSION}}
          template:
            metadata: {labels: {app: secure, version: vVERSION}}
            spec:
              containers:
              - name: server
                image: nginx:1.24
                readinessProbe: {tcpSocket: {port: 443}, periodSeconds: 1}
                volumeMounts: [{name: site, mountPath: /etc/nginx/conf.d}, {name: tls, mountPath: /tls}]
              volumes:
              - {name: site, configMap: {name: secure-VERSION}}
              - {name: tls, secret: {secretName: secure}}
        """
        .replace("VERSION", Integer.toString(version));
  }

  @Test
  void aRollingUpdateLosesNothing(TestReporter reporter) throws Exception {
    deploy("rolling", "app: rolling", 3, "image: 'nginx:1.24', " + ready(80));
    String address = expose("rolling", "LoadBalancer", 81, "app: rolling", 80);
    int kept = 8;
    try (Load load = new Load(address, 81, RATE, kept)) {
      load.awaitMore(RATE);
      assertThat(load.closed()).isZero();
      for (int i = 0; i < 3; i++) {
        restart("rolling", 3);
        load.awaitMore(Load.LEAST);
      }
      load.awaitClosed(kept);
      load.awaitMore(RATE);
      load.close();

      load.report(reporter);
      assertThat(load.failures()).isEmpty();
    }
  }

  /// Without a word of the server's or of its manifest's.
  @Test
  void serversThatStopAtTheSignalLoseNothing(TestReporter reporter) throws Exception {
    deploy("abrupt", "app: abrupt", 3, ABRUPT + ready(80));
    String address = expose("abrupt", "LoadBalancer", 82, "app: abrupt", 80);
    try (Load load = new Load(address, 82, RATE, 0)) {
      load.awaitMore(RATE);
      for (int i = 0; i < 5; i++) {
        restart("abrupt", 3);
        load.awaitMore(Load.LEAST);
      }
      load.awaitMore(RATE);
      load.close();

      load.report(reporter);
      assertThat(load.failures()).isEmpty();
    }
  }

  /// The server stops at the signal, with connections open; the pause before the signal is long
  /// enough that none needs it.
  @Test
  void aPauseBeforeTheSignalLosesNothing(TestReporter reporter) throws Exception {
    deploy(
        "pausing",
        "app: pausing",
        2,
        ABRUPT + "lifecycle: {preStop: {exec: {command: [sleep, '5']}}}, " + ready(80));
    String address = expose("pausing", "ClusterIP", 80, "app: pausing", 80);
    try (Load load = new Load(address, 80, 50, 1)) {
      load.awaitMore(50);
      Instant begin = Instant.now();
      cluster.k("rollout", "restart", "deployment/pausing");
      load.awaitClosed(1);

      assertThat(begin.plusSeconds(5)).as("only after the pause").isBefore(Instant.now());
      cluster.k("rollout", "status", "deployment/pausing", "--timeout=120s");
      load.awaitMore(500);
      load.close();

      load.report(reporter);
      assertThat(load.failures()).isEmpty();
      assertThat(load.closed()).isLessThanOrEqualTo(2);
    }
  }
}
