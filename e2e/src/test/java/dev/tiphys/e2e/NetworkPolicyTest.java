package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// Network policies, as containers feel them.
@Tag("e2e")
@TestInstance(Lifecycle.PER_CLASS)
class NetworkPolicyTest {
  private static final int PODS = 20;

  private TestCluster cluster;
  private String server;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    cluster = new TestCluster(directory).up();
    cluster.load(ContainersTest.IMAGES.resolve("busybox.tar"));
    for (String namespace : new String[] {"open", "closed"}) {
      cluster.k("create", "namespace", namespace);
    }
    cluster.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: server, namespace: open}
        spec:
          terminationGracePeriodSeconds: 0
          containers:
          - name: main
            image: busybox:1.36
            command: [sh, -c, 'echo hello > /tmp/index.html; exec httpd -f -p 8080 -h /tmp']
            readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}
        """);
    cluster.k("wait", "-n", "open", "--for=condition=Ready", "pod/server", "--timeout=60s");
    server = cluster.k("get", "pod", "-n", "open", "server", "-o", "jsonpath={.status.podIP}");
    cluster.apply(
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: deny, namespace: closed}
        spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
        """);
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  /// A Pod whose first act is a connection.
  ///
  /// @param patience for how many seconds it waits for an answer
  private String caller(String namespace, int number, int patience) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: caller-%1$d, namespace: %2$s}
    spec:
      restartPolicy: Never
      terminationGracePeriodSeconds: 0
      initContainers:
      - name: first
        image: busybox:1.36
        command:
        - sh
        - -c
        - "printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w %4$d %3$s 8080 || echo nothing"
      containers:
      - {name: main, image: 'busybox:1.36', command: ['true']}
    ---
    """
        .formatted(number, namespace, server, patience);
  }

  @Test
  void noneOfManyPodsGetsOutWithItsFirstAct() {
    StringBuilder pods = new StringBuilder(caller("open", 0, 60));
    for (int i = 0; i < PODS; i++) {
      pods.append(caller("closed", i, 2));
    }

    cluster.apply(pods.toString());

    awaitEnd("open", 0);
    assertThat(cluster.k("logs", "-n", "open", "caller-0", "-c", "first")).endsWith("hello\n");
    for (int i = 0; i < PODS; i++) {
      awaitEnd("closed", i);
      assertThat(cluster.k("logs", "-n", "closed", "caller-" + i, "-c", "first"))
          .contains("nothing")
          .doesNotContain("hello");
    }
  }

  private void awaitEnd(String namespace, int number) {
    cluster.k(
        "wait",
        "-n",
        namespace,
        "--for=jsonpath={.status.phase}=Succeeded",
        "pod/caller-" + number,
        "--timeout=120s");
  }

  @Test
  void aPodThatNothingMayReachIsProbedByItsNode() {
    cluster.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: probed, namespace: closed}
        spec:
          terminationGracePeriodSeconds: 0
          containers:
          - name: main
            image: busybox:1.36
            command: [sh, -c, 'echo hello > /tmp/index.html; exec httpd -f -p 8080 -h /tmp']
            readinessProbe: {httpGet: {port: 8080, path: /}, periodSeconds: 1, failureThreshold: 1}
            startupProbe: {tcpSocket: {port: 8080}, periodSeconds: 1, failureThreshold: 60}
        """);

    cluster.k("wait", "-n", "closed", "--for=condition=Ready", "pod/probed", "--timeout=60s");
  }

  @Test
  void whoMayAskTheDnsOfTheClusterIsAnswered() {
    cluster.apply(
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: names, namespace: closed}
        spec:
          podSelector: {matchLabels: {asks: names}}
          policyTypes: [Egress]
          egress:
          - to:
            - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}
              podSelector: {matchLabels: {k8s-app: kube-dns}}
            ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: asks, namespace: closed, labels: {asks: names}}
        spec:
          terminationGracePeriodSeconds: 0
          containers: [{name: main, image: 'busybox:1.36', command: [sleep, '3600']}]
        """);
    cluster.k("wait", "-n", "closed", "--for=condition=Ready", "pod/asks", "--timeout=60s");

    cluster.await(
        "a name is answered",
        out -> out.contains("Name:\tkubernetes.default.svc.cluster.local"),
        "exec",
        "-n",
        "closed",
        "asks",
        "--",
        "nslookup",
        "kubernetes.default.svc.cluster.local");
    assertThat(
            cluster
                .kubectl("exec", "-n", "closed", "asks", "--", "nc", "-w", "1", server, "8080")
                .run()
                .exit())
        .isNotZero();
  }
}
