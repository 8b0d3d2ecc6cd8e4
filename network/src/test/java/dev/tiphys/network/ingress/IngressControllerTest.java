package dev.tiphys.network.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.PatchType;
import dev.tiphys.http.TlsSettings;
import dev.tiphys.network.LiveApi;
import dev.tiphys.network.router.listeners.Edge;
import dev.tiphys.network.router.listeners.Places;
import dev.tiphys.network.router.proxy.HttpRouter;
import dev.tiphys.network.router.proxy.Observer;
import dev.tiphys.network.router.proxy.RouterSettings;
import dev.tiphys.object.Struct;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Pem;
import dev.tiphys.pki.Subject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Ingresses of a real API server, asked for over sockets.
class IngressControllerTest {

  private final LiveApi api = new LiveApi();
  private final Authority authority = Authority.found(api.world(), "test");
  private final List<HttpServer> servers = new ArrayList<>();
  private final HttpRouter router =
      new HttpRouter(api.world(), RouterSettings.usual(1), Observer.NONE);
  private final Edge edge =
      new Edge(
          api.world(),
          router,
          Places.fixed(List.of(InetAddress.getLoopbackAddress())),
          this::fallback,
          List.of());
  private IngressSettings settings;
  private IngressController controller;
  private InetSocketAddress address;

