package dev.tiphys.delivery.measuring.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.outbound.HttpTransport;
import dev.tiphys.client.outbound.ServiceAddresses;
import dev.tiphys.controllers.TestCluster;
import dev.tiphys.delivery.condition.ConditionException;
import dev.tiphys.delivery.measuring.Measurement;
import dev.tiphys.delivery.measuring.MeasuringException;
import dev.tiphys.delivery.measuring.Metric;
import dev.tiphys.delivery.measuring.Provider;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Providers that ask a server, which answers what the test says.
class HttpProvidersTest {

  private TestCluster cluster;
  private Informer services;
  private HttpServer server;
  private final CountDownLatch over = new CountDownLatch(1);

  private volatile int status = 200;
  private volatile String answer = "{}";

  private volatile String asked = "";
  private volatile String body = "";
  private volatile String headers = "";

  @BeforeEach
  void start() throws IOException {
    cluster = new TestCluster(1);
    services = new Informer(cluster.world, cluster.api, ApiResource.SERVICES).start();
    cluster.settle();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(command -> Thread.ofVirtual().start(command));
    server.start();
  }

  @AfterEach
  void close() {
    over.countDown();
    server.stop(0);
    services.close();
    cluster.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    StringBuilder all = new StringBuilder();
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> all.append(name).append('=').append(values.getFirst()).append('\n'));
    headers = all.toString();
    switch (exchange.getRequestURI().getPath()) {
      case "/loop" -> exchange.getResponseHeaders().add("Location", "/loop");
      case "/moved" -> exchange.getResponseHeaders().add("Location", "/there");
      case "/slow" -> {
        try {
          over.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      default -> {}
    }
    boolean moved = exchange.getResponseHeaders().containsKey("Location");
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(moved ? 302 : status, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      long times = exchange.getRequestURI().getPath().equals("/endless") ? 100_000 : 1;
      for (long i = 0; i < times; i++) {
        out.write(bytes);
      }
    }
  }

  private String base() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private HttpTransport transport() {
    return new HttpTransport(new ServiceAddresses(services));
  }

  private Measurement measure(Provider provider, String metric) throws InterruptedException {
    Struct spec = Yaml.struct("{name: m, " + metric.replace("BASE", base()) + "}");
    return provider.begin(Struct.EMPTY, new Metric(spec));
  }

  private Measurement web(String metric) throws InterruptedException {
    return measure(new WebProvider(cluster.world, transport()), metric);
  }

  private Measurement prometheus(String metric) throws InterruptedException {
    return measure(new PrometheusProvider(cluster.world, transport()), metric);
  }

  private static void fails(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            MeasuringException.class, e -> assertThat(e.message()).contains(message));
  }

