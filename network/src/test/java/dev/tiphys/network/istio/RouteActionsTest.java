package dev.tiphys.network.istio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a route of a VirtualService does with requests and responses.
class RouteActionsTest {

  private IstioCluster cluster;

  @BeforeEach
  void start() throws Exception {
    cluster = new IstioCluster();
  }

  @AfterEach
  void stop() {
    cluster.close();
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
    var at = cluster.at(cluster.port());
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
}
