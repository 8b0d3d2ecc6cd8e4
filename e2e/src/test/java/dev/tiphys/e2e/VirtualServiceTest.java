package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
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

/// Traffic that is moved from one version of an application to another by the weights of a
/// VirtualService, by the commands that people know.
@Tag("e2e")
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class VirtualServiceTest {

  private static final String HOST = "myapp.example.com";

  private static final String VERSION =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: myapp-%1$s
      spec:
        replicas: 1
        selector:
          matchLabels:
            app: myapp
            version: %1$s
        template:
          metadata:
            labels:
              app: myapp
              version: %1$s
          spec:
            terminationGracePeriodSeconds: 0
            containers:
            - name: myapp
              image: myapp:v%2$s.0
              ports:
              - containerPort: 8080
      ---
      apiVersion: v1
      kind: Service
      metadata:
        name: myapp-%1$s-service
      spec:
        selector:
          app: myapp
          version: %1$s
        ports:
        - port: 80
          targetPort: 8080
      ---
      """;

  private static final String VIRTUAL_SERVICE =
      """
      apiVersion: networking.istio.io/v1beta1
      kind: VirtualService
      metadata:
        name: myapp
      spec:
        hosts:
        - myapp.example.com
        http:
        - match:
          - uri:
              prefix: /
          route:
          - destination:
              host: myapp-blue-service
              port:
                number: 80
            weight: 100  # 100% to blue initially
          - destination:
              host: myapp-green-service
              port:
                number: 80
            weight: 0    # 0% to green
      """;

  private static final String PATCH =
      """

      {
        "spec": {
          "http": [{
            "route": [
              {"destination": {"host": "myapp-blue-service"}, "weight": %d},
              {"destination": {"host": "myapp-green-service"}, "weight": %d}
            ]
          }]
        }
      }""";

  private TestCluster cluster;
  private String node;

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
    cluster.apply(VERSION.formatted("blue", "1") + VERSION.formatted("green", "2"));
    cluster.k("wait", "--for=condition=available", "--timeout=300s", "deployment/myapp-green");
    cluster.k("wait", "--for=condition=available", "--timeout=300s", "deployment/myapp-blue");
    node = cluster.k("get", "nodes", "-o", "jsonpath={.items[0].status.addresses[0].address}");
    Path file = Files.writeString(directory.resolve("virtual-service.yaml"), VIRTUAL_SERVICE);
    cluster.k("apply", "-f", file.toString());
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private void awaitPage(String expected) {
    Pages.await(HOST, node, expected);
  }

  private int green(int requests) {
    int green = 0;
    for (int i = 0; i < requests; i++) {
      String page = Pages.of(HOST, node);
      assertThat(page).isIn("myapp v1.0", "myapp v2.0");
      green += page.equals("myapp v2.0") ? 1 : 0;
    }
    return green;
  }

  @Test
  @Order(1)
  void allGoesToTheFirstVersion() {
    awaitPage("myapp v1.0");
    assertThat(green(50)).isZero();
    assertThat(cluster.k("get", "vs"))
        .contains("NAME    GATEWAYS   HOSTS                   AGE")
        .contains("[\"myapp.example.com\"]");
  }

  @Test
  @Order(2)
  void weightsAreMovedByPatches() {
    move(50, 50);
    // outside of that once in a hundred million runs
    assertThat(green(200)).isBetween(60, 140);
    move(0, 100);
    assertThat(green(50)).isEqualTo(50);
  }

  /// Changes the weights of both versions, and waits until it is told that requests follow.
  private void move(int blue, int green) {
    cluster.k(
        "patch", "virtualservice", "myapp", "--type", "merge", "-p", PATCH.formatted(blue, green));
    String _ =
        Await.until(
            "requests follow",
            () -> cluster.trace("virtualservice/myapp"),
            Pattern.compile("[0-9.]+ ms  requests follow virtualservices/myapp\n").asPredicate());
  }

  @Test
  @Order(3)
  void whatCannotBeServedIsRefusedInUpstreamsWords() {
    Command.Result refused =
        cluster
            .kubectl("patch", "virtualservice", "myapp", "--type", "merge", "-p")
            .and("{\"spec\":{\"http\":[{\"name\":\"nothing\"}]}}")
            .run();
    assertThat(refused.err())
        .contains(
            "admission webhook \"validation.istio.io\" denied the request: configuration is"
                + " invalid: HTTP route or redirect is required");
  }

  @Test
  @Order(4)
  void callsBetweenPodsAreRoutedToo() {
    cluster.apply(
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata:
          name: inside
        spec:
          hosts: [myapp-blue-service]
          http:
          - match: [{headers: {x-version: {exact: green}}}]
            route: [{destination: {host: myapp-green-service}}]
          - route: [{destination: {host: myapp-blue-service}}]
        """);
    cluster.await(
        "calls with the header reach the second version",
        out -> out.strip().equals("myapp v2.0"),
        "exec",
        "deployment/myapp-blue",
        "--",
        "busybox",
        "wget",
        "-qO-",
        "--header",
        "x-version: green",
        "http://myapp-blue-service/");
    assertThat(
            cluster
                .k(
                    "exec",
                    "deployment/myapp-blue",
                    "--",
                    "busybox",
                    "wget",
                    "-qO-",
                    "http://myapp-blue-service/")
                .strip())
        .isEqualTo("myapp v1.0");
  }
}
