package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// A Service of type LoadBalancer that is switched from one version of an application to another,
/// by the commands that people know.
@Tag("e2e")
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BlueGreenTest {

  private static final String BLUE =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: myapp-blue
      spec:
        replicas: 3
        selector:
          matchLabels:
            app: myapp
            version: blue
        template:
          metadata:
            labels:
              app: myapp
              version: blue
          spec:
            containers:
            - name: myapp
              image: myapp:v1.0
              ports:
              - containerPort: 8080
      """;
  private static final String SERVICE =
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: myapp-service
      spec:
        selector:
          app: myapp
          version: blue  # Points to blue initially
        ports:
        - port: 80
          targetPort: 8080
        type: LoadBalancer
      """;
  private static final String GREEN =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: myapp-green
      spec:
        replicas: 3
        selector:
          matchLabels:
            app: myapp
            version: green
        template:
          metadata:
            labels:
              app: myapp
              version: green
          spec:
            containers:
            - name: myapp
              image: myapp:v2.0  # New version
              ports:
              - containerPort: 8080
              readinessProbe:  # Important!
                httpGet:
                  path: /health
                  port: 8080
                initialDelaySeconds: 10
                periodSeconds: 5
      """;

  /// Without it new Pods are sent requests before they listen.
  private static final String PROBE =
      """
      {"spec": {"template": {"spec": {"containers": [
        {"name": "myapp", "readinessProbe": {"httpGet": {"path": "/health", "port": 8080}, "periodSeconds": 1}}]}}}}""";

  private static final int RATE = 200;

  private TestCluster cluster;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    cluster = new TestCluster(directory).up();
    for (String image : List.of("myapp-1", "myapp-2")) {
      Path archive = ContainersTest.IMAGES.resolve(image + ".tar");
      cluster.load(archive);
    }
    Path blue = Files.writeString(directory.resolve("blue-deployment.yaml"), BLUE);
    Path service = Files.writeString(directory.resolve("service.yaml"), SERVICE);
    Path green = Files.writeString(directory.resolve("green-deployment.yaml"), GREEN);
    cluster.k("apply", "-f", blue.toString());
    cluster.k("apply", "-f", service.toString());
    cluster.k("apply", "-f", green.toString());
    cluster.k("wait", "--for=condition=available", "--timeout=300s", "deployment/myapp-green");
    cluster.k("wait", "--for=condition=available", "--timeout=300s", "deployment/myapp-blue");
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  /// Where the load balancer is reached from outside.
  private String balancer() {
    return cluster.await(
        "the load balancer has an address",
        out -> !out.isBlank(),
        "get",
        "service",
        "myapp-service",
        "-o",
        "jsonpath={.status.loadBalancer.ingress[0].ip}");
  }

  private Set<String> endpoints() {
    String addresses =
        cluster.k(
            "get", "endpoints", "myapp-service", "-o", "jsonpath={.subsets[*].addresses[*].ip}");
    return new TreeSet<>(List.of(addresses.split(" ")));
  }

  private Set<String> pods(String version) {
    String addresses =
        cluster.k(
            "get", "pods", "-l", "version=" + version, "-o", "jsonpath={.items[*].status.podIP}");
    return new TreeSet<>(List.of(addresses.split(" ")));
  }

  private void select(String version) {
    cluster.k(
        "patch",
        "service",
        "myapp-service",
        "-p",
        "{\"spec\":{\"selector\":{\"version\":\"%s\"}}}".formatted(version));
  }

  private void awaitEndpoints(String version) {
    Set<String> pods = pods(version);
    Set<String> _ = Await.until("endpoints are " + pods, this::endpoints, pods::equals);
  }

  private void awaitPage(String version) {
    Pages.await(balancer(), "myapp " + version);
  }

  @Test
  @Order(1)
  void theBalancerLeadsToTheFirstVersion() {
    awaitPage("v1.0");
    awaitEndpoints("blue");
    assertThat(cluster.k("get", "endpoints", "myapp-service"))
        .contains("NAME            ENDPOINTS")
        .contains(pods("blue").stream().map(pod -> pod + ":8080").toList());
    assertThat(cluster.k("get", "service", "myapp-service"))
        .contains("LoadBalancer")
        .contains(balancer());
  }

  @Test
  @Order(2)
  void theSecondVersionIsReachedPastTheService() throws Exception {
    assertThat(Pages.ofForwarded(cluster, "deployment/myapp-green", 8080)).isEqualTo("myapp v2.0");
    assertThat(Pages.ofForwarded(cluster, "service/myapp-service", 80)).isEqualTo("myapp v1.0");
  }

  @Test
  @Order(3)
  void theSwitchAndTheWayBackLoseNoConnection() throws Exception {
    try (Load load = new Load(balancer(), 80, RATE, 0)) {
      select("green");
      load.awaitMore("myapp v2.0", Load.LEAST);
      awaitEndpoints("green");
      select("blue");
      load.awaitMore("myapp v1.0", Load.LEAST);
      cluster.k("patch", "deployment", "myapp-blue", "-p", PROBE);
      cluster.k("rollout", "status", "deployment/myapp-blue", "--timeout=120s");
      load.awaitMore(Load.LEAST);
      load.close();
      assertThat(load.failures()).isEmpty();
      assertThat(load.answers()).containsOnlyKeys("myapp v1.0", "myapp v2.0");
    }
  }

  @Test
  @Order(4)
  void theFirstVersionIsTakenAway() throws Exception {
    select("green");
    awaitPage("v2.0");
    cluster.k("scale", "deployment", "myapp-blue", "--replicas=0");
    cluster.k("delete", "deployment", "myapp-blue");

    assertThat(Pages.at(balancer())).isEqualTo("myapp v2.0");
  }
}
