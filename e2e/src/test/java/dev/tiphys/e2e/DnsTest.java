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

/// Names, as Pods see them.
@Tag("e2e")
@TestInstance(Lifecycle.PER_CLASS)
class DnsTest {

  private TestCluster cluster;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    cluster = new TestCluster(directory).up();
    cluster.load(ContainersTest.IMAGES.resolve("busybox.tar"));
    for (int i = 0; i < 2; i++) {
      cluster.apply(
          """
          apiVersion: v1
          kind: Pod
          metadata: {name: mysql-%1$d, namespace: default, labels: {app: mysql}}
          spec:
            hostname: mysql-%1$d
            subdomain: mysql
            terminationGracePeriodSeconds: 0
            containers:
            - {name: c, image: 'busybox:1.36', command: [sleep, '3600']}
          """
              .formatted(i));
    }
    cluster.apply(
        """
        # Headless Service (no load balancing, returns pod IPs)
        apiVersion: v1
        kind: Service
        metadata:
          name: mysql
        spec:
          clusterIP: None
          selector:
            app: mysql
          ports:
          - port: 3306
            targetPort: 3306
        """);
    cluster.k("wait", "--for=condition=Ready", "pod", "-l", "app=mysql", "--timeout=60s");
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  /// What a Pod is told about a name, once that is so.
  private String lookup(String name, String wanted) {
    return cluster.await(
        name + " is known",
        out -> out.contains(wanted),
        "exec",
        "mysql-0",
        "--",
        "sh",
        "-c",
        "nslookup " + name + "; true"); // BusyBox' ends with 1 if a longer name is not there
  }

  private String clusterIp(String service, String namespace) {
    return cluster.k(
        "get", "service", service, "-n", namespace, "-o", "jsonpath={.spec.clusterIP}");
  }

  @Test
  void podsAskTheClustersServer() {
    String address = clusterIp("kube-dns", "kube-system");
    assertThat(address).endsWith(".0.10");
    assertThat(cluster.k("exec", "mysql-0", "--", "cat", "/etc/resolv.conf"))
        .contains("nameserver " + address)
        .contains("search default.svc.cluster.local svc.cluster.local cluster.local")
        .contains("options ndots:5");
    assertThat(cluster.k("get", "events", "-A")).doesNotContain("MissingClusterDNS");
    assertThat(cluster.k("get", "service", "-n", "kube-system", "-l", "k8s-app=kube-dns"))
        .contains("kube-dns")
        .contains("53/UDP,53/TCP,9153/TCP");
  }

  @Test
  void aServiceHasAName() {
    String address = clusterIp("kubernetes", "default");

    assertThat(lookup("kubernetes", address)).contains("kubernetes.default.svc.cluster.local");
    assertThat(lookup("kubernetes.default.svc.cluster.local", address)).contains(address);
  }

  @Test
  void aPodOfAHeadlessServiceHasAName() {
    for (String pod : new String[] {"mysql-0", "mysql-1"}) {
      String address = cluster.k("get", "pod", pod, "-o", "jsonpath={.status.podIP}");

      assertThat(lookup(pod + ".mysql", address))
          .contains(pod + ".mysql.default.svc.cluster.local");
      assertThat(lookup("mysql", address)).contains("mysql.default.svc.cluster.local");
    }
  }

  @Test
  void aServiceForReadsBesideTheHeadlessOneHasOneAddress() {
    cluster.apply(
        """
        # Service for reads (load balanced across replicas)
        apiVersion: v1
        kind: Service
        metadata:
          name: mysql-read
        spec:
          selector:
            app: mysql
          ports:
          - port: 3306
        """);

    String address = clusterIp("mysql-read", "default");
    assertThat(lookup("mysql-read", address)).contains("mysql-read.default.svc.cluster.local");
    cluster.await(
        "both Pods are behind it",
        out -> out.split(" ").length == 2,
        "get",
        "endpoints",
        "mysql-read",
        "-o",
        "jsonpath={.subsets[*].addresses[*].ip}");
  }

  @Test
  void aNameOutsideIsFollowedAsTheConfigMapSays() {
    cluster.apply(
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: coredns, namespace: kube-system}
        data:
          Corefile: |
            .:53 {
              kubernetes cluster.local
              hosts {
                192.0.2.77 printer.example.com
                fallthrough
              }
              forward . /etc/resolv.conf
            }
        """);

    assertThat(lookup("printer.example.com", "192.0.2.77")).contains("192.0.2.77");
  }
}
