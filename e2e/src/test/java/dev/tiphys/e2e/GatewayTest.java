package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
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

/// Traffic that is moved from one version of an application to another by the weights of an
/// HTTPRoute, with requests under way.
@Tag("e2e")
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GatewayTest {

  private static final String HOST = "myapp.example.com";

  private static final String VERSION =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: myapp-%1$s}
      spec:
        replicas: 1
        selector: {matchLabels: {app: myapp, version: %1$s}}
        template:
          metadata: {labels: {app: myapp, version: %1$s}}
          spec:
            terminationGracePeriodSeconds: 0
            containers:
            - name: myapp
              image: myapp:v%2$s.0
              ports: [{containerPort: 8080}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: myapp-%1$s}
      spec:
        selector: {app: myapp, version: %1$s}
        ports: [{port: 80, targetPort: 8080}]
      ---
      """;

  private static final String ROUTE =
      """
      apiVersion: gateway.networking.k8s.io/v1
      kind: Gateway
      metadata: {name: gate}
      spec:
        gatewayClassName: tiphys
        listeners: [{name: http, port: 80, protocol: HTTP}]
      ---
      apiVersion: gateway.networking.k8s.io/v1
      kind: HTTPRoute
      metadata: {name: myapp}
      spec:
        parentRefs: [{name: gate}]
        hostnames: [myapp.example.com]
        rules:
        - backendRefs: [{name: myapp-blue, port: 80, weight: 90}, {name: myapp-green, port: 80, weight: 10}]
      """;

  private static final String PATCH =
      """
      {"spec": {"rules": [{"backendRefs": [
        {"name": "myapp-blue", "port": 80, "weight": %d}, {"name": "myapp-green", "port": 80, "weight": %d}]}]}}""";

  private TestCluster cluster;
  private String address;

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
    cluster.apply(VERSION.formatted("blue", "1") + VERSION.formatted("green", "2") + ROUTE);
    cluster.k("wait", "--for=condition=available", "--timeout=300s", "deployment/myapp-green");
    cluster.k("wait", "--for=condition=available", "--timeout=300s", "deployment/myapp-blue");
    cluster.k("wait", "--for=condition=Programmed", "--timeout=60s", "gateway/gate");
    address = cluster.k("get", "gateway", "gate", "-o", "jsonpath={.status.addresses[0].value}");
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private int green(int requests) {
    int green = 0;
    for (int i = 0; i < requests; i++) {
      String page = Pages.of(HOST, address);
      assertThat(page).isIn("myapp v1.0", "myapp v2.0");
      green += page.equals("myapp v2.0") ? 1 : 0;
    }
    return green;
  }

  /// @param weight of the first version; the second one has the rest of hundred
  private void giveBlue(int weight) {
    cluster.k(
        "patch",
        "httproute",
        "myapp",
        "--type",
        "merge",
        "-p",
        PATCH.formatted(weight, 100 - weight));
  }

  @Test
  @Order(1)
  void columnsAreThoseThatPeopleKnow() {
    assertThat(cluster.k("get", "gateways"))
        .containsPattern("NAME +CLASS +ADDRESS +PROGRAMMED +AGE")
        .containsPattern("gate +tiphys +" + address.replace(".", "\\.") + " +True ");
    assertThat(cluster.k("get", "httproutes"))
        .containsPattern("NAME +HOSTNAMES +AGE")
        .contains("[\"myapp.example.com\"]");
    assertThat(cluster.k("get", "gatewayclass"))
        .containsPattern("tiphys +tiphys.dev/gateway +True ");
  }

  @Test
  @Order(2)
  void weightsAreMovedByPatchesAndNoRequestFails(TestReporter reporter) throws Exception {
    Pages.await(HOST, address, "myapp v1.0");
    // outside of that once in fifty million runs
    assertThat(green(200)).isBetween(2, 50);
    giveBlue(0);
    int _ = Await.until("all goes to the second version", () -> green(20), green -> green == 20);
    try (Load load = new Load(address, HOST, 80, Load.RATE, 8)) {
      load.awaitMore(Load.LEAST);
      for (int i = 0; i < 20; i++) {
        boolean blue = i % 2 == 0;
        giveBlue(blue ? 100 : 0);
        load.awaitMore(blue ? "myapp v1.0" : "myapp v2.0", Load.LEAST);
        assertThat(green(20)).isEqualTo(blue ? 0 : 20);
      }
      load.close();
      load.report(reporter);
      assertThat(load.failures()).isEmpty();
      assertThat(load.answers()).containsOnlyKeys("myapp v1.0", "myapp v2.0");
      assertThat(load.closed()).isZero();
    }
  }
}
