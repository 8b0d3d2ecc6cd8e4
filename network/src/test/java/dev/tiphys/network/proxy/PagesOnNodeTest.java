package dev.tiphys.network.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.network.LiveApi;
import dev.tiphys.network.PodHost;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.encoding.Yaml;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What the proxy tells load balancers, probes and Prometheus.
@Tag("node")
class PagesOnNodeTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private PodHost node;
  private LiveApi api;
  private Proxy proxy;

  @BeforeEach
  void start() throws Exception {
    node = new PodHost("node-1", 1);
    api = new LiveApi();
    api.apply(ApiResource.NODES, "metadata: {name: node-1}");
    proxy = new Proxy(api.world(), api.api(), ProxySettings.of(node.settings()));
    proxy.start();
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    api.close();
    node.close();
  }

  private static HttpResponse<String> ask(int port, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + port + path);
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
  }

  private void slice(String endpoints) throws Exception {
    Struct made =
        api.apply(
            ApiResource.ENDPOINT_SLICES,
            """
            metadata:
              name: web-1
              labels: {kubernetes.io/service-name: web}
              annotations: {endpoints.kubernetes.io/last-change-trigger-time: '%s'}
            addressType: IPv4
            ports: [{name: '', port: 8080, protocol: TCP}]
            endpoints: [%s]
            """
                .formatted(api.world().now(), endpoints));
    long revision = Long.parseLong(made.struct("metadata").string("resourceVersion"));
    api.eventually(() -> proxy.served() >= revision);
  }

  @Test
  void aHealthCheckPortTellsOfReadyEndpointsOfThisNode() throws Exception {
    Struct service =
        api.apply(
            ApiResource.SERVICES,
            """
            metadata: {name: web}
            spec: {type: LoadBalancer, externalTrafficPolicy: Local, ports: [{port: 80}]}
            """);
    int port = (int) service.struct("spec").integer("healthCheckNodePort");
    String here = "{addresses: ['10.244.1.%d'], nodeName: node-1, conditions: {%s}}";
    slice(here.formatted(2, "ready: true") + "," + here.formatted(3, "ready: true"));

    HttpResponse<String> answer = ask(port, "/anything");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().map())
        .containsEntry("x-load-balancing-endpoint-weight", List.of("2"))
        .containsEntry("x-content-type-options", List.of("nosniff"))
        .containsEntry("content-type", List.of("application/json"));
    assertThat(answer.body())
        .isEqualTo(
            "{\n\t\"service\": {\n\t\t\"namespace\": \"default\",\n\t\t\"name\": \"web\"\n\t},\n"
                + "\t\"localEndpoints\": 2,\n\t\"serviceProxyHealthy\": true\n}");

    slice(here.formatted(2, "ready: false, serving: true, terminating: true"));
    assertThat(ask(port, "/").statusCode()).isEqualTo(503);
    slice(here.formatted(2, "ready: true").replace("node-1", "node-2"));
    assertThat(ask(port, "/").statusCode()).isEqualTo(503);
    assertThat(ask(port, "/").body()).contains("\"localEndpoints\": 0");

    api.delete(ApiResource.SERVICES, "web");
    api.eventually(() -> isFree(port));
  }

  private static boolean isFree(int port) {
    try (ServerSocket _ = new ServerSocket(port)) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  @Test
  void probesSeeWhetherTheProxyKeepsUpAndTheNodeStays() throws Exception {
    int port = proxy.serve(ANY, ANY).getFirst().getPort();

    assertThat(ask(port, "/healthz").statusCode()).isEqualTo(200);
    assertThat(ask(port, "/healthz").body())
        .matches(
            "\\{\"lastUpdated\": \"[^\"]+\",\"currentTime\": \"[^\"]+\", \"nodeEligible\": true}");
    assertThat(ask(port, "/livez").body())
        .matches("\\{\"lastUpdated\": \"[^\"]+\",\"currentTime\": \"[^\"]+\"}");

    api.apply(
        ApiResource.NODES,
        """
        metadata: {name: node-1}
        spec: {taints: [{key: ToBeDeletedByClusterAutoscaler, effect: NoSchedule}]}
        """);
    api.eventually(() -> ask(port, "/healthz").statusCode() == 503);
    assertThat(ask(port, "/livez").statusCode()).isEqualTo(200);
    assertThat(ask(port, "/other").statusCode()).isEqualTo(404);
  }

  @Test
  void aTraceIsToldWhenChangesWereLive() throws Exception {
    int port = proxy.serve(ANY, ANY).getFirst().getPort();
    Instant before = api.world().now();
    Struct service =
        api.apply(ApiResource.SERVICES, "metadata: {name: web}\nspec: {ports: [{port: 80}]}");
    slice("{addresses: ['10.244.1.2'], conditions: {ready: true}}");
    String first = service.struct("metadata").string("resourceVersion");
    String page = "/live?services=" + first + "&slices=";
    long slices = proxy.served();

    Struct answer = Json.struct(ask(port, page + slices).body());
    assertThat(Timestamps.parse(answer.string("at"))).isBetween(before, api.world().now());
    assertThat(Timestamps.parse(answer.string("now"))).isBetween(before, api.world().now());
    assertThat(answer.bool("earlier")).isFalse();

    slice("{addresses: ['10.244.1.3'], conditions: {ready: true}}");
    assertThat(Json.struct(ask(port, page + slices).body()).string("at"))
        .as("it was live then, whatever came later")
        .isEqualTo(answer.string("at"));
    assertThat(Json.struct(ask(port, page + (proxy.served() + 1)).body()).has("at")).isFalse();
    assertThat(Json.struct(ask(port, "/live?services=0&slices=0").body()).bool("earlier")).isTrue();
    assertThat(ask(port, "/live?services=x").statusCode()).isEqualTo(400);
  }

  @Test
  void theLeaseOfAProxySaysWhereItTellsAndGoesWithItsNode() throws Exception {
    try (Proxy other = new Proxy(api.world(), api.api(), ProxySettings.of(node.settings()))) {
      int port = other.serve(ANY, ANY).getFirst().getPort();
      other.start();
      api.eventually(
          () ->
              lease() != null
                  && Meta.of(lease())
                      .annotation("tiphys.dev/health-port")
                      .equals(Integer.toString(port)));
    }
    assertThat(Meta.of(lease()).owners())
        .singleElement()
        .isEqualTo(
            Yaml.struct(
                "{apiVersion: v1, kind: Node, name: node-1, uid: '%s'}"
                    .formatted(Meta.of(api.api().get(ApiResource.NODES, "", "node-1")).uid())));
  }

  private Struct lease() {
    return api.api().find(ApiResource.LEASES, "tiphys-network", "tiphys-proxy-node-1");
  }

  @Test
  void metricsHaveUpstreamsNamesAndAFreePortIsFound() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port =
          proxy
              .serve(ANY, new InetSocketAddress("127.0.0.1", taken.getLocalPort()))
              .getLast()
              .getPort();
      api.apply(ApiResource.SERVICES, "metadata: {name: web}\nspec: {ports: [{port: 80}]}");
      slice("{addresses: ['10.244.1.2'], conditions: {ready: true}}");

      assertThat(ask(port, "/proxyMode").body()).isEqualTo("nftables");
      assertThat(ask(port, "/metrics").body())
          .contains(
              "# TYPE kubeproxy_sync_proxy_rules_duration_seconds histogram",
              "kubeproxy_network_programming_duration_seconds_count 1\n",
              "kubeproxy_sync_proxy_rules_last_timestamp_seconds 1",
              "kubeproxy_sync_proxy_rules_nftables_sync_failures_total 0\n",
              "# TYPE kubeproxy_proxy_healthz_total counter\n")
          .contains("kubeproxy_sync_proxy_rules_duration_seconds_bucket{le=\"0.001\"}");
    }
  }
}
