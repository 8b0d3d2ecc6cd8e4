package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/// An Ingress that is switched from one version of an application to another, by the commands that
/// people know, beside a Service that wants the same port of the node.
@Tag("e2e")
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class IngressTest {

  private static final String HOST = "myapp.example.com";

  private static final String INGRESS =
      """
      # ingress-blue.yaml
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata:
        name: myapp-ingress
        annotations:
          nginx.ingress.kubernetes.io/rewrite-target: /
      spec:
        rules:
        - host: myapp.example.com
          http:
            paths:
            - path: /
              pathType: Prefix
              backend:
                service:
                  name: myapp-blue-service  # Initially blue
                  port:
                    number: 80
      """;

  private static final String BALANCED =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: myapp-service}
      spec:
        type: LoadBalancer
        selector: {app: myapp, version: green}
        ports: [{port: 80, targetPort: 8080}]
      """;

  private Path ingress;
  private TestCluster cluster;

  private static String version(String name, String image) {
    return """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: myapp-%1$s}
        spec:
          replicas: 2
          selector: {matchLabels: {app: myapp, version: %1$s}}
          template:
            metadata: {labels: {app: myapp, version: %1$s}}
            spec:
              containers: [{name: myapp, image: 'myapp:%2$s', ports: [{containerPort: 8080}]}]
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: myapp-%1$s-service}
        spec:
          selector: {app: myapp, version: %1$s}
          ports: [{port: 80, targetPort: 8080}]
        """
        .formatted(name, image);
  }

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    cluster = new TestCluster(directory).up();
    for (String image : List.of("myapp-1", "myapp-2")) {
      Path archive = ContainersTest.IMAGES.resolve(image + ".tar");
      TestCluster.tiphys(
              "image", "load", "--data-dir", cluster.data().toString(), archive.toString())
          .run()
          .ok();
    }
    cluster.apply(version("blue", "v1.0") + "---\n" + version("green", "v2.0"));
    for (String name : List.of("blue", "green")) {
      cluster.k("wait", "--for=condition=available", "--timeout=300s", "deployment/myapp-" + name);
    }
    ingress = Files.writeString(directory.resolve("ingress-blue.yaml"), INGRESS);
    cluster.k("apply", "-f", ingress.toString());
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private String address(String kind, String name) {
    return cluster.await(
        kind + " " + name + " has an address",
        out -> !out.isBlank(),
        "get",
        kind,
        name,
        "-o",
        "jsonpath={.status.loadBalancer.ingress[0].ip}");
  }

  private static void awaitPage(String expected, String address) {
    Pages.await(HOST, address, expected);
  }

  private void switchTo(String version) {
    cluster.k(
        "patch",
        "ingress",
        "myapp-ingress",
        "--type=json",
        """
        -p=[
          {
            "op": "replace",
            "path": "/spec/rules/0/http/paths/0/backend/service/name",
            "value": "myapp-%s-service"
          }
        ]"""
            .formatted(version));
  }

  @Test
  @Order(1)
  void anIngressWithoutAClassIsServedAtTheNode() {
    String address = address("ingress", "myapp-ingress");
    awaitPage("myapp v1.0", address);
    assertThat(cluster.k("get", "ingress"))
        .containsPattern("myapp-ingress +nginx +myapp.example.com +" + address + " +80 ");
    assertThat(address)
        .isEqualTo(
            cluster.k("get", "nodes", "-o", "jsonpath={.items[0].status.addresses[0].address}"));
  }

  @Test
  @Order(2)
  void twentySwitchesLoseNoRequest(TestReporter reporter) throws Exception {
    String address = address("ingress", "myapp-ingress");
    try (Load load = new Load(address, HOST, 80, Load.RATE, 16)) {
      List<String> streams = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        switchTo(i % 2 == 0 ? "green" : "blue");
        String page = i % 2 == 0 ? "myapp v2.0" : "myapp v1.0";
        load.awaitMore(page, Load.LEAST);
        load.awaitMoreKept(page, 1);
        streams.add(
            new Command(
                    "curl",
                    "-s",
                    "-k",
                    "--resolve",
                    HOST + ":443:" + address,
                    "-w",
                    "%{http_version}-%{http_code}\\n",
                    "-o",
                    "/dev/null",
                    "https://" + HOST + "/?[1-50]")
                .run()
                .ok());
      }
      load.close();
      load.report(reporter);
      assertThat(load.failures()).isEmpty();
      assertThat(load.answers()).containsOnlyKeys("myapp v1.0", "myapp v2.0");
      assertThat(load.keptAnswers()).containsOnlyKeys("myapp v1.0", "myapp v2.0");
      assertThat(load.closed()).isZero();
      assertThat(String.join("", streams).lines()).hasSize(1000).allMatch("2-200"::equals);
    }
  }

  @Test
  @Order(3)
  void aServiceThatWantsThePortLaterIsReachedElsewhere() {
    switchTo("blue");
    String own = address("ingress", "myapp-ingress");
    cluster.apply(BALANCED);
    String other = address("service", "myapp-service");
    assertThat(other).isNotEqualTo(own);
    awaitPage("myapp v2.0", other);
    awaitPage("myapp v1.0", own);
    assertThat(address("ingress", "myapp-ingress")).isEqualTo(own);
  }

  @Test
  @Order(4)
  void anIngressThatWantsThePortLaterIsReachedElsewhere() {
    cluster.k("delete", "ingress/myapp-ingress", "service/myapp-service");
    cluster.apply(BALANCED);
    String own = address("service", "myapp-service");
    awaitPage("myapp v2.0", own);
    cluster.k("apply", "-f", ingress.toString());
    String other = address("ingress", "myapp-ingress");
    assertThat(other).isNotEqualTo(own);
    awaitPage("myapp v1.0", other);
    awaitPage("myapp v2.0", own);
    cluster.k("delete", "ingress/myapp-ingress", "service/myapp-service");
  }

  @Test
  @Order(5)
  void whatCannotBeServedIsRefused() {
    Command.Result refused =
        cluster
            .kubectl("apply", "-f", "-")
            .reading(INGRESS.replace("path: /\n", "path: '/a(b)'\n"))
            .run();
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err())
        .contains(
            "admission webhook \"validate.nginx.ingress.kubernetes.io\" denied the request: ingress"
                + " contains invalid paths: path /a(b) cannot be used with pathType Prefix");
  }
}
