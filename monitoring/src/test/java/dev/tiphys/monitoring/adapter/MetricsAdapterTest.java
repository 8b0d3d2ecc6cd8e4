package dev.tiphys.monitoring.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.monitoring.TestProxy;
import dev.tiphys.monitoring.query.PrometheusQueries;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/// The server behind TLS, asked as API servers ask it, with a Prometheus of the test's words.
@TestInstance(Lifecycle.PER_CLASS)
class MetricsAdapterTest {

  private static final String CUSTOM = "/apis/custom.metrics.k8s.io/v1beta2";
  private static final String EXTERNAL = "/apis/external.metrics.k8s.io/v1beta1";
  private static final String PODS = "/namespaces/default/pods/";

  private static final String CONFIGURATION =
      """
      rules:
      - seriesQuery: '{__name__=~"^http_.*",namespace!=""}'
        resources: {template: <<.Resource>>}
        name: {matches: "^(.*)_total$", as: "${1}_per_second"}
        metricsQuery: 'sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)'
      - {seriesQuery: broken}
      externalRules:
      - seriesQuery: 'queue_depth'
        resources: {namespaced: false}
        metricsQuery: 'sum(<<.Series>>{<<.LabelMatchers>>}) by (topic)'
      """
          .replace("${1}", "$1");

