package dev.tiphys.network.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tiphys.client.ApiResource;
import dev.tiphys.network.router.proxy.Observer;
import dev.tiphys.world.TestPorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which endpoint a request is passed on to, how often, and what else is sent where.
class IngressUpstreamTest extends ServedIngresses {

  /// Serves, and says at which port.
  private int server(Answering answering) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          int status = answering.status(exchange);
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
    servers.add(server);
    return server.getAddress().getPort();
  }

  private interface Answering {
    int status(HttpExchange exchange);
  }

  private void serviceAt(String name, int... ports) {
    api.apply(
        ApiResource.SERVICES,
        "{metadata: {name: %s}, spec: {ports: [{name: web, port: 80}]}}".formatted(name));
    for (int port : ports) {
      endpoint(name, port, true);
    }
  }

  private void endpoint(String service, int port, boolean ready) {
    api.apply(
        ApiResource.ENDPOINT_SLICES,
        """
        metadata: {name: %1$s-%2$d, labels: {kubernetes.io/service-name: %1$s}}
        addressType: IPv4
        ports: [{name: web, port: %2$d}]
        endpoints: [{addresses: [10.244.0.1], conditions: {ready: %3$s}}]
        """
            .formatted(service, port, ready));
  }

  private int[] servers(int count, Answering answering) throws IOException {
    int[] ports = new int[count];
    for (int i = 0; i < count; i++) {
      ports[i] = server(answering);
    }
    return ports;
  }

  @Test
  void aNameOutsideOfTheClusterIsLookedUp() throws Exception {
    int port = server(_ -> 204);
    api.apply(
        ApiResource.SERVICES,
        "{metadata: {name: away}, spec: {type: ExternalName, externalName: localhost, ports:"
            + " [{port: %d}]}}".formatted(port));
    ingress(
        "app",
        "",
        """
        rules:
        - host: a
          http:
            paths:
            - {pathType: Prefix, path: /, backend: {service: {name: away, port: {number: %d}}}}
        """
            .formatted(port));

    comes("204 ", "a", "/");
  }

  @Test
  void theAddressOfTheServiceIsUsedIfItIsSaid() throws Exception {
    service("one");
    ingress("app", "", rule("a", "Prefix / one"));
    comes("200 one /", "a", "/");
    String own = api.api().get(ApiResource.SERVICES, "default", "one").string("spec", "clusterIP");
    served.clear();

    ingress("app", "service-upstream=true|proxy-connect-timeout=1", rule("a", "Prefix / one"));

    api.eventually(
        () -> {
          get("a", "/");
          return served.stream().anyMatch(each -> each.endpoint().equals(own + ":80"));
        });
  }

  @Test
  void aCopyGoesElsewhereAndItsAnswerNowhere() throws Exception {
    service("one");
    Queue<String> copies = new ConcurrentLinkedQueue<>();
    serviceAt(
        "shadow",
        server(
            exchange -> {
              copies.add(
                  exchange.getRequestHeaders().getFirst("Host") + " " + exchange.getRequestURI());
              return 500;
            }));
    ingress(
        "app",
        "mirror-target=http://shadow.default.svc.cluster.local$request_uri",
        rule("a", "Prefix / one"));

    comes("200 one /x?y=1", "a", "/x?y=1");
    api.eventually(() -> copies.contains("a-shadow /x?y=1"));
  }

  @ParameterizedTest
  @CsvSource({
    "$arg_user, /?user=%d,",
    "$request_uri, /%d,",
    "$http_x_user, /, X-User: %d",
    "$cookie_user, /, Cookie: user=%d",
  })
  void requestsThatAreAlikeGoToOneEndpoint(String by, String target, String header)
      throws Exception {
    serviceAt("one", servers(4, _ -> 204));
    ingress("app", "upstream-hash-by=" + by, rule("a", "Prefix / one"));
    comes("204 ", "a", "/");
    api.eventually(() -> endpoints(20, target, header).size() > 1);

    for (int user = 0; user < 5; user++) {
      Set<String> seen = new HashSet<>();
      for (int i = 0; i < 5; i++) {
        seen.addAll(ask(target.formatted(user), header == null ? null : header.formatted(user)));
      }
      assertThat(seen).as(by + " of user " + user).hasSize(1);
    }
  }

  private Set<String> endpoints(int users, String target, String header) throws IOException {
    Set<String> seen = new HashSet<>();
    for (int user = 0; user < users; user++) {
      seen.addAll(ask(target.formatted(user), header == null ? null : header.formatted(user)));
    }
    return seen;
  }

  private Set<String> ask(String target, String header) throws IOException {
    served.clear();
    String answer = header == null ? get("a", target) : get("a", target, header);
    assertThat(answer).isEqualTo("204 ");
    return served.stream().map(Observer.Served::endpoint).collect(Collectors.toSet());
  }

  @Test
  void allRequestsOfAClientGoToOneEndpointByItsAddress() throws Exception {
    serviceAt("one", servers(4, _ -> 204));
    ingress("app", "upstream-hash-by=$remote_addr", rule("a", "Prefix / one"));
    comes("204 ", "a", "/");

    api.eventually(() -> endpoints(20, "/%d", null).size() == 1);
  }

  @ParameterizedTest
  @CsvSource({"round_robin", "ewma"})
  void allEndpointsGetRequestsWhicheverWayTheyAreBalanced(String how) throws Exception {
    serviceAt("one", servers(3, _ -> 204));
    ingress("app", "load-balance=" + how, rule("a", "Prefix / one"));
    comes("204 ", "a", "/");

    api.eventually(() -> endpoints(30, "/%d", null).size() == 3);
  }

  @Test
  void aRequestIsSentToTheNextEndpointIfOneIsNotThere() throws Exception {
    serviceAt("one", TestPorts.free(), server(_ -> 204));
    ingress("app", "", rule("a", "Prefix / one"));
    comes("204 ", "a", "/");

    for (int i = 0; i < 20; i++) {
      assertThat(get("a", "/")).isEqualTo("204 ");
    }
  }

  /// One try for each of as many endpoints as there are, at most three if nothing else is said.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # annotations | tries | status
          proxy-next-upstream=off | 1 | 503
          proxy-next-upstream=error timeout | 1 | 503
          proxy-next-upstream=error http_503 | 3 | 503
          proxy-next-upstream=http_503#proxy-next-upstream-tries=2 | 2 | 503
          proxy-next-upstream=http_503#proxy-next-upstream-tries=1 | 1 | 503
          """)
  void whatIsTriedAgainAndHowOftenIsSaid(String annotations, int tries, int status)
      throws Exception {
    serviceAt("one", servers(5, _ -> 503));
    ingress("app", annotations.replace('#', '|'), rule("a", "Prefix / one"));
    comes(status + " ", "a", "/");
    api.eventually(
        () -> {
          served.clear();
          get("a", "/");
          return served.stream().mapToInt(Observer.Served::tries).max().orElse(0) == tries;
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "proxy-redirect-from=http://inner/#proxy-redirect-to=https://a/x/ | https://a/x/y | none",
        "proxy-redirect-from=http://other/#proxy-redirect-to=/ | http://inner/y | none",
        "proxy-redirect-from=off | http://inner/y | none",
        "proxy-redirect-from=http://inner/$1#proxy-redirect-to=/ | http://inner/y | http://inner/$1 /",
        "proxy-redirect-from=http://inner/ | http://inner/y | http://inner/",
      })
  void clientsAreSentWhereTheyKnow(String annotations, String location, String invalid)
      throws Exception {
    serviceAt(
        "one",
        server(
            exchange -> {
              exchange.getResponseHeaders().add("Location", "http://inner/y");
              return 302;
            }));
    ingress("app", annotations.replace('#', '|'), rule("a", "Prefix / one"));

    api.eventually(
        () ->
            get("a", "/").startsWith("302")
                && field(head("a", "GET", "/"), "location").equals(location));
    if (invalid != null) {
      api.eventually(
          () -> events().stream().anyMatch(each -> each.contains("\"" + invalid + "\"")));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "proxy-cookie-domain=inner.local a.example.com | s=1; Domain=a.example.com; Path=/app/x; Secure",
        "proxy-cookie-domain=.INNER.local a.example.com | s=1; Domain=a.example.com; Path=/app/x; Secure",
        "proxy-cookie-domain=off | s=1; Domain=inner.local; Path=/app/x; Secure",
        "proxy-cookie-path=/app/ / | s=1; Domain=inner.local; Path=/x; Secure",
        "proxy-cookie-path=/other/ / | s=1; Domain=inner.local; Path=/app/x; Secure",
        "proxy-cookie-path=/app /b#proxy-cookie-domain=inner.local b | s=1; Domain=b; Path=/b/x; Secure",
      })
  void cookiesAreOfWhatClientsKnow(String annotations, String cookie) throws Exception {
    serviceAt(
        "one",
        server(
            exchange -> {
              exchange
                  .getResponseHeaders()
                  .add("Set-Cookie", "s=1; Domain=inner.local; Path=/app/x; Secure");
              return 204;
            }));
    ingress("app", annotations.replace('#', '|'), rule("a", "Prefix / one"));
    comes("204 ", "a", "/");

    assertThat(field(head("a", "GET", "/"), "set-cookie")).isEqualTo(cookie);
  }

  @Test
  void anIngressMayBeLeftOutOfTheAccessLog() throws Exception {
    service("one");
    ingress("app", "enable-access-log=false", rule("a", "Prefix / one"));
    ingress("other", "", rule("b", "Prefix / one"));
    comes("200 one /", "a", "/");
    comes("200 one /", "b", "/");

    assertThat(logged("a")).containsOnly(false);
    assertThat(logged("b")).containsOnly(true);
  }

  private List<Boolean> logged(String host) {
    return served.stream()
        .filter(each -> each.host().equals(host) && each.status() == 200)
        .map(Observer.Served::logged)
        .toList();
  }

  @Test
  void endpointsThatComeAndGoLoseNoRequest() throws Exception {
    int[] ports = servers(2, _ -> 204);
    serviceAt("one", ports);
    ingress("app", "", rule("a", "Prefix / one"));
    comes("204 ", "a", "/");

    for (int round : IntStream.range(0, 10).toArray()) {
      endpoint("one", ports[round % 2], false);
      for (int i = 0; i < 10; i++) {
        assertThat(get("a", "/")).isEqualTo("204 ");
      }
      endpoint("one", ports[round % 2], true);
    }
  }
}
