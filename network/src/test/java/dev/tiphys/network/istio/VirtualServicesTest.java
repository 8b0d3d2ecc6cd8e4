package dev.tiphys.network.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.network.Tables;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.world.TestPorts;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// VirtualServices of a real API server, asked for over sockets.
class VirtualServicesTest {

  private static final String HOST = "myapp.example.com";

  private IstioCluster cluster;

  @BeforeEach
  void start() throws Exception {
    cluster = new IstioCluster();
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private void blueAndGreen() throws Exception {
    cluster.service("myapp-blue-service");
    cluster.service("myapp-green-service");
    cluster
        .live()
        .api()
        .create(
            new ApiResource(
                GroupVersion.parse("networking.istio.io/v1beta1"),
                "virtualservices",
                "VirtualService",
                true),
            Yaml.struct(
                """
            apiVersion: networking.istio.io/v1beta1
            kind: VirtualService
            metadata:
              name: myapp
              namespace: default
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
                  weight: 100
                - destination:
                    host: myapp-green-service
                    port:
                      number: 80
                  weight: 0
            """));
    cluster.comes("200 myapp-blue-service /", HOST, "/");
  }

  private void weights(int blue, int green) throws Exception {
    Struct patched =
        cluster.patch(
            "myapp",
            """
            {"spec": {"http": [{"route": [
              {"destination": {"host": "myapp-blue-service"}, "weight": %d},
              {"destination": {"host": "myapp-green-service"}, "weight": %d}
            ]}]}}
            """
                .formatted(blue, green));
    Tables.awaitServed(
        cluster.live(), cluster.edge(), cluster.port(), VirtualServices.FEEDER, patched);
  }

  /// The four splits of the gradual migration lie within five standard deviations.
  @Test
  void weightsMoveByPatchesAndRequestsFollow() throws Exception {
    blueAndGreen();
    int requests = 1000;
    for (int green : List.of(0, 10, 50, 100)) {
      weights(100 - green, green);
      int got = 0;
      for (int i = 0; i < requests; i++) {
        got += cluster.get(HOST, "/").equals("200 myapp-green-service /") ? 1 : 0;
      }
      double expected = requests * green / 100.0;
      double most = 5 * Math.sqrt(expected * (100 - green) / 100);
      assertThat((double) got).isBetween(expected - most, expected + most);
    }
  }

  @Test
  void aMakerOfAnOlderVersionIsReadInTheNewOneWithColumns() throws Exception {
    blueAndGreen();
    Struct read = cluster.live().api().get(IstioResources.VIRTUAL_SERVICES, "default", "myapp");
    assertThat(read.string("apiVersion")).isEqualTo("networking.istio.io/v1");
    assertThat(read.structs("spec", "http").getFirst().structs("route")).hasSize(2);
  }

  @Test
  void aLoneDestinationGetsAllAndOneWithoutWeightBesideOthersNone() throws Exception {
    cluster.service("one");
    cluster.service("other");
    cluster.virtualService(
        "lone",
        """
        hosts: [lone.example.com]
        http: [{route: [{destination: {host: one}, weight: 0}]}]
        """);
    cluster.comes("200 one /", "lone.example.com", "/");
    cluster.virtualService(
        "absent",
        """
        hosts: [absent.example.com]
        http: [{route: [{destination: {host: one}, weight: 100}, {destination: {host: other}}]}]
        """);
    cluster.comes("200 one /", "absent.example.com", "/");
    for (int i = 0; i < 100; i++) {
      assertThat(cluster.get("absent.example.com", "/")).isEqualTo("200 one /");
    }
    cluster.virtualService(
        "thirds",
        """
        hosts: [thirds.example.com]
        http:
        - route:
          - {destination: {host: one}, weight: 2}
          - {destination: {host: other}, weight: 1}
        """);
    cluster.live().eventually(() -> cluster.get("thirds.example.com", "/").startsWith("200"));
    int got = 0;
    for (int i = 0; i < 900; i++) {
      got += cluster.get("thirds.example.com", "/").startsWith("200 one") ? 1 : 0;
    }
    assertThat(got).isBetween(530, 670);
  }

  /// Prefixes go by characters, and the list decides, not the length.
  @Test
  void theFirstRuleOfTheListWins() throws Exception {
    cluster.service("foo");
    cluster.service("foobar");
    String rule = "- {match: [{uri: {prefix: /%1$s}}], route: [{destination: {host: %1$s}}]}\n";
    cluster.virtualService(
        "order",
        "hosts: [a.example.com]\nhttp:\n" + rule.formatted("foo") + rule.formatted("foobar"));
    cluster.comes("200 foo /foobar/x", "a.example.com", "/foobar/x");
    cluster.virtualService(
        "order",
        "hosts: [a.example.com]\nhttp:\n" + rule.formatted("foobar") + rule.formatted("foo"));
    cluster.comes("200 foobar /foobar/x", "a.example.com", "/foobar/x");
    assertThat(cluster.get("a.example.com", "/food")).isEqualTo("200 foo /food");
    assertThat(cluster.get("a.example.com", "/bar")).isEqualTo("404");
  }

  private void matching(String entry) throws Exception {
    cluster.service("match");
    cluster.service("rest");
    cluster.virtualService(
        "matching",
        """
        hosts: [a.example.com]
        http:
        - {name: match, match: [%s], route: [{destination: {host: match}}]}
        - {name: rest, route: [{destination: {host: rest}}]}
        """
            .formatted(entry));
    cluster.live().eventually(() -> served().startsWith("200 "));
  }

  private String served() {
    return IstioCluster.refusedOr(() -> cluster.get("a.example.com", "/"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{uri: {exact: /a}} | /a | '' | match",
        "{uri: {exact: /a}} | /A | '' | rest",
        "{uri: {exact: /a}, ignoreUriCase: true} | /A | '' | match",
        "{uri: {prefix: /ab}, ignoreUriCase: true} | /ABc | '' | match",
        "{uri: {regex: '/a[0-9]+'}} | /a12 | '' | match",
        "{uri: {regex: '/a[0-9]+'}} | /a12b | '' | rest",
        "{uri: {exact: /a}} | /a?q=1 | '' | match",
        "{headers: {x-user: {exact: jason}}} | / | X-User: jason | match",
        "{headers: {x-user: {exact: jason}}} | / | X-User: jasons | rest",
        "{headers: {x-user: {}}} | / | X-User: any | match",
        "{headers: {x-user: {}}} | / | X-Other: any | rest",
        "{headers: {cookie: {regex: '^(.*?;)?(user=jason)(;.*)?$'}}} | / | Cookie: user=jason | match",
        "{uri: {prefix: /}, withoutHeaders: {x-user: {}}} | /n | X-User: a | rest",
        "{uri: {prefix: /n}, withoutHeaders: {x-user: {exact: b}}} | /n1 | X-User: a | match",
        "{queryParams: {v: {exact: '2'}}} | /?v=2 | '' | match",
        "{queryParams: {v: {exact: '2'}}} | /?v=3 | '' | rest",
        "{queryParams: {key: {exact: ''}}} | /?key= | '' | match",
        "{method: {exact: GET}, uri: {exact: /m}} | /m | '' | match",
        "{method: {regex: 'P[A-Z]+'}} | /m | '' | rest",
        "{scheme: {exact: https}} | / | '' | rest",
        "{authority: {exact: a.example.com}, uri: {exact: /x}} | /x | '' | match",
        "{authority: {prefix: b}} | / | '' | rest",
        "{port: 1} | / | '' | rest",
        "{sourceLabels: {app: none}} | / | '' | rest",
        "{gateways: [some/other]} | / | '' | rest"
      })
  void requestsMatchAsUpstreamSays(String entry, String target, String header, String expected)
      throws Exception {
    matching(entry);
    String[] headers = header.isEmpty() ? new String[0] : new String[] {header};
    assertThat(cluster.get("a.example.com", target, headers)).startsWith("200 " + expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{prefix: /api} | rewrite: {uri: /v/} | /api/x?q | /v//x?q",
        "{prefix: /api/} | rewrite: {uri: /} | /api/x | /x",
        "{exact: /api} | rewrite: {uri: /v2} | /api?q | /v2?q",
        "{prefix: /service} | rewrite: {uriRegexRewrite: {match: '^/service/([^/]+)(/.*)$', rewrite: '\\2/of/\\1'}} | /service/foo/v1 | /v1/of/foo"
      })
  void pathsAreRewritten(String uri, String rewrite, String target, String expected)
      throws Exception {
    cluster.service("one");
    cluster.virtualService(
        "rewriting",
        """
        hosts: [a.example.com]
        http:
        - {match: [{uri: %s}], %s, route: [{destination: {host: one}}]}
        """
            .formatted(uri, rewrite));
    cluster.comes("200 one " + expected, "a.example.com", target);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{uri: /new} | 301 http://a.example.com/new?q",
        "{authority: other.example.com} | 301 http://other.example.com/old/x?q",
        "{prefixRewrite: /new} | 301 http://a.example.com/new/x?q",
        "{scheme: https, redirectCode: 308} | 308 https://a.example.com/old/x?q",
        "{port: 8443, scheme: https} | 301 https://a.example.com:8443/old/x?q"
      })
  void clientsAreSentElsewhere(String redirect, String expected) throws Exception {
    cluster.virtualService(
        "elsewhere",
        """
        hosts: [a.example.com]
        http: [{match: [{uri: {prefix: /old}}], redirect: %s}]
        """
            .formatted(redirect));
    cluster.comes(expected, "a.example.com", "/old/x?q");
  }

  @Test
  void aResponseIsGivenDirectly() throws Exception {
    cluster.virtualService(
        "direct",
        """
        hosts: [a.example.com]
        http: [{directResponse: {status: 418, body: {string: 'no coffee'}}}]
        """);
    cluster.comes("418 no coffee", "a.example.com", "/");
  }

  @Test
  void aSlowDestinationIsNotWaitedForAndStatusesAreTriedAgainIfThatIsSaid() throws Exception {
    cluster.service("slow");
    cluster.service("failing");
    cluster.answer(
        "slow",
        (exchange, _) -> {
          pause(exchange.getRequestHeaders().getFirst("X-Pause"));
          return 200;
        });
    AtomicInteger asked = new AtomicInteger();
    cluster.answer("failing", (_, _) -> asked.incrementAndGet() % 3 == 0 ? 200 : 503);
    cluster.virtualService(
        "times",
        """
        hosts: [a.example.com]
        http:
        - {match: [{uri: {prefix: /slow}}], timeout: 300ms, retries: {attempts: 0}, route: [{destination: {host: slow}}]}
        - {match: [{uri: {prefix: /again}}], retries: {attempts: 2, retryOn: '503'}, route: [{destination: {host: failing}}]}
        - {match: [{uri: {prefix: /twice}}], retries: {attempts: 1, retryOn: 5xx}, route: [{destination: {host: failing}}]}
        - {route: [{destination: {host: failing}}]}
        """);
    cluster.comes("200 slow /slow", "a.example.com", "/slow");
    assertThat(cluster.get("a.example.com", "/slow", "X-Pause: 5"))
        .isEqualTo("504 upstream request timeout");
    assertThat(cluster.get("a.example.com", "/again")).isEqualTo("200 failing /again");
    assertThat(asked).hasValue(3);
    assertThat(cluster.get("a.example.com", "/twice")).isEqualTo("503 failing /twice");
    assertThat(asked).hasValue(5);
    asked.set(0);
    assertThat(cluster.get("a.example.com", "/")).as("by default").isEqualTo("503 failing /");
    assertThat(asked).hasValue(1);
  }

  private static void pause(String seconds) {
    if (seconds != null) {
      try {
        boolean _ = new java.util.concurrent.CountDownLatch(1).await(2, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void faultsAreInjectedAndCopiesSent() throws Exception {
    cluster.service("main");
    cluster.service("copy");
    BlockingQueue<String> copies = new LinkedBlockingQueue<>();
    cluster.answer(
        "copy",
        (exchange, _) -> {
          copies.add(exchange.getRequestHeaders().getFirst("Host") + exchange.getRequestURI());
          return 500;
        });
    cluster.virtualService(
        "faults",
        """
        hosts: [a.example.com]
        http:
        - match: [{uri: {prefix: /abort}}]
          fault: {abort: {httpStatus: 555, percentage: {value: 100}}}
          route: [{destination: {host: main}}]
        - match: [{uri: {prefix: /never}}]
          fault: {abort: {httpStatus: 555}}
          route: [{destination: {host: main}}]
        - route: [{destination: {host: main}}]
          mirror: {host: copy}
          mirrorPercentage: {value: 100}
        """);
    cluster.comes("200 main /never", "a.example.com", "/never");
    assertThat(cluster.get("a.example.com", "/abort")).isEqualTo("555 fault filter abort");
    assertThat(cluster.get("a.example.com", "/both")).isEqualTo("200 main /both");
    assertThat(copies.take()).isEqualTo("a.example.com-shadow/both");
  }

  @Test
  void headersAreChangedByTheRouteAndByTheDestination() throws Exception {
    cluster.service("one");
    cluster.virtualService(
        "headers",
        """
        hosts: [a.example.com]
        http:
        - headers: {request: {set: {x-test-a: route}, remove: [x-test-gone]}}
          route:
          - destination: {host: one}
            headers: {request: {add: {x-test-a: destination}}}
        """);
    cluster.comes("200 one / x-test-a=route,destination", "a.example.com", "/", "X-Test-Gone: 1");
  }

  private void subsets() throws Exception {
    cluster.service("shop", "shop-1", "{app: shop, version: v1}");
    cluster.pod("shop", "shop-2", "{app: shop, version: v2}");
    cluster.destinationRule(
        "shop",
        """
        host: shop
        subsets:
        - {name: v1, labels: {version: v1}}
        - {name: v2, labels: {version: v2}}
        - {name: v3, labels: {version: v3}}
        """);
  }

  private static String toSubset(String subset) {
    return """
    hosts: [shop]
    http: [{route: [{destination: {host: shop, subset: %s}}]}]
    """
        .formatted(subset);
  }

  @Test
  void callsToAServiceGoToTheSubsetThatItsRouteNames() throws Exception {
    subsets();
    cluster.virtualService("shop", toSubset("v2"));
    cluster.live().eventually(() -> cluster.redirected().size() == 1);
    for (String host :
        List.of("shop", "shop.default", "shop.default.svc", "SHOP.default.svc.cluster.local:80")) {
      for (int i = 0; i < 10; i++) {
        assertThat(cluster.call("shop", host, "/")).isEqualTo("200 shop-2 /");
      }
    }
    cluster.virtualService("shop", toSubset("v1"));
    cluster.live().eventually(() -> cluster.call("shop", "shop", "/").equals("200 shop-1 /"));
    assertThat(cluster.edge().addresses()).as("it is for calls between pods").isEmpty();
  }

  @Test
  void aSubsetWithoutEndpointsIsHeldWithACondition() throws Exception {
    subsets();
    cluster.virtualService("shop", toSubset("v1"));
    cluster.live().eventually(() -> cluster.redirected().size() == 1);
    cluster.virtualService("shop", toSubset("v3"));
    cluster.live().eventually(() -> cluster.condition("shop").string("reason").equals("Held"));
    assertThat(cluster.condition("shop").string("status")).isEqualTo("False");
    assertThat(cluster.condition("shop").string("message"))
        .contains("subset v3 of host shop has no endpoint that is ready");
    assertThat(cluster.call("shop", "shop", "/")).isEqualTo("200 shop-1 /");
    cluster.restart();
    cluster.live().eventually(() -> cluster.redirected().size() == 1);
    assertThat(cluster.call("shop", "shop", "/")).as("restarted").isEqualTo("200 shop-1 /");
    cluster.pod("shop", "shop-3", "{app: shop, version: v3}");
    cluster.live().eventually(() -> cluster.call("shop", "shop", "/").equals("200 shop-3 /"));
    cluster.live().eventually(() -> cluster.condition("shop").string("reason").equals("Served"));
    assertThat(
            cluster
                .live()
                .api()
                .get(IstioResources.VIRTUAL_SERVICES, "default", "shop")
                .struct("status")
                .has("servedSpec"))
        .isFalse();
    cluster.virtualService("shop", toSubset("v9"));
    cluster
        .live()
        .eventually(
            () ->
                cluster
                    .condition("shop")
                    .string("message")
                    .contains("no DestinationRule has subset v9 of host shop"));
    assertThat(cluster.call("shop", "shop", "/")).isEqualTo("200 shop-3 /");
  }

  @Test
  void anUnknownHostIsSaidInAConditionAndAnswered503() throws Exception {
    cluster.virtualService(
        "unknown", "hosts: [a.example.com]\nhttp: [{route: [{destination: {host: nowhere}}]}]");
    cluster.comes("503 no healthy upstream", "a.example.com", "/");
    cluster
        .live()
        .eventually(
            () ->
                cluster.condition("unknown").string("message").equals("host nowhere is not known"));
    cluster.service("nowhere");
    cluster.comes("200 nowhere /", "a.example.com", "/");
  }

  @Test
  void onlyGovernedServicesAreRedirectedAndOnlyForTheirNames() throws Exception {
    cluster.service("governed");
    cluster.service("free");
    cluster.virtualService(
        "governed",
        "hosts: [governed]\nhttp: [{match: [{uri: {prefix: /a}}], route: [{destination: {host: free}}]}]");
    cluster.live().eventually(() -> cluster.redirected().size() == 1);
    assertThat(cluster.call("governed", "governed", "/a")).isEqualTo("200 free /a");
    assertThat(cluster.call("governed", "governed", "/b")).isEqualTo("404");
    assertThat(cluster.call("governed", "other.example.com", "/b")).isEqualTo("200 governed /b");
    cluster.live().delete(IstioResources.VIRTUAL_SERVICES, "governed");
    cluster.live().eventually(() -> cluster.redirected().isEmpty());
  }

  @Test
  void oneWithGatewaysIsServedThereAndNotBetweenPods() throws Exception {
    cluster.service("one");
    int port = TestPorts.free();
    cluster
        .live()
        .apply(
            IstioResources.GATEWAYS,
            """
        metadata: {name: front}
        spec:
          selector: {istio: ingressgateway}
          servers:
          - {port: {number: %d, name: http, protocol: HTTP}, hosts: ['*.example.com']}
        """
                .formatted(port));
    cluster.virtualService(
        "one",
        """
        hosts: [one, a.example.com, b.elsewhere.com]
        gateways: [front]
        http: [{route: [{destination: {host: one}}]}]
        """);
    var at = new java.net.InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), port);
    cluster
        .live()
        .eventually(
            () ->
                IstioCluster.refusedOr(() -> cluster.ask(at, "GET", "a.example.com", "/"))
                    .equals("200 one /"));
    assertThat(cluster.ask(at, "GET", "b.elsewhere.com", "/")).startsWith("404");
    assertThat(cluster.redirected()).isEmpty();
  }

  @Test
  void aRouteMayBeLeftToAnotherVirtualService() throws Exception {
    cluster.service("one");
    cluster.service("other");
    cluster.virtualService(
        "inner",
        """
        http:
        - {match: [{uri: {prefix: /shop/cart}}], route: [{destination: {host: one}}]}
        - {match: [{uri: {prefix: /elsewhere}}], route: [{destination: {host: one}}]}
        - {route: [{destination: {host: other}}]}
        """);
    cluster.virtualService(
        "outer",
        """
        hosts: [a.example.com]
        http: [{match: [{uri: {prefix: /shop}}], delegate: {name: inner}}]
        """);
    cluster.comes("200 one /shop/cart/1", "a.example.com", "/shop/cart/1");
    assertThat(cluster.get("a.example.com", "/shop/x")).isEqualTo("200 other /shop/x");
    assertThat(cluster.get("a.example.com", "/elsewhere")).isEqualTo("404");
  }

  @Test
  void whileIstiodIsInstalledNothingIsServed() throws Exception {
    blueAndGreen();
    cluster
        .live()
        .apply(
            ApiResource.SERVICES,
            "{metadata: {name: istiod, labels: {app: istiod}}, spec: {ports: [{port: 15012}]}}");
    cluster.live().eventually(() -> cluster.edge().addresses().isEmpty());
    assertThat(cluster.virtualServices().yields()).isTrue();
    cluster.live().delete(ApiResource.SERVICES, "istiod");
    cluster.comes("200 myapp-blue-service /", HOST, "/");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OPTIONS | https://a.test | GET | 200 access-control-allow-origin: https://a.test",
        "OPTIONS | https://b.test | GET | 200 one /",
        "GET | https://a.test | '' | 200 one / access-control-allow-origin: https://a.test",
        "GET | https://b.test | '' | 200 one /"
      })
  void pagesOfOtherOriginsAreAnsweredByThePolicy(
      String method, String origin, String asks, String expected) throws Exception {
    cluster.service("one");
    cluster.virtualService(
        "cors",
        """
        hosts: [a.example.com]
        http:
        - route: [{destination: {host: one}}]
          corsPolicy: {allowOrigins: [{exact: 'https://a.test'}], allowMethods: [GET], maxAge: 1m}
        """);
    cluster.comes("200 one /", "a.example.com", "/");
    var at =
        new java.net.InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), cluster.port());
    String answer =
        cluster.ask(
            at,
            method,
            "a.example.com",
            "/",
            "Origin: " + origin,
            "X-Show: access-control-allow-origin",
            asks.isEmpty() ? "X-None: 1" : "Access-Control-Request-Method: " + asks);
    assertThat(answer).isEqualTo(expected);
  }