  private final World world = new RealWorld();
  private final TestProxy servers = new TestProxy(world);
  private final List<String> queries = new CopyOnWriteArrayList<>();
  private final Map<String, String> results = new ConcurrentHashMap<>();
  private ApiServer cluster;
  private MetricsAdapter adapter;
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
    api.create(
        ApiResource.NAMESPACES,
        Yaml.struct("{apiVersion: v1, kind: Namespace, metadata: {name: monitoring}}"));
    api.create(
        ApiResource.CONFIG_MAPS,
        Yaml.struct(
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: adapter-config, namespace: monitoring}}")
            .with("data", Struct.of("config.yaml", CONFIGURATION)));
    for (String name : List.of("one", "two")) {
      api.create(
          ApiResource.PODS,
          Yaml.struct(
              """
              apiVersion: v1
              kind: Pod
              metadata: {name: %s, namespace: default, labels: {app: web}}
              spec: {containers: [{name: c, image: i}]}
              """
                  .formatted(name)));
    }
    adapter =
        new MetricsAdapter(
            world,
            cluster.api("adapter"),
            new PrometheusQueries(this::prometheus),
            servers.clients());
    adapter.secure(servers.server());
    address = adapter.listen(new InetSocketAddress("127.0.0.1", 0));
    proxy = servers.client();
    while (json(CUSTOM).structs("resources").isEmpty()) {
      Thread.onSpinWait(); // until it was found which metrics there are
    }
  }

  @AfterAll
  void stop() {
    adapter.close();
    cluster.close();
  }

  /// Knows which series there are, and what the test says of expressions.
  private Struct prometheus(String path) {
    String asked = URLDecoder.decode(path, StandardCharsets.UTF_8);
    if (path.startsWith("/api/v1/series")) {
      return answer(
          asked.contains("queue_depth")
              ? "[{'__name__':'queue_depth','topic':'a'}]"
              : "[{'__name__':'http_requests_total','namespace':'default','pod':'one','service':'web'},"
                  + "{'__name__':'http_open','namespace':'default','pod':'one'}]");
    }
    String expression = asked.substring(asked.indexOf("query=") + 6);
    queries.add(expression);
    return answer(
        "{'resultType':'vector','result':[" + results.getOrDefault(expression, "") + "]}");
  }

  private static Struct answer(String data) {
    return Json.struct(
        ("{'status':'success','data':" + data + "}")
            .replace('\'', '"')
            .getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void metricsAreFoundByRules() throws Exception {
    assertThat(json(CUSTOM).structs("resources"))
        .extracting(resource -> resource.string("name") + " " + resource.get("namespaced"))
        .containsExactly(
            "pods/http_requests_per_second true",
            "services/http_requests_per_second true",
            "namespaces/http_requests_per_second false");
    assertThat(json(EXTERNAL).structs("resources"))
        .extracting(resource -> resource.string("name"))
        .containsExactly("queue_depth");
    assertThat(json("/apis").structs("groups"))
        .extracting(group -> group.string("name"))
        .containsExactly("custom.metrics.k8s.io", "external.metrics.k8s.io");
  }

  /// As autoscalers ask.
  @Test
  void theValuesOfPodsAreAskedForAtOnce() throws Exception {
    results.put(
        "sum(rate(http_requests_total{namespace=\"default\",pod=~\"one|two\"}[2m])) by (pod)",
        "{'metric':{'pod':'one'},'value':[1,'2.5']},{'metric':{'pod':'gone'},'value':[1,'1']}");

    Struct list = json(CUSTOM + PODS + "*/http_requests_per_second?labelSelector=app%3Dweb");

    assertThat(list.string("kind")).isEqualTo("MetricValueList");
    assertThat(list.structs("items")).hasSize(1);
    Struct item = list.structs("items").getFirst();
    assertThat(item.struct("describedObject"))
        .isEqualTo(Yaml.struct("{kind: Pod, namespace: default, name: one, apiVersion: /v1}"));
    assertThat(item.string("metric", "name")).isEqualTo("http_requests_per_second");
    assertThat(item.string("value")).isEqualTo("2500m");
  }

  @Test
  void selectorsOfSeriesGoIntoTheQuery() throws Exception {
    String expression =
        "sum(rate(http_requests_total{code=~\"200|204\",path!=\"\",namespace=\"default\",service=\"web\"}[2m]))"
            + " by (service)";
    results.put(expression, "{'metric':{'service':'web'},'value':[1,'7']}");

    Struct list =
        json(
            CUSTOM
                + "/namespaces/default/services/web/http_requests_per_second"
                + "?metricLabelSelector=code%20in%20%28200%2C204%29%2Cpath");

    assertThat(list.structs("items").getFirst().string("value")).isEqualTo("7");
    assertThat(list.structs("items").getFirst().structs("metric", "selector", "matchExpressions"))
        .hasSize(2);
  }

  @Test
  void aNamespaceHasMetricsOfItsOwn() throws Exception {
    results.put(
        "sum(rate(http_requests_total{namespace=\"default\"}[2m])) by (namespace)",
        "{'metric':{'namespace':'default'},'value':[1,'9']}");

    Struct list = json(CUSTOM + "/namespaces/default/metrics/http_requests_per_second");

    assertThat(list.structs("items").getFirst().string("describedObject", "kind"))
        .isEqualTo("Namespace");
    assertThat(list.structs("items").getFirst().string("value")).isEqualTo("9");
  }

  @Test
  void theOlderVersionNamesMetricsOtherwise() throws Exception {
    results.put(
        "sum(rate(http_requests_total{namespace=\"default\",pod=\"one\"}[2m])) by (pod)",
        "{'metric':{'pod':'one'},'value':[1,'NaN']}");

    Struct item =
        json("/apis/custom.metrics.k8s.io/v1beta1" + PODS + "one/http_requests_per_second")
            .structs("items")
            .getFirst();

    assertThat(item.string("metricName")).isEqualTo("http_requests_per_second");
    assertThat(item.string("value")).isEqualTo("0");
  }

  @Test
  void externalMetricsAreOfNoObject() throws Exception {
    results.put(
        "sum(queue_depth{topic=\"a\"}) by (topic)", "{'metric':{'topic':'a'},'value':[1,'12']}");

    Struct list = json(EXTERNAL + "/namespaces/default/queue_depth?labelSelector=topic%3Da");

    assertThat(list.string("kind")).isEqualTo("ExternalMetricValueList");
    Struct item = list.structs("items").getFirst();
    assertThat(item.struct("metricLabels")).isEqualTo(Struct.of("topic", "a"));
    assertThat(item.string("value")).isEqualTo("12");
  }

  @Test
  void whatIsNotThereIsSaidAsTheOriginalDoes() throws Exception {
    assertThat(refusal(404, CUSTOM + PODS + "*/none").string("message"))
        .isEqualTo("the server could not find the metric none for pods");
    assertThat(
            refusal(404, CUSTOM + "/namespaces/default/things.example.com/a/m").string("message"))
        .isEqualTo("the server could not find the metric m for things.example.com");
    assertThat(refusal(404, CUSTOM + PODS + "three/http_requests_per_second").string("message"))
        .isEqualTo("the server could not find the metric http_requests_per_second for pods three");
    assertThat(refusal(404, EXTERNAL + "/namespaces/default/none").string("message"))
        .isEqualTo("the server could not find the metric none for namespaces");
    assertThat(refusal(404, CUSTOM + "/pods").string("reason")).isEqualTo("NotFound");
    assertThat(refusal(400, CUSTOM + PODS + "*/m?labelSelector=a%20b").string("reason"))
        .isEqualTo("BadRequest");
    assertThat(
            refusal(500, CUSTOM + PODS + "*/http_requests_per_second?metricLabelSelector=a%3E1")
                .string("message"))
        .isEqualTo("Internal error occurred: unable to fetch metrics");
  }

  @Test
  void onlyApiServersAreAnswered() throws Exception {
    proxy = servers.stranger();
    try {
      assertThat(refusal(401, CUSTOM).string("reason")).isEqualTo("Unauthorized");
    } finally {
      proxy = servers.client();
    }
  }

  private Struct json(String path) throws Exception {
    return refusal(200, path);
  }

  private Struct refusal(int status, String path) throws Exception {
    HttpResponse<byte[]> answer =
        proxy.send(
            HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + address.getPort() + path))
                .build(),
            BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).isEqualTo(status);
    return Json.struct(answer.body());
  }
}
