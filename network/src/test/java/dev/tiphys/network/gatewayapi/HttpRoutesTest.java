package dev.tiphys.network.gatewayapi;

import static dev.tiphys.network.gatewayapi.GatewayResources.HTTP_ROUTES;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What HTTPRoutes say, asked over sockets.
final class HttpRoutesTest {

  private GatewayCluster cluster;

  @BeforeEach
  void start() throws Exception {
    cluster = new GatewayCluster();
    cluster.gateway("gate");
    for (String name : new String[] {"a", "b", "c"}) {
      cluster.service(name);
    }
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void mostSpecificMatchIsTakenWhateverTheOrder() throws Exception {
    cluster.http(
        "wide",
        """
        parentRefs: [{name: gate}]
        rules:
        - {backendRefs: [{name: a, port: 80}]}
        - matches: [{path: {value: /foo}}]
          backendRefs: [{name: b, port: 80}]
        - matches: [{path: {type: Exact, value: /foo/exact}}]
          backendRefs: [{name: c, port: 80}]
        """);
    cluster.http(
        "narrow",
        """
        parentRefs: [{name: gate}]
        rules:
        - matches: [{path: {value: /foo}, method: POST}]
          backendRefs: [{name: c, port: 80}]
        - matches: [{path: {value: /foo}, headers: [{name: X-Version, value: two}]}]
          backendRefs: [{name: a, port: 80}]
        - matches: [{path: {value: /foo}, queryParams: [{name: q, value: x}]}]
          backendRefs: [{name: c, port: 80}]
        - matches: [{path: {type: RegularExpression, value: '/[0-9]+'}}]
          backendRefs: [{name: b, port: 80}]
        """);
    cluster.comes("200 c /foo?q=x", "h", "/foo?q=x");
    assertThat(cluster.get("h", "/")).isEqualTo("200 a /");
    assertThat(cluster.get("h", "/foobar")).as("by path element").isEqualTo("200 a /foobar");
    assertThat(cluster.get("h", "/foo/bar")).isEqualTo("200 b /foo/bar");
    assertThat(cluster.get("h", "/foo/exact")).isEqualTo("200 c /foo/exact");
    assertThat(cluster.get("h", "/foo", "x-version: two")).isEqualTo("200 a /foo");
    assertThat(cluster.get("h", "/foo?q=x", "x-version: two")).isEqualTo("200 a /foo?q=x");
    assertThat(cluster.ask(cluster.port(), "POST", "h", "/foo", "x-version: two"))
        .as("a method goes before headers")
        .isEqualTo("200 c /foo");
    assertThat(cluster.get("h", "/123")).isEqualTo("200 b /123");
    assertThat(cluster.get("h", "/123x")).isEqualTo("200 a /123x");
  }

  @Test
  void ofTwoWithTheSameMatchTheOlderIsTaken() throws Exception {
    String spec = "{parentRefs: [{name: gate}], rules: [{backendRefs: [{name: %s, port: 80}]}]}";
    cluster.http("zzz", spec.formatted("a"));
    cluster.comes("200 a /", "h", "/");
    cluster.live().eventually(() -> isLater("zzz"));
    cluster.http("aaa", spec.formatted("b"));
    cluster.becomes("True/Accepted", () -> cluster.parent(HTTP_ROUTES, "aaa", "Accepted"));
    assertThat(cluster.get("h", "/")).isEqualTo("200 a /");
    cluster.live().delete(HTTP_ROUTES, "zzz");
    cluster.comes("200 b /", "h", "/");
    cluster.live().eventually(() -> isLater("aaa"));
    cluster.http("zzz", spec.formatted("a"));
    cluster.becomes("True/Accepted", () -> cluster.parent(HTTP_ROUTES, "zzz", "Accepted"));
    assertThat(cluster.get("h", "/")).isEqualTo("200 b /");
  }

  /// Times of creation have whole seconds.
  private boolean isLater(String route) {
    String created =
        cluster
            .live()
            .api()
            .get(HTTP_ROUTES, "default", route)
            .string("metadata", "creationTimestamp");
    return cluster.live().world().now().minusSeconds(1).isAfter(Instant.parse(created));
  }

  @Test
  void hostnamesAreThoseThatListenerAndRouteShare() throws Exception {
    cluster.gateway(
        "hosts",
        "[{name: any, port: %1$d, protocol: HTTP}, {name: wild, port: %1$d, protocol: HTTP, hostname: '*.wild.com'}, {name: one, port: %1$d, protocol: HTTP, hostname: one.wild.com}]"
            .formatted(cluster.port()));
    cluster.http(
        "to-any",
        """
        parentRefs: [{name: hosts, sectionName: any}]
        hostnames: [x.org, '*.x.org', x.wild.com]
        rules: [{backendRefs: [{name: a, port: 80}]}]
        """);
    cluster.http(
        "to-wild",
        """
        parentRefs: [{name: hosts, sectionName: wild}]
        rules: [{matches: [{path: {value: /w}}], backendRefs: [{name: b, port: 80}]}]
        """);
    cluster.http(
        "to-nothing",
        """
        parentRefs: [{name: hosts, sectionName: one}]
        hostnames: [other.com]
        rules: [{backendRefs: [{name: c, port: 80}]}]
        """);
    cluster.comes("200 b /w", "a.b.wild.com", "/w");
    assertThat(cluster.get("x.org", "/")).isEqualTo("200 a /");
    assertThat(cluster.get("y.x.org:81", "/")).isEqualTo("200 a /");
    assertThat(cluster.get("other.com", "/")).isEqualTo("404");
    assertThat(cluster.get("x.wild.com", "/")).as("of a narrower listener").isEqualTo("404");
    assertThat(cluster.get("one.wild.com", "/w"))
        .as("of a listener without routes")
        .isEqualTo("404");
    cluster.becomes(
        "False/NoMatchingListenerHostname",
        () -> cluster.parent(HTTP_ROUTES, "to-nothing", "Accepted"));
  }

  @Test
  void filtersChangeWhatIsPassedOn() throws Exception {
    cluster.http(
        "filtered",
        """
        parentRefs: [{name: gate}]
        rules:
        - matches: [{path: {value: /headers}}]
          filters:
          - type: RequestHeaderModifier
            requestHeaderModifier: {set: [{name: X-Test-Set, value: s}], add: [{name: X-Test-Add, value: t}], remove: [X-Test-Gone]}
          - type: ResponseHeaderModifier
            responseHeaderModifier: {set: [{name: X-Answer, value: given}]}
          backendRefs:
          - name: a
            port: 80
            filters: [{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: X-Test-Own, value: o}]}}]
        - matches: [{path: {value: /old}}]
          filters: [{type: URLRewrite, urlRewrite: {hostname: new.host, path: {type: ReplacePrefixMatch, replacePrefixMatch: /new}}}]
          backendRefs: [{name: a, port: 80}]
        - matches: [{path: {value: /strip/}}]
          filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /}}}]
          backendRefs: [{name: a, port: 80}]
        - matches: [{path: {value: /full}}]
          filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplaceFullPath, replaceFullPath: /whole}}}]
          backendRefs: [{name: a, port: 80}]
        - matches: [{path: {value: /copied}}]
          filters: [{type: RequestMirror, requestMirror: {backendRef: {name: b, port: 80}}}, {type: RequestMirror, requestMirror: {backendRef: {name: c, port: 80}, percent: 0}}]
          backendRefs: [{name: a, port: 80}]
        - matches: [{path: {value: /unknown}}]
          filters: [{type: ExtensionRef, extensionRef: {group: g, kind: K, name: some}}]
          backendRefs: [{name: a, port: 80}]
        """);
    cluster.comes(
        "200 a /headers x-test-add=1,t x-test-own=o x-test-set=s X-Answer: given",
        "h",
        "/headers",
        "X-Test-Add: 1",
        "X-Test-Gone: 1",
        "X-Show: x-answer");
    assertThat(cluster.get("h", "/old/x?y=z", "X-Ask-Host: 1"))
        .isEqualTo("200 a /new/x?y=z host=new.host");
    assertThat(cluster.get("h", "/old")).isEqualTo("200 a /new");
    assertThat(cluster.get("h", "/strip/it")).isEqualTo("200 a /it");
    assertThat(cluster.get("h", "/strip")).isEqualTo("200 a /");
    assertThat(cluster.get("h", "/full/x?y")).isEqualTo("200 a /whole?y");
    assertThat(cluster.get("h", "/unknown")).isEqualTo("500");
    assertThat(cluster.get("h", "/copied")).isEqualTo("200 a /copied");
    cluster.live().eventually(() -> cluster.count("b") == 1);
    assertThat(cluster.count("c")).isZero();
    cluster.becomes(
        "True/UnsupportedValue", () -> cluster.parent(HTTP_ROUTES, "filtered", "PartiallyInvalid"));
  }

  @Test
  void redirectsNameNoPortThatIsTheUsualOne() throws Exception {
    String rule =
        """
        - matches: [{path: {value: %s}}]
          filters: [{type: RequestRedirect, requestRedirect: %s}]
        """;
    cluster.http(
        "moved",
        "parentRefs: [{name: gate}]\nrules:\n"
            + rule.formatted("/host", "{hostname: other.org}")
            + rule.formatted("/scheme", "{scheme: https, statusCode: 301}")
            + rule.formatted("/port", "{port: 8080, statusCode: 303}")
            + rule.formatted("/both", "{scheme: https, port: 443, statusCode: 307}")
            + rule.formatted("/usual", "{scheme: http, port: 80, statusCode: 308}")
            + rule.formatted(
                "/prefix", "{path: {type: ReplacePrefixMatch, replacePrefixMatch: /p}}")
            + rule.formatted(
                "/full", "{port: 81, path: {type: ReplaceFullPath, replaceFullPath: /f}}"));
    String own = ":" + cluster.port();
    cluster.comes("302 http://other.org" + own + "/host", "h" + own, "/host");
    assertThat(cluster.get("h" + own, "/scheme")).isEqualTo("301 https://h/scheme");
    assertThat(cluster.get("h" + own, "/port/x?q=1")).isEqualTo("303 http://h:8080/port/x?q=1");
    assertThat(cluster.get("h" + own, "/both")).isEqualTo("307 https://h/both");
    assertThat(cluster.get("h" + own, "/usual")).isEqualTo("308 http://h/usual");
    assertThat(cluster.get("h" + own, "/prefix/x")).isEqualTo("302 http://h" + own + "/p/x");
    assertThat(cluster.get("h" + own, "/full/x")).isEqualTo("302 http://h:81/f");
  }

  @Test
  void browsersAreToldWhatTheyMay() throws Exception {
    cluster.http(
        "cors",
        """
        parentRefs: [{name: gate}]
        rules:
        - filters:
          - type: CORS
            cors:
              allowOrigins: ['https://www.foo.com', 'https://*.bar.com']
              allowMethods: [GET, OPTIONS]
              allowHeaders: [x-one, x-two]
              allowCredentials: true
          backendRefs: [{name: a, port: 80}]
        """);
    String show = "X-Show: access-control-allow-";
    cluster.comes(
        "200 a / access-control-allow-credentials: true access-control-allow-origin: https://www.foo.com",
        "h",
        "/",
        "Origin: https://www.foo.com",
        show);
    String[] asked = {"Origin: https://a.b.bar.com", "Access-Control-Request-Method: GET", show};
    assertThat(cluster.ask(cluster.port(), "OPTIONS", "h", "/", asked))
        .isEqualTo(
            "204 access-control-allow-credentials: true access-control-allow-headers: x-one, x-two"
                + " access-control-allow-methods: GET, OPTIONS access-control-allow-origin: https://a.b.bar.com");
    asked[0] = "Origin: https://foobar.com";
    assertThat(cluster.ask(cluster.port(), "OPTIONS", "h", "/", asked)).isEqualTo("204");
    assertThat(cluster.get("h", "/", "Origin: https://foobar.com", show)).isEqualTo("200 a /");
  }

  @Test
  void weightsAreSharesAndWhatCannotBeReachedFailsItsShare() throws Exception {
    cluster.http(
        "weighted",
        """
        parentRefs: [{name: gate}]
        rules:
        - matches: [{path: {value: /split}}]
          backendRefs: [{name: a, port: 80, weight: 90}, {name: b, port: 80, weight: 10}, {name: c, port: 80, weight: 0}]
        - matches: [{path: {value: /zero}}]
          backendRefs: [{name: a, port: 80, weight: 0}]
        - matches: [{path: {value: /half}}]
          backendRefs: [{name: a, port: 80}, {name: missing, port: 80}]
        - matches: [{path: {value: /none}}]
        """);
    cluster.comes("500", "h", "/zero");
    assertThat(cluster.get("h", "/none")).isEqualTo("500");
    int before = cluster.count("a");
    for (int i = 0; i < 500; i++) {
      cluster.get("h", "/split");
    }
    assertThat(cluster.count("a") - before).isBetween(415, 485);
    assertThat(cluster.count("c")).isZero();
    int failed = 0;
    for (int i = 0; i < 200; i++) {
      failed += cluster.get("h", "/half").equals("500") ? 1 : 0;
    }
    assertThat(failed).isBetween(60, 140);
    cluster.becomes(
        "False/BackendNotFound", () -> cluster.parent(HTTP_ROUTES, "weighted", "ResolvedRefs"));
  }

  @Test
  void backendOfAnotherNamespaceNeedsAGrant() throws Exception {
    cluster.namespace("other", "{}");
    cluster.service("other", "far", cluster.pod("far"), "");
    cluster.http(
        "crossing",
        "{parentRefs: [{name: gate}], rules: [{backendRefs: [{name: far, namespace: other, port: 80}]}]}");
    cluster.comes("500", "h", "/");
    cluster.becomes(
        "False/RefNotPermitted", () -> cluster.parent(HTTP_ROUTES, "crossing", "ResolvedRefs"));
    String grant =
        "{metadata: {name: %s, namespace: other}, spec: {from: [{group: gateway.networking.k8s.io, kind: %s,"
            + " namespace: default}], to: [{group: '', kind: Service, name: %s}]}}";
    cluster
        .live()
        .apply(GatewayResources.REFERENCE_GRANTS, grant.formatted("kind", "GRPCRoute", "far"));
    cluster
        .live()
        .apply(GatewayResources.REFERENCE_GRANTS, grant.formatted("name", "HTTPRoute", "near"));
    cluster
        .live()
        .apply(GatewayResources.REFERENCE_GRANTS, grant.formatted("good", "HTTPRoute", "far"));
    cluster.comes("200 far /", "h", "/");
    cluster.becomes(
        "True/ResolvedRefs", () -> cluster.parent(HTTP_ROUTES, "crossing", "ResolvedRefs"));
    cluster.delete(GatewayResources.REFERENCE_GRANTS, "other", "good");
    cluster.comes("500", "h", "/");
  }

  @Test
  void gatewaysShareAPort() throws Exception {
    cluster.gateway("second");
    String spec =
        "{parentRefs: [%s], hostnames: [%s], rules: [{matches: [{path: {value: %s}}], backendRefs: [{name: %s, port: 80}]}]}";
    cluster.http("first", spec.formatted("{name: gate}", "x.org", "/", "a"));
    cluster.http("other", spec.formatted("{name: second}", "x.org", "/b", "b"));
    cluster.http("both", spec.formatted("{name: gate}, {name: second}", "y.org", "/", "c"));
    cluster.comes("200 b /b", "x.org", "/b");
    cluster.comes("200 c /", "y.org", "/");
    assertThat(cluster.get("x.org", "/")).isEqualTo("200 a /");
    cluster.becomes("True/Programmed", () -> cluster.gateway("second", "http", "Programmed"));
    cluster.delete(GatewayResources.GATEWAYS, "default", "gate");
    cluster.comes("404", "x.org", "/");
    assertThat(cluster.get("y.org", "/")).isEqualTo("200 c /");
  }

  @Test
  void timeoutsEndRequests() throws Exception {
    try (ServerSocket silent = new ServerSocket(0)) {
      cluster.service("default", "silent", silent.getLocalPort(), "");
      cluster.http(
          "timed",
          """
          parentRefs: [{name: gate}]
          rules:
          - {matches: [{path: {value: /whole}}], timeouts: {request: 200ms}, backendRefs: [{name: silent, port: 80}]}
          - {matches: [{path: {value: /each}}], timeouts: {backendRequest: 200ms}, backendRefs: [{name: silent, port: 80}]}
          """);
      cluster.comes("504", "h", "/whole");
      assertThat(cluster.get("h", "/each")).isEqualTo("504");
    }
  }

  @Test
  void endpointsAreFollowedWithoutANewTable() throws Exception {
    cluster.http(
        "moving", "{parentRefs: [{name: gate}], rules: [{backendRefs: [{name: a, port: 80}]}]}");
    cluster.comes("200 a /", "h", "/");
    cluster.service("default", "a", cluster.pod("a2"), "");
    cluster.comes("200 a2 /", "h", "/");
    cluster.delete(ApiResource.ENDPOINT_SLICES, "default", "a-a");
    cluster.comes("503", "h", "/");
  }

  @Test
  void requestsUnderWayAreNotLostWhenWeightsMove() throws Exception {
    cluster.http(
        "moved",
        "{parentRefs: [{name: gate}], rules: [{backendRefs: [{name: a, port: 80, weight: 100}, {name: b, port: 80, weight: 0}]}]}");
    cluster.comes("200 a /", "h", "/");
    for (int i = 0; i < 20; i++) {
      int weight = i % 2 == 0 ? 0 : 100;
      cluster.patch(
          HTTP_ROUTES,
          "moved",
          "{spec: {rules: [{backendRefs: [{name: a, port: 80, weight: %d}, {name: b, port: 80, weight: %d}]}]}}"
              .formatted(weight, 100 - weight));
      String expected = weight == 0 ? "200 b /" : "200 a /";
      cluster.live().eventually(() -> answered().equals(expected));
    }
  }

  private String answered() throws IOException {
    String answer = cluster.get("h", "/");
    assertThat(answer).startsWith("200 ");
    return answer;
  }

  @ParameterizedTest
  @CsvSource({
    "'', GET / HTTP/1.1",
    "kubernetes.io/h2c, PRI * HTTP/2.0",
    "kubernetes.io/ws, GET / HTTP/1.1"
  })
  void backendsAreSpokenToAsTheirPortsSay(String appProtocol, String first) throws Exception {
    try (ServerSocket server = new ServerSocket(0)) {
      CompletableFuture<String> line = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(
              () -> {
                try (Socket client = server.accept()) {
                  line.complete(
                      new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8))
                          .readLine());
                } catch (IOException e) {
                  line.completeExceptionally(e);
                }
              });
      cluster.service("default", "spoken", server.getLocalPort(), appProtocol);
      cluster.http(
          "r", "{parentRefs: [{name: gate}], rules: [{backendRefs: [{name: spoken, port: 80}]}]}");
      cluster.becomes("True/ResolvedRefs", () -> cluster.parent(HTTP_ROUTES, "r", "ResolvedRefs"));
      cluster.live().eventually(() -> line.isDone() || ask().isEmpty());
      assertThat(line.get()).isEqualTo(first);
    }
  }

  /// Asks and does not wait for an answer.
  private String ask() throws IOException {
    try (Socket socket = new Socket(GatewayCluster.LOOPBACK, cluster.port())) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(UTF_8));
      socket.setSoTimeout(300);
      return socket.getInputStream().read() < 0 ? "" : "answered";
    } catch (SocketTimeoutException e) {
      return "";
    }
  }
}