  @BeforeEach
  void start() throws IOException {
    settings = new IngressSettings(freePort(), freePort());
    address = new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.http());
    // the API takes no endpoints on the loopback
    controller =
        new IngressController(
            api.world(),
            api.api(),
            edge,
            settings,
            (_, port) -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    controller.start();
    api.apply(
        ApiResource.INGRESS_CLASSES,
        """
        metadata: {name: nginx, labels: {app.kubernetes.io/part-of: tiphys}}
        spec: {controller: k8s.io/ingress-nginx}
        """);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private TlsSettings fallback() {
    Credential own = authority.issue(Subject.server("default", List.of()), Duration.ofHours(1));
    return new TlsSettings(own.key(), own.chain(), List.of());
  }

  @AfterEach
  void stop() {
    controller.close();
    edge.close();
    router.close();
    servers.forEach(each -> each.stop(0));
    api.close();
  }

  /// A Service with one endpoint, which answers with its name and the path it was asked for.
  private void service(String name) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          byte[] text = (name + " " + exchange.getRequestURI()).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, text.length);
          exchange.getResponseBody().write(text);
          exchange.close();
        });
    server.start();
    servers.add(server);
    api.apply(
        ApiResource.SERVICES,
        "{metadata: {name: %s}, spec: {ports: [{name: web, port: 80}]}}".formatted(name));
    slice(name, server.getAddress().getPort(), true);
  }

  private void slice(String service, int port, boolean ready) {
    api.apply(
        ApiResource.ENDPOINT_SLICES,
        """
        metadata: {name: %1$s, labels: {kubernetes.io/service-name: %1$s}}
        addressType: IPv4
        ports: [{name: web, port: %2$d}]
        endpoints: [{addresses: [10.244.0.1], conditions: {ready: %3$s}}]
        """
            .formatted(service, port, ready));
  }

  private void ingress(String name, String annotations, String spec) {
    StringBuilder full = new StringBuilder();
    for (String each : annotations.isEmpty() ? new String[0] : annotations.split("\\|", -1)) {
      String[] parts = each.split("=", 2);
      full.append("    nginx.ingress.kubernetes.io/%s: '%s'\n".formatted(parts[0], parts[1]));
    }
    api.apply(
        ApiResource.INGRESSES,
        "metadata:\n  name: %s\n  annotations:\n    by: test\n%sspec:\n  ingressClassName: nginx\n%s"
            .formatted(name, full, spec.indent(2)));
  }

  private static String rule(String host, String... paths) {
    StringBuilder rule = new StringBuilder("rules:\n- ");
    rule.append(host.isEmpty() ? "" : "host: '" + host + "'\n  ").append("http:\n    paths:\n");
    for (String path : paths) {
      String[] parts = path.split(" ");
      rule.append(
          "    - {pathType: %s, path: '%s', backend: {service: {name: %s, port: {number: 80}}}}\n"
              .formatted(parts[0], parts[1], parts[2]));
    }
    return rule.toString();
  }

  /// The status of a response, the location if there is one, and its content if it is not a page of
  /// the proxy's own.
  private String get(String host, String target, String... headers) throws IOException {
    if (edge.addresses(settings.http()).isEmpty()) {
      return "closed";
    }
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      socket.setSoTimeout(20_000);
      String more = Stream.of(headers).map(each -> each + "\r\n").reduce("", String::concat);
      socket
          .getOutputStream()
          .write(
              "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n%s\r\n"
                  .formatted(target, host, more)
                  .getBytes(StandardCharsets.UTF_8));
      String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      String head = all.split("\r\n\r\n", 2)[0];
      String content = all.split("\r\n\r\n", 2)[1];
      String status = head.split(" ", 3)[1];
      for (String line : head.split("\r\n")) {
        if (line.startsWith("location: ")) {
          return status + " " + line.substring(10);
        }
      }
      return content.startsWith("<html>") ? status : status + " " + content;
    }
  }

  private void comes(String expected, String host, String target, String... headers)
      throws Exception {
    api.eventually(() -> get(host, target, headers).equals(expected));
  }

  @Test
  void pathsAreFoundByTheirTypes() throws Exception {
    service("one");
    service("other");
    ingress(
        "paths",
        "",
        rule(
            "a.example.com",
            "Exact /foo one",
            "Prefix /foo/ one",
            "Prefix / other",
            "ImplementationSpecific /chars one"));
    comes("200 one /foo", "a.example.com", "/foo");
    assertThat(get("a.example.com", "/foo/")).isEqualTo("200 one /foo/");
    assertThat(get("A.Example.com:80", "/foo/bar?q")).isEqualTo("200 one /foo/bar?q");
    assertThat(get("a.example.com", "/foobar")).isEqualTo("200 other /foobar");
    assertThat(get("a.example.com", "/charset")).isEqualTo("200 one /charset");
    assertThat(get("b.example.com", "/")).isEqualTo("404");
  }

  @Test
  void aWildcardStandsForOneLabelAndARuleWithoutHostForAll() throws Exception {
    service("one");
    service("other");
    ingress("wildcard", "", rule("*.example.com", "Prefix / one"));
    ingress("any", "", rule("", "Prefix /any other"));
    comes("200 one /", "a.example.com", "/");
    comes("200 other /any", "x", "/any");
    assertThat(get("a.b.example.com", "/any")).isEqualTo("200 other /any");
    assertThat(get("a.b.example.com", "/")).isEqualTo("404");
  }

  @Test
  void onlyIngressesOfTheClassAreServed() throws Exception {
    service("one");
    api.apply(ApiResource.INGRESS_CLASSES, "{metadata: {name: theirs}, spec: {controller: x/y}}");
    ingress("own", "", rule("own", "Prefix / one"));
    api.apply(
        ApiResource.INGRESSES,
        "metadata: {name: theirs}\nspec:\n  ingressClassName: theirs\n"
            + rule("theirs", "Prefix / one").indent(2));
    api.apply(
        ApiResource.INGRESSES,
        "metadata: {name: old, annotations: {kubernetes.io/ingress.class: nginx}}\nspec:\n"
            + rule("old", "Prefix / one").indent(2));
    comes("200 one /", "own", "/");
    comes("200 one /", "old", "/");
    assertThat(get("theirs", "/")).isEqualTo("404");
  }

  @ParameterizedTest
  @CsvSource({
    "/something, 200 one /",
    "/something/, 200 one /",
    "/something/new?a=b, 200 one /new?a=b",
    "/SOMETHING/new, 200 one /new",
    "/somethingelse, 404",
  })
  void aPathIsRewritten(String target, String expected) throws Exception {
    service("one");
    ingress(
        "rewrite",
        "use-regex=true|rewrite-target=/$2",
        rule("a", "ImplementationSpecific /something(/|$)(.*) one"));
    comes("200 one /", "a", "/something");
    assertThat(get("a", target)).isEqualTo(expected);
  }

  /// kubernetes/ingress-nginx#8425 and #7586.
  @Test
  void aRewriteMakesExpressionsOfAllPathsOfItsHostAndOfNoOther() throws Exception {
    service("one");
    service("other");
    ingress("rewrite", "rewrite-target=/x", rule("a", "ImplementationSpecific /long/[a-z]+ one"));
    ingress("plain", "", rule("a", "Exact /ba other"));
    ingress("elsewhere", "", rule("b", "Exact /ba other"));
    comes("200 one /x", "a", "/long/path");
    comes("200 other /ba", "b", "/ba");
    comes("200 other /banana", "a", "/banana");
    assertThat(get("a", "/BA")).isEqualTo("200 other /BA");
    assertThat(get("b", "/banana")).isEqualTo("404");
    assertThat(get("b", "/BA")).isEqualTo("404");
  }

  /// kubernetes/ingress-nginx#4686: header before cookie before weight.
  @Test
  void aCanaryIsChosenByHeaderThenCookieThenWeight() throws Exception {
    service("main");
    service("canary");
    ingress("main", "", rule("a", "Prefix / main"));
    ingress(
        "canary",
        "canary=true|canary-by-header=X-Canary|canary-by-cookie=canary|canary-weight=0",
        rule("a", "Prefix / canary"));
    comes("200 canary /", "a", "/", "X-Canary: always");
    String[][] rows = {
      {"main", "X-Canary: never"},
      {"main", "X-Canary: other"},
      {"canary", "X-Canary: other", "Cookie: canary=always"},
      {"canary", "X-Canary: always", "Cookie: canary=never"},
      {"main", "X-Canary: never", "Cookie: canary=always"},
      {"main", "Cookie: canary=never"},
      {"main"},
    };
    for (String[] row : rows) {
      String[] headers = List.of(row).subList(1, row.length).toArray(String[]::new);
      assertThat(get("a", "/", headers)).as("%s", List.of(row)).isEqualTo("200 " + row[0] + " /");
    }
    ingress(
        "canary",
        "canary=true|canary-by-header=X-Canary|canary-by-header-value=yes|canary-weight=100",
        rule("a", "Prefix / canary"));
    comes("200 canary /", "a", "/");
    ingress(
        "canary",
        "canary=true|canary-by-header=X-Canary|canary-by-header-value=yes",
        rule("a", "Prefix / canary"));
    comes("200 main /", "a", "/", "X-Canary: always");
    assertThat(get("a", "/", "X-Canary: yes")).isEqualTo("200 canary /");
    ingress(
        "canary",
        "canary=true|canary-by-header=X-Canary|canary-by-header-pattern=^v[0-9]",
        rule("a", "Prefix / canary"));
    comes("200 canary /", "a", "/", "X-Canary: v2-beta");
    assertThat(get("a", "/", "X-Canary: beta")).isEqualTo("200 main /");
  }

  @Test
  void aCanaryWithoutAPartnerIsNotServed() throws Exception {
    service("canary");
    ingress("canary", "canary=true|canary-weight=100", rule("a", "Prefix / canary"));
    ingress("marker", "", rule("b", "Prefix / canary"));
    comes("200 canary /", "b", "/");
    assertThat(get("a", "/")).isEqualTo("404");
  }

  @Test
  void theOlderOfTwoCounts() throws Exception {
    service("one");
    service("other");
    ingress("z", "", rule("a", "Prefix / one"));
    comes("200 one /", "a", "/");
    api.world().sleep(Duration.ofMillis(1100)); // times of creation are in seconds
    ingress("a", "", rule("a", "Prefix / other", "Prefix /new other"));
    comes("200 other /new", "a", "/new");
    assertThat(get("a", "/")).isEqualTo("200 one /");
    api.delete(ApiResource.INGRESSES, "z");
    comes("200 other /", "a", "/");
  }

  @Test
  void aJsonPatchMovesTraffic() throws Exception {
    service("blue");
    service("green");
    ingress("app", "", rule("a", "Prefix / blue"));
    comes("200 blue /", "a", "/");
    Struct patched =
        api.api()
            .patch(
                ApiResource.INGRESSES,
                "default",
                "app",
                "",
                PatchType.JSON,
                List.of(
                    Struct.of(
                        "op",
                        "replace",
                        "path",
                        "/spec/rules/0/http/paths/0/backend/service/name",
                        "value",
                        "green")));
    comes("200 green /", "a", "/");
    assertThat(edge.revisions(settings.http()))
        .isEqualTo(Map.of(IngressController.FEEDER, patched.string("metadata", "resourceVersion")));
  }

  @Test
  void withoutReadyEndpointsThereIsNoService() throws Exception {
    service("one");
    ingress("app", "", rule("a", "Prefix / one", "Prefix /missing missing"));
    comes("200 one /", "a", "/");
    assertThat(get("a", "/missing")).isEqualTo("503");
    int port = servers.getFirst().getAddress().getPort();
    slice("one", port, false);
    comes("503", "a", "/");
    slice("one", port, true);
    comes("200 one /", "a", "/");
  }

  @Test
  void aDefaultBackendTakesTheRest() throws Exception {
    service("one");
    service("rest");
    ingress(
        "app",
        "",
        "defaultBackend: {service: {name: rest, port: {name: web}}}\n"
            + rule("a", "Prefix /one one"));
    ingress("any", "", "defaultBackend: {service: {name: one, port: {name: web}}}\n");
    comes("200 rest /x", "a", "/x");
    comes("200 one /x", "elsewhere", "/x");
    assertThat(get("a", "/one")).isEqualTo("200 one /one");
  }

  @Test
  void redirectsAndTlsAreKept() throws Exception {
    service("one");
    Credential own = authority.issue(Subject.server("a", List.of("a")), Duration.ofHours(1));
    Base64.Encoder encoder = Base64.getEncoder();
    api.apply(
        ApiResource.SECRETS,
        "{metadata: {name: a}, type: kubernetes.io/tls, data: {tls.crt: %s, tls.key: %s}}"
            .formatted(
                encoder.encodeToString(Pem.of(own.chain()).getBytes(StandardCharsets.UTF_8)),
                encoder.encodeToString(Pem.of(own.key()).getBytes(StandardCharsets.UTF_8))));
    ingress("secured", "", "tls: [{hosts: [a], secretName: a}]\n" + rule("a", "Prefix / one"));
    ingress(
        "open",
        "ssl-redirect=false",
        "tls: [{hosts: [b], secretName: a}]\n" + rule("b", "Prefix / one"));
    ingress("moved", "permanent-redirect=https://c.example.com", rule("c", "Prefix / one"));
    ingress("for-now", "temporal-redirect=https://d.example.com", rule("d", "Prefix / one"));
    ingress("rooted", "app-root=/app", rule("e", "Prefix / one"));
    comes("308 https://a/x?y", "a", "/x?y");
    comes("200 one /", "b", "/");
    comes("301 https://c.example.com", "c", "/");
    comes("302 https://d.example.com", "d", "/");
    comes("302 /app", "e", "/");
    assertThat(get("e", "/app")).isEqualTo("200 one /app");
  }

  @Test
  void whatCannotBeKeptIsSaidInAnEvent() throws Exception {
    service("one");
    ingress(
        "app",
        "configuration-snippet=x|canary-weight=many|proxy-read-timeout=5",
        rule("a", "Prefix / one"));
    ingress("bad", "use-regex=true", rule("b", "ImplementationSpecific /(?=x) one"));
    comes("200 one /", "a", "/");
    comes("404", "b", "/");
    for (String expected :
        List.of(
            "Normal Sync Scheduled for sync",
            "Warning AnnotationParsingFailed annotation"
                + " nginx.ingress.kubernetes.io/configuration-snippet is not supported",
            "Warning AnnotationParsingFailed annotation"
                + " nginx.ingress.kubernetes.io/canary-weight contains invalid value \"many\"")) {
      api.eventually(() -> events().contains("app " + expected));
    }
    api.eventually(
        () -> events().stream().anyMatch(each -> each.contains("is no regular expression")));
    assertThat(events()).noneMatch(each -> each.contains("proxy-read-timeout"));
    ingress("another", "", rule("c", "Prefix / one"));
    comes("200 one /", "c", "/");
    api.eventually(() -> events().contains("another Normal Sync Scheduled for sync"));
    assertThat(
            api.api().list(ApiResource.EVENTS, "default", ListOptions.ALL).items().stream()
                .filter(each -> each.string("message").contains("is no regular expression"))
                .map(each -> each.integer("count")))
        .as("said once, although another table was made")
        .containsExactly(1L);
  }

  private List<String> events() {
    return api.api().list(ApiResource.EVENTS, "default", ListOptions.ALL).items().stream()
        .map(
            each ->
                each.string("involvedObject", "name")
                    + " "
                    + each.string("type")
                    + " "
                    + each.string("reason")
                    + " "
                    + each.string("message"))
        .toList();
  }
}