  /// Payments are not made twice: what the application answers by itself is passed on. A connection
  /// that can't be made is another matter, unless all tries are forbidden.
  @Test
  void byDefaultOnlyWhatReachedNoApplicationIsTriedAgain() throws Exception {
    cluster.service("paying");
    AtomicInteger payments = new AtomicInteger();
    cluster.answer(
        "paying",
        (_, _) -> {
          payments.incrementAndGet();
          return 503;
        });
    cluster.service("half");
    cluster.slice("half", "closed", TestPorts.free(), true);
    cluster.virtualService(
        "paying",
        """
        hosts: [a.example.com]
        http:
        - {match: [{uri: {exact: /never}}], retries: {attempts: 0}, route: [{destination: {host: half}}]}
        - {match: [{uri: {exact: /half}}], route: [{destination: {host: half}}]}
        - {match: [{uri: {exact: /pay}}], route: [{destination: {host: paying}}]}
        """);
    cluster.comes("404", "a.example.com", "/");
    var at =
        new java.net.InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), cluster.port());
    assertThat(cluster.ask(at, "POST", "a.example.com", "/pay")).startsWith("503 paying");
    assertThat(payments).hasValue(1);
    int failed = 0;
    for (int i = 0; i < 40; i++) {
      assertThat(cluster.ask(at, "POST", "a.example.com", "/half")).isEqualTo("200 half /half");
      failed += cluster.ask(at, "POST", "a.example.com", "/never").startsWith("503") ? 1 : 0;
    }
    assertThat(failed).isPositive();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "TO, timeout: 1us | must be a valid duration greater than 1ms",
        "redirect: {uri: /, derivePort: NO} | supported values: \"FROM_PROTOCOL_DEFAULT\", \"FROM_REQUEST_PORT\"",
        "TO, fault: {abort: {httpStatus: 500, grpcStatus: UNAVAILABLE}} | fault.abort",
        "TO, match: [{uri: {exact: a, prefix: b}}] | match[0].uri",
        "route: [{destination: {}}] | destination.host: Required value",
        "directResponse: {} | directResponse.status: Required value",
        "TO, corsPolicy: {unmatchedPreflights: MAYBE} | unmatchedPreflights: Unsupported value"
      })
  void theSchemaRefusesWhatUpstreamsDoes(String route, String expected) {
    assertThat(
            org.assertj.core.api.Assertions.catchThrowable(
                () ->
                    cluster.virtualService(
                        "bad",
                        "hosts: [a]\nhttp: [{%s}]"
                            .formatted(route.replace("TO", "route: [{destination: {host: a}}]")))))
        .hasMessageContaining(expected);
  }

  @Test
  void fieldsThatAreNotKnownAreDroppedAndThoseOfStatusKept() {
    Struct written =
        cluster.virtualService(
            "odd", "hosts: [a]\nodd: true\nhttp: [{route: [{destination: {host: a}, weight: 1}]}]");
    assertThat(written.struct("spec").has("odd")).isFalse();
    Struct updated =
        cluster
            .live()
            .api()
            .update(
                IstioResources.VIRTUAL_SERVICES,
                written.with("status", Struct.of("odd", "kept")),
                "status");
    assertThat(updated.string("status", "odd")).isEqualTo("kept");
  }

  /// A caller that the VirtualService is not exported to gets the Service as if there were none.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "exportTo: ['*'] | other",
        "exportTo: ['.'] | other",
        "exportTo: [default] | other",
        "exportTo: [elsewhere] | shop",
        "exportTo: [elsewhere, .] | other"
      })
  void exportsSayForWhichCallersAVirtualServiceIs(String exports, String expected)
      throws Exception {
    cluster.service("shop");
    cluster.service("other");
    Struct caller =
        cluster
            .live()
            .apply(
                ApiResource.PODS,
                """
                metadata: {name: caller}
                spec: {containers: [{name: app, image: app}]}
                status: {podIPs: [{ip: 127.0.0.1}]}
                """);
    assertThat(caller.string("metadata", "namespace")).isEqualTo("default");
    cluster.virtualService(
        "shop", "hosts: [shop]\nhttp:\n- route: [{destination: {host: other}}]\n" + exports);
    cluster.live().eventually(() -> !cluster.redirected().isEmpty());

    cluster
        .live()
        .eventually(() -> cluster.call("shop", "shop", "/").equals("200 " + expected + " /"));
  }

  @Test
  void aRuleThatIsNotExportedCountsInItsOwnNamespaceAlone() throws Exception {
    cluster.service("shop", "shop-1", "{version: one}");
    cluster.destinationRule(
        "shop", "host: shop\nexportTo: ['.']\nsubsets: [{name: one, labels: {version: one}}]");
    cluster.live().apply(ApiResource.NAMESPACES, "metadata: {name: elsewhere}");
    cluster
        .live()
        .apply(
            IstioResources.VIRTUAL_SERVICES,
            """
            metadata: {name: away, namespace: elsewhere}
            spec:
              hosts: [away.example.com]
              http: [{route: [{destination: {host: shop.default.svc.cluster.local, subset: one}}]}]
            """);
    cluster.virtualService(
        "here",
        "hosts: [here.example.com]\nhttp: [{route: [{destination: {host: shop, subset: one}}]}]");

    cluster.comes("200 shop-1 /", "here.example.com", "/");
    cluster.comes("503 no healthy upstream", "away.example.com", "/");
    cluster.destinationRule(
        "shop",
        "host: shop\nexportTo: ['.', elsewhere]\nsubsets: [{name: one, labels: {version: one}}]");
    cluster.comes("200 shop-1 /", "away.example.com", "/");
  }

  @Test
  void aFaultOfGrpcIsAnsweredInItsOwnWay() throws Exception {
    cluster.service("one");
    cluster.virtualService(
        "faults",
        """
        hosts: [a.example.com]
        http:
        - fault: {abort: {grpcStatus: RESOURCE_EXHAUSTED, percentage: {value: 100}}}
          route: [{destination: {host: one}}]
        """);
    cluster.comes("429 fault filter abort", "a.example.com", "/");

    assertThat(
            cluster.get(
                "a.example.com", "/", "Content-Type: application/grpc", "X-Show: grpc-status"))
        .isEqualTo("200 grpc-status: 8");
  }

  /// Changes of one VirtualService leave what was made of the others as it is, and are seen.
  @Test
  void aChangeOfOneOfManyIsServedAndTheOthersStay() throws Exception {
    cluster.service("one");
    cluster.service("two");
    for (int i = 0; i < 20; i++) {
      cluster.virtualService(
          "app-" + i,
          "hosts: [app-%d.example.com]\nhttp: [{route: [{destination: {host: one}}]}]"
              .formatted(i));
    }
    cluster.comes("200 one /", "app-19.example.com", "/");

    cluster.patch(
        "app-7", "{\"spec\": {\"http\": [{\"route\": [{\"destination\": {\"host\": \"two\"}}]}]}}");
    cluster.comes("200 two /", "app-7.example.com", "/");
    assertThat(cluster.get("app-8.example.com", "/")).isEqualTo("200 one /");

    cluster.patch("app-7", "{\"spec\": {\"hosts\": [\"moved.example.com\"]}}");
    cluster.comes("200 two /", "moved.example.com", "/");
    assertThat(cluster.get("app-7.example.com", "/")).startsWith("404");

    cluster.destinationRule("one", "host: one\nsubsets: [{name: v, labels: {app: one}}]");
    cluster.patch(
        "app-9",
        "{\"spec\": {\"http\": [{\"route\": [{\"destination\": {\"host\": \"one\", \"subset\":"
            + " \"v\"}}]}]}}");
    cluster.live().eventually(() -> cluster.get("app-9.example.com", "/").equals("200 one /"));
    for (int i = 10; i < 20; i++) {
      assertThat(cluster.get("app-%d.example.com".formatted(i), "/")).isEqualTo("200 one /");
    }
  }

  /// One request has the only connection, one waits for it, and a third is refused.
  @Test
  void requestsWaitForAConnectionUpToALimit() throws Exception {
    cluster.service("one");
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answered = new CountDownLatch(1);
    cluster.answer(
        "one",
        (request, number) -> {
          asked.countDown();
          try {
            answered.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return 200;
        });
    cluster.destinationRule(
        "one",
        "host: one\ntrafficPolicy: {connectionPool: {tcp: {maxConnections: 1}, http:"
            + " {http1MaxPendingRequests: 1}}}");
    cluster.virtualService(
        "one",
        "hosts: [a.example.com]\nhttp:\n- {match: [{uri: {exact: /ready}}], directResponse: {status:"
            + " 200, body: {string: ready}}}\n- {timeout: 20s, retries: {attempts: 0}, route: [{destination: {host: one}}]}");
    cluster.comes("200 ready", "a.example.com", "/ready");

    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> first = clients.submit(() -> cluster.get("a.example.com", "/1"));
      asked.await();
      List<Future<String>> more = new ArrayList<>();
      cluster
          .live()
          .eventually(
              () -> {
                more.add(clients.submit(() -> cluster.get("a.example.com", "/2")));
                return more.stream().anyMatch(Future::isDone);
              });
      assertThat(more.stream().filter(Future::isDone).map(Future::resultNow))
          .containsOnly("503 no healthy upstream");
      answered.countDown();
      assertThat(first.get()).isEqualTo("200 one /1");
      List<String> answers = new ArrayList<>();
      for (Future<String> each : more) {
        answers.add(each.get());
      }
      assertThat(answers).contains("200 one /2");
    }
  }
}