  private static String shown(Measurement measurement) {
    return measurement.phase().text() + " " + measurement.value();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"data\":{\"ok\":true}} | {$.data.ok} | result | Successful true",
        "{\"data\":{\"ok\":false}} | {$.data.ok} | result | Failed false",
        "{\"data\":{\"ok\":true}} | {.data.ok} | result | Successful true",
        "{\"rate\":0.25} | {$.rate} | result < 0.5 | Successful 0.25",
        "{\"items\":[{\"n\":1},{\"n\":2}]} | {$.items[1].n} | result == 2 | Successful 2",
        "[1,2] |  | result[1] == 2 | Successful [1,2]",
        "all is well |  | result contains 'well' | Successful all is well",
      })
  void anAnswerIsJudged(String answer, String path, String condition, String shown)
      throws InterruptedException {
    this.answer = answer;
    String given = path == null ? "" : ", jsonPath: '" + path + "'";
    assertThat(
            shown(
                web(
                    "successCondition: \"%s\", provider: {web: {url: BASE/a%s}}"
                        .formatted(condition, given))))
        .isEqualTo(shown);
    assertThat(asked).isEqualTo("GET /a");
  }

  @Test
  void aRequestIsSentAsItIsWritten() throws InterruptedException {
    web(
        "provider: {web: {method: POST, url: 'BASE/b?c=1', headers: [{key: X-Key, value: v}], jsonBody: {a: [1]}}}");
    assertThat(asked).isEqualTo("POST /b?c=1");
    assertThat(body).isEqualTo("{\"a\":[1]}");
    assertThat(headers).contains("X-key=v").contains("Content-type=application/json");
    web("provider: {web: {method: PUT, url: BASE/b, body: text}}");
    assertThat(asked + " " + body).isEqualTo("PUT /b text");
  }

  @Test
  void whatIsNoMeasurementIsAnError() {
    fails(
        () -> web("provider: {web: {url: BASE, body: x}}"),
        "Body/JSONBody can only be used with POST or PUT WebMetric Method types");
    fails(
        () -> web("provider: {web: {method: POST, url: BASE, body: x, jsonBody: {}}}"),
        "use either Body or JSONBody");
    fails(() -> web("provider: {web: {url: nowhere}}"), "not a URL: \"nowhere\"");
    fails(() -> web("provider: {web: {url: BASE, jsonPath: '{$.none}'}}"), "produced no value");
    fails(() -> web("provider: {web: {url: BASE, jsonPath: '{$[}'}}"), "not a JSONPath");
    fails(
        () -> web("provider: {web: {url: 'http://127.0.0.1:1/x'}}"),
        "Get \"http://127.0.0.1:1/x\": ");
    status = 503;
    fails(() -> web("provider: {web: {url: BASE}}"), "received non 2xx response code: 503");
    status = 200;
    assertThatThrownBy(() -> web("successCondition: result.a.b > 1, provider: {web: {url: BASE}}"))
        .isInstanceOfSatisfying(
            ConditionException.class,
            e ->
                assertThat(e.message())
                    .isEqualTo(
                        "could not evaluate successCondition \"result.a.b > 1\": cannot fetch b from"
                            + " nil"));
  }

  @Test
  void answersAreBounded() throws InterruptedException {
    fails(
        () -> web("provider: {web: {url: BASE/slow, timeoutSeconds: 1}}"),
        "no answer within 1 seconds");
    answer = "0123456789".repeat(100);
    fails(() -> web("provider: {web: {url: BASE/endless}}"), "Get \"");
    answer = "true";
    fails(() -> web("provider: {web: {url: BASE/loop}}"), "302");
    assertThat(shown(web("provider: {web: {url: BASE/moved}}"))).isEqualTo("Successful true");
  }

  @Test
  void aServiceIsReachedWhereItIs() throws InterruptedException {
    cluster.create(
        ApiResource.SERVICES,
        """
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: default}
        spec: {clusterIP: 10.96.0.77, ports: [{port: 80}]}
        """);
    cluster.settle();
    ServiceAddresses addresses = new ServiceAddresses(services);
    for (String host :
        new String[] {"web.default", "web.default.svc", "web.default.svc.cluster.local"}) {
      assertThat(addresses.of(URI.create("http://" + host + ":8080/a%20b?c=d")))
          .hasToString("http://10.96.0.77:8080/a%20b?c=d");
    }
    for (String host : new String[] {"web", "other.default", "web.default.com", "10.0.0.1"}) {
      URI uri = URI.create("http://" + host + "/");
      assertThat(addresses.of(uri)).isEqualTo(uri);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "scalar | [1, \"0.5\"] | result < 1 | Successful 0.5",
        "vector | [{\"metric\":{},\"value\":[1,\"0.5\"]},{\"metric\":{},\"value\":[1,\"2\"]}] | result[0] < 1 | Successful [0.5,2]",
        "vector | [{\"metric\":{},\"value\":[1,\"NaN\"]}] | isNaN(result[0]) | Successful [NaN]",
        "vector | [{\"metric\":{},\"value\":[1,\"+Inf\"]}] | isInf(result[0]) | Successful [+Inf]",
        "vector | [{\"metric\":{},\"value\":[1,\"NaN\"]}] | result[0] < 1 | Failed [NaN]",
        "vector | [] | len(result) == 0 | Successful []",
        "matrix | [{\"metric\":{},\"values\":[[1,\"1\"],[2,\"3\"]]},{\"metric\":{},\"values\":[[1,\"5\"]]}] | all(result, {# < 6}) | Successful [1,3,5]",
      })
  void aQueryIsJudged(String type, String result, String condition, String shown)
      throws InterruptedException {
    answer =
        "{\"status\":\"success\",\"data\":{\"resultType\":\"%s\",\"result\":%s}}"
            .formatted(type, result);
    assertThat(
            shown(
                prometheus(
                    "successCondition: \"%s\", provider: {prometheus: {address: BASE/p/, query: up}}"
                        .formatted(condition))))
        .isEqualTo(shown);
    assertThat(asked).isEqualTo("POST /p/api/v1/query");
    assertThat(body).startsWith("query=up&time=");
  }

  @Test
  void aQueryOfARangeHasBounds() throws InterruptedException {
    answer =
        "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[]},\"warnings\":[\"slow\"]}";
    Measurement taken =
        prometheus(
            "provider: {prometheus: {address: BASE, query: 'a{b=\"c\"}', rangeQuery: {start: \"now() - duration('1h')\", end: now(), step: 1m}}}");
    assertThat(asked).isEqualTo("POST /api/v1/query_range");
    long now = cluster.world.now().getEpochSecond();
    assertThat(URLDecoder.decode(body, StandardCharsets.UTF_8))
        .startsWith("query=a{b=\"c\"}&start=" + (now - 3600))
        .contains("&end=" + now)
        .endsWith("&step=60");
    assertThat(taken.metadata()).isEqualTo(Struct.of("warnings", "\"slow\""));
  }

  @Test
  void aQueryShowsWhoAsks() throws InterruptedException {
    answer = "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}";
    prometheus(
        "provider: {prometheus: {address: BASE, query: up, headers: [{key: X-Scope-OrgID, value: t}], authentication: {basicAuth: {username: u, password: p}}}}");
    assertThat(headers).contains("X-scope-orgid=t").contains("Authorization=Basic dTpw");
  }

  @Test
  void aQueryThatIsRefusedIsAnError() {
    fails(
        () -> prometheus("provider: {prometheus: {query: up}}"),
        "prometheus address is not configured");
    fails(
        () -> prometheus("provider: {prometheus: {address: here, query: up}}"),
        "prometheus address is not is url format");
    fails(
        () ->
            prometheus(
                "provider: {prometheus: {address: BASE, query: up, authentication: {basicAuth: {username: u}}}}"),
        "missing mandatory parameter in metric for basic auth setup: password");
    status = 400;
    answer = "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"parse error\"}";
    fails(
        () -> prometheus("provider: {prometheus: {address: BASE, query: up}}"),
        "bad_data: parse error");
    answer = "no";
    fails(
        () -> prometheus("provider: {prometheus: {address: BASE, query: up}}"),
        "server_error: server error: 400");
    status = 200;
    answer = "{\"status\":\"success\",\"data\":{\"resultType\":\"string\",\"result\":[1,\"a\"]}}";
    fails(
        () -> prometheus("provider: {prometheus: {address: BASE, query: up}}"),
        "Prometheus metric type not supported");
    fails(
        () ->
            prometheus(
                "provider: {prometheus: {address: BASE, query: up, rangeQuery: {start: '1', end: now(), step: 1m}}}"),
        "failed to parse rangeQuery.start as time: expected time.Time, but got int");
    assertThatThrownBy(
            () -> {
              answer =
                  "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}";
              prometheus(
                  "successCondition: 'result[0] < 1', provider: {prometheus: {address: BASE, query: up}}");
            })
        .isInstanceOfSatisfying(
            ConditionException.class,
            e -> assertThat(e.message()).contains("no data returned from the metric provider"));
  }
}
