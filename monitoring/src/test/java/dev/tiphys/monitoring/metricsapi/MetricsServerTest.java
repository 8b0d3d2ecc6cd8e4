package dev.tiphys.monitoring.metricsapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.monitoring.TestProxy;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/// The server behind TLS, asked as API servers ask it.
@TestInstance(Lifecycle.PER_CLASS)
class MetricsServerTest {

  private static final String BASE = "/apis/metrics.k8s.io/v1beta1";
  private static final long LOOK = 10_000; // milliseconds between what two pages tell of

  private final World world = new RealWorld();
  private final TestProxy servers = new TestProxy(world);
  private final AtomicLong looks = new AtomicLong();
  private ApiServer cluster;
  private MetricsServer server;
  private InetSocketAddress address;
  private HttpClient proxy;

  @BeforeAll
  void start() throws Exception {
    cluster =
        new ApiServer(
            EmbeddedStore.inMemory(world),
            world,
            ApiServerSettings.standard().withoutPlugins("ServiceAccount"));
    cluster.defaults(new ApiServerAddress("192.0.2.200", 6443, "10.96.0.1")).ensure();
    Api api = cluster.api("tester");
    node(api, "a", 10250);
    node(api, "silent", 10250);
    node(api, "simulated", 0);
    pod(api, "web", "web", "Running");
    pod(api, "other", "other", "Running");
    pod(api, "over", "web", "Succeeded");
    server =
        new MetricsServer(
            world,
            cluster.api("metrics-server"),
            this::page,
            servers.clients(),
            Duration.ofMillis(5));
    server.secure(servers.server());
    address = server.start(new InetSocketAddress("127.0.0.1", 0));
    proxy = servers.client();
    while (get(proxy, "/pods", "").body().length < 500) {
      Thread.onSpinWait(); // until the second page was read
    }
  }

  @AfterAll
  void stop() {
    server.close();
    cluster.close();
  }

  private static void node(Api api, String name, int port) {
    Struct node = Yaml.struct("{apiVersion: v1, kind: Node, metadata: {name: %s}}".formatted(name));
    api.create(ApiResource.NODES, node);
    api.update(
        ApiResource.NODES,
        api.get(ApiResource.NODES, "", name)
            .withAt((long) port, "status", "daemonEndpoints", "kubeletEndpoint", "Port"),
        "status");
  }

  private static void pod(Api api, String name, String app, String phase) {
    api.create(
        ApiResource.PODS,
        Yaml.struct(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: %s, namespace: default, labels: {app: %s}}
            spec: {containers: [{name: c, image: i}]}
            """
                .formatted(name, app)));
    api.update(
        ApiResource.PODS,
        api.get(ApiResource.PODS, "default", name).withAt(phase, "status", "phase"),
        "status");
  }

  /// With each look, a container has used 2.5 seconds more, and the node 5 in ten.
  private String page(Struct node) {
    if (!Meta.of(node).name().equals("a")) {
      throw ApiException.of(Reason.SERVICE_UNAVAILABLE, "no answer");
    }
    long look = looks.incrementAndGet();
    StringBuilder page = new StringBuilder();
    for (String pod : List.of("web", "other", "over", "unknown")) {
      page.append(
          """
          container_cpu_usage_seconds_total{container="c",namespace="default",pod="%1$s"} %2$s %3$d
          container_memory_working_set_bytes{container="c",namespace="default",pod="%1$s"} 3145728 %3$d
          """
              .formatted(pod, look * 2.5, look * LOOK));
    }
    return page
        + "node_cpu_usage_seconds_total %s %d\n".formatted(look * 5.0, look * LOOK)
        + "node_memory_working_set_bytes 1073741824\n";
  }

  private HttpResponse<byte[]> get(HttpClient client, String path, String accept) throws Exception {
    return ask(client, "GET", BASE + path, accept);
  }

  private HttpResponse<byte[]> ask(HttpClient client, String method, String path, String accept)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + address.getPort() + path))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (!accept.isEmpty()) {
      request.header("Accept", accept);
    }
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  private Struct answer(String path) throws Exception {
    HttpResponse<byte[]> answer = get(proxy, path, "");
    assertThat(answer.statusCode()).isEqualTo(200);
    return Json.struct(answer.body());
  }

  private Struct refusal(int status, String method, String path) throws Exception {
    HttpResponse<byte[]> answer = ask(proxy, method, path, "");
    assertThat(answer.statusCode()).isEqualTo(status);
    return Json.struct(answer.body());
  }

  private static List<String> names(Struct list) {
    return list.structs("items").stream().map(each -> Meta.of(each).name()).toList();
  }

  @Test
  void aPodUsesWhatItsContainersUse() throws Exception {
    Struct pod = answer("/namespaces/default/pods/web");

    assertThat(pod.string("kind")).isEqualTo("PodMetrics");
    assertThat(Meta.of(pod).label("app")).isEqualTo("web");
    assertThat(pod.string("window")).isEqualTo("10s");
    assertThat(pod.string("timestamp")).matches("1970-01-01T.*Z");
    assertThat(pod.structs("containers"))
        .containsExactly(
            Struct.of("name", "c", "usage", Struct.of("cpu", "250m", "memory", "3Mi")));
  }

  @Test
  void onlyWhatRunsAndIsKnownIsListed() throws Exception {
    assertThat(names(answer("/pods"))).containsExactly("other", "web");
    assertThat(answer("/pods").string("kind")).isEqualTo("PodMetricsList");
    assertThat(names(answer("/namespaces/none/pods"))).isEmpty();
    assertThat(names(answer("/nodes"))).containsExactly("a");
  }

  @Test
  void selectorsChoose() throws Exception {
    assertThat(names(answer("/pods?labelSelector=app%3Dweb"))).containsExactly("web");
    assertThat(names(answer("/pods?fieldSelector=metadata.name%3Dother"))).containsExactly("other");
    assertThat(refusal(400, "GET", BASE + "/pods?labelSelector=a%20b%20c").string("reason"))
        .isEqualTo("BadRequest");
  }

  @Test
  void aNodeUsesWhatItsAgentTells() throws Exception {
    Struct node = answer("/nodes/a");

    assertThat(node.struct("usage")).isEqualTo(Struct.of("cpu", "500m", "memory", "1Gi"));
    assertThat(Meta.of(node).namespace()).isEmpty();
  }

  @Test
  void kubectlGetsTables() throws Exception {
    Struct table =
        Json.struct(
            get(proxy, "/nodes", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json")
                .body());

    assertThat(table.structs("columnDefinitions").stream().map(each -> each.string("name")))
        .containsExactly("Name", "cpu", "memory", "Window");
    assertThat(table.structs("rows").getFirst().list("cells"))
        .isEqualTo(List.of("a", "500m", "1Gi", "10s"));
  }

  @Test
  void whatIsServedIsTold() throws Exception {
    assertThat(answer("").structs("resources").stream().map(each -> each.string("kind")))
        .containsExactly("NodeMetrics", "PodMetrics");
    Struct groups = Json.struct(ask(proxy, "GET", "/apis", "").body());
    assertThat(groups.structs("groups").getFirst().string("name")).isEqualTo("metrics.k8s.io");
  }

  @Test
  void whatIsNotThereIsSaidAsUpstreamDoes() throws Exception {
    assertThat(refusal(404, "GET", BASE + "/namespaces/default/pods/none").string("message"))
        .isEqualTo("podmetrics.metrics.k8s.io \"default/none\" not found");
    assertThat(refusal(404, "GET", BASE + "/nodes/silent").string("message"))
        .isEqualTo("nodemetrics.metrics.k8s.io \"silent\" not found");
    assertThat(refusal(404, "GET", BASE + "/services").string("message"))
        .isEqualTo("the server could not find the requested resource");
    assertThat(refusal(404, "GET", "/api/v1/pods").string("reason")).isEqualTo("NotFound");
    assertThat(refusal(405, "DELETE", BASE + "/nodes/a").string("reason"))
        .isEqualTo("MethodNotAllowed");
  }

  @Test
  void onlyApiServersAreAnswered() throws Exception {
    for (HttpClient client : List.of(servers.client("another"), servers.stranger())) {
      HttpResponse<byte[]> answer = get(client, "/pods", "");
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(Json.struct(answer.body()).string("reason")).isEqualTo("Unauthorized");
    }
  }
}
