package dev.tiphys.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.http.Body;
import dev.tiphys.http.Exchange;
import dev.tiphys.http.Header;
import dev.tiphys.http.Response;
import dev.tiphys.http.ResponseStream;
import dev.tiphys.http.TlsSettings;
import dev.tiphys.http.WebSocket;
import dev.tiphys.http.server.HttpServer;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Subject;
import dev.tiphys.world.TestPorts;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests that are passed on to Pods, Services and nodes.
class ProxyTest {

  private static final String CORE = "/api/v1/namespaces/default/";

  private final RunningServer server = new RunningServer();
  private final Wire wire = new Wire(server);
  private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();
  private final HttpServer plain = new HttpServer(RunningServer.WORLD, this::answer, 16 << 20);
  private final HttpServer secure = new HttpServer(RunningServer.WORLD, this::answer, 16 << 20);
  private final CountDownLatch go = new CountDownLatch(1);
  private final CountDownLatch left = new CountDownLatch(1);
  private final String address = ownAddress();
  private int port;
  private int securePort;

  ProxyTest() throws Exception {}

  /// What the backend was asked.
  private record Asked(String method, String target, Map<String, String> headers, String content) {}

  /// An address of this machine that is not its loopback, where nothing is proxied to.
  private static String ownAddress() throws Exception {
    // The machine's own interfaces come first: later ones may be those of containers that end.
    return NetworkInterface.networkInterfaces()
        .sorted(Comparator.comparingInt(NetworkInterface::getIndex))
        .flatMap(NetworkInterface::inetAddresses)
        .filter(each -> each.getAddress().length == 4)
        .filter(each -> !each.isLoopbackAddress() && !each.isLinkLocalAddress())
        .map(InetAddress::getHostAddress)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("this machine is in no network"));
  }

  private void answer(Exchange exchange) throws Exception {
    Map<String, String> headers = new TreeMap<>();
    exchange.headerNames().forEach(n -> headers.put(n, String.join("|", exchange.headers(n))));
    String target = exchange.path() + (exchange.query().isEmpty() ? "" : "?" + exchange.query());
    switch (exchange.path()) {
      case "/echo" -> {
        try (WebSocket socket = WebSocket.accept(exchange, "")) {
          socket.write(socket.read());
        }
        return;
      }
      case "/stream" -> {
        ResponseStream stream = exchange.stream(200, List.of(new Header("X-Own", "yes")));
        stream.onEnd(left::countDown);
        stream.write("first".getBytes(UTF_8));
        go.await();
        stream.write("second".getBytes(UTF_8));
        stream.close();
        return;
      }
      case "/early" -> {
        exchange.respond(Response.of(418, "text/plain", "no more".getBytes(UTF_8)));
        return;
      }
      default -> {}
    }
    String content = new String(exchange.content().readAllBytes(), UTF_8);
    asked.add(new Asked(exchange.method(), target, headers, content));
    exchange.respond(
        switch (exchange.path()) {
          case "/moved" -> reply(302, "", "Location", "/there/?x=1");
          case "/elsewhere" -> reply(302, "", "Location", "http://example.com/x");
          case "/self" -> reply(302, "", "Location", "http://" + address + ":" + port + "/there");
          case "/page" ->
              reply(
                  200,
                  "<!-- <a href='/c'> --><A HREF=\"/a\">x</a><img src=/i/ alt='/n'>"
                      + "<script>'<a href=\"/s\">'</script><a href='rel'><a href='//example.com/'>",
                  "Content-Type",
                  "text/html; charset=utf-8");
          case "/missing" -> reply(404, "none here", "X-Reason", "gone");
          case "/empty" -> reply(204, "");
          case "/cors" ->
              reply(
                  200, "x", "Access-Control-Allow-Origin", "*", "Keep-Alive", "1", "Etag", "\"t\"");
          default -> reply(200, exchange.method() + " " + target + " " + content);
        });
  }

  private static Response reply(int status, String text, String... headers) {
    List<Header> all = new java.util.ArrayList<>();
    for (int i = 0; i < headers.length; i += 2) {
      all.add(new Header(headers[i], headers[i + 1]));
    }
    return new Response(status, all, Body.of(text.getBytes(UTF_8)));
  }

  @BeforeEach
  void prepare() throws Exception {
    port = plain.listen(new InetSocketAddress(address, 0)).getPort();
    Credential own =
        Authority.found(RunningServer.WORLD, "pod")
            .issue(Subject.server("pod", List.of("10.0.0.1")), Duration.ofHours(1));
    secure.secure(new TlsSettings(own.key(), own.chain(), List.of()));
    securePort = secure.listen(new InetSocketAddress(address, 0)).getPort();
    pod("web", address, "'ports':[{'containerPort':" + port + "}],");
    wire.post(CORE + "services", service("web", "{'name':'http','port':80}"));
    slice("web", "'ready':true", "{'kind':'Pod','name':'web'}", "http", port);
    wire.post(
        "/api/v1/nodes",
        ("{'metadata':{'name':'node'},'status':{'addresses':[{'type':'InternalIP','address':'%s'}],"
                + "'daemonEndpoints':{'kubeletEndpoint':{'Port':%d}}}}")
            .formatted(address, securePort));
  }

  private void pod(String name, String ip, String more) throws Exception {
    wire.post(
        CORE + "pods",
        "{'metadata':{'name':'%s'},'spec':{'containers':[{'name':'main',%s'image':'x'}]}}"
            .formatted(name, more));
    if (!ip.isEmpty()) {
      wire.patch(
          "merge-patch",
          CORE + "pods/" + name + "/status",
          "{'status':{'phase':'Running','podIP':'%s','podIPs':[{'ip':'%s'}]}}".formatted(ip, ip));
    }
  }

  private static String service(String name, String ports) {
    return "{'metadata':{'name':'%s'},'spec':{'clusterIP':'None','ports':[%s]}}"
        .formatted(name, ports);
  }

  private void slice(String service, String conditions, String target, String name, int to)
      throws Exception {
    wire.post(
        "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
        ("{'metadata':{'generateName':'s-','labels':{'kubernetes.io/service-name':'%s'}},"
                + "'addressType':'IPv4','endpoints':[{'addresses':['%s'],'conditions':{%s},"
                + "'targetRef':%s}],'ports':[{'name':'%s','port':%d,'protocol':'TCP'}]}")
            .formatted(service, address, conditions, target, name, to));
  }

  @AfterEach
  void close() {
    go.countDown();
    server.close();
    plain.close();
    secure.close();
  }

  @ParameterizedTest
  @CsvSource({
    "pods/web/proxy/,/",
    "pods/web/proxy/a/b/?x=%2F&y,/a/b/?x=%2F&y",
    "pods/web/proxy//a/./b/../c,/a/c",
    "pods/web/proxy/a%20b%2Fc%3F+!,/a%20b/c%3F+%21",
    "pods/web:PORT/proxy/p,/p",
    "pods/http:web:PORT/proxy/p,/p",
    "pods/https:web:SECURE/proxy/p,/p",
    "services/web:http/proxy/p,/p",
    "services/web:80/proxy/p?q=1,/p?q=1",
    "services/http:web:http/proxy/p,/p",
  })
  void aRequestReachesWhatItsPathNames(String path, String target) throws Exception {
    Wire.Answer answer = wire.get(CORE + filled(path));

    assertThat(answer.code()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo("GET " + target + " ");
  }

  private String filled(String path) {
    return path.replace("PORT", Integer.toString(port))
        .replace("SECURE", Integer.toString(securePort));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"node", "node:SECURE", "https:node:SECURE", "node:PORT", "http:node:PORT"})
  void nodesAnswerByTheirAgentOrAtAnotherPort(String name) throws Exception {
    assertThat(wire.get("/api/v1/nodes/" + filled(name) + "/proxy/metrics").text())
        .isEqualTo("GET /metrics ");
  }

  @ParameterizedTest
  @EnumSource(
      value = HttpClient.Version.class,
      names = {"HTTP_1_1", "HTTP_2"})
  void everyMethodIsPassedOnWithItsContent(HttpClient.Version version) throws Exception {
    Wire each = new Wire(server, version);
    for (String method : List.of("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "GET")) {
      Wire.Answer answer =
          each.send(method, CORE + "pods/web/proxy/x", method.equals("GET") ? "" : "some");
      assertThat(answer.text()).isEqualTo(method + " /x " + (method.equals("GET") ? "" : "some"));
    }
    String large = "a".repeat(5 << 20); // more than the server takes for itself
    assertThat(each.send("POST", CORE + "pods/web/proxy/x", large).text()).endsWith("x " + large);

    Wire.Answer head = each.send("HEAD", CORE + "pods/web/proxy/missing", "");
    assertThat(head.code()).isEqualTo(404);
    assertThat(head.header("content-length")).isEqualTo("9");
    assertThat(each.get(CORE + "pods/web/proxy/empty").code()).isEqualTo(204);
  }

  @Test
  void methodsThatNobodyKnowsAreNotPassedOn() throws Exception {
    Wire.Answer answer = wire.send("LOCK", CORE + "pods/web/proxy/x", "");

    assertThat(answer.code()).isEqualTo(405);
    assertThat(asked).isEmpty();
  }

  @Test
  void headerFieldsAreThoseOfTheClientButForItsIdentity() throws Exception {
    wire.get(
        CORE + "pods/web/proxy/a/",
        "X-Own",
        "1",
        "X-Own",
        "2",
        "X-Forwarded-For",
        "1.2.3.4",
        "User-Agent",
        "me/1");

    Map<String, String> headers = asked.remove().headers();
    assertThat(headers)
        .containsEntry("x-own", "1|2")
        .containsEntry("user-agent", "me/1")
        .containsEntry("x-forwarded-for", "1.2.3.4, 127.0.0.1")
        .containsEntry("x-forwarded-uri", CORE + "pods/web/proxy/a/")
        .containsEntry("host", server.url().replace("https://", ""))
        .doesNotContainKeys("authorization", "content-length", "connection", "upgrade");
  }

  @Test
  void headerFieldsOfTheAnswerArePassedOn() throws Exception {
    Wire.Answer answer = wire.get(CORE + "pods/web/proxy/cors");

    assertThat(answer.header("etag")).isEqualTo("\"t\"");
    assertThat(answer.header("audit-id")).isNotEmpty();
    assertThat(answer.headers("access-control-allow-origin")).isEmpty();
    assertThat(answer.headers("keep-alive")).isEmpty();
    Wire.Answer missing = wire.get(CORE + "services/web:http/proxy/missing");
    assertThat(missing.code()).isEqualTo(404);
    assertThat(missing.text()).isEqualTo("none here");
    assertThat(missing.header("x-reason")).isEqualTo("gone");
    Wire.Answer old =
        new Wire(server, HttpClient.Version.HTTP_1_1).get(CORE + "pods/web/proxy/missing");
    assertThat(old.text()).isEqualTo("none here");
    assertThat(old.header("content-length")).isEqualTo("9");
    assertThat(old.headers("transfer-encoding")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/moved,PREFIX/there/?x=1",
    "/elsewhere,http://example.com/x",
    "/self,PREFIX/there",
    "'',PREFIX/",
    "'?a=b',PREFIX/?a=b",
  })
  void redirectsLeadThroughTheProxy(String path, String location) throws Exception {
    Wire.Answer answer = wire.get(CORE + "pods/web/proxy" + path);

    assertThat(answer.code()).isEqualTo(path.startsWith("/") ? 302 : 301);
    assertThat(answer.header("location"))
        .isEqualTo(location.replace("PREFIX", CORE + "pods/web/proxy"));
  }

  @Test
  void linksOfPagesLeadThroughTheProxy() throws Exception {
    String prefix = CORE + "pods/web/proxy";

    assertThat(wire.get(prefix + "/page").text())
        .isEqualTo(
            "<!-- <a href='/c'> --><A HREF=\"%s/a\">x</a><img src=%s/i/ alt='/n'>"
                    .formatted(prefix, prefix)
                + "<script>'<a href=\"/s\">'</script><a href='rel'><a href='//example.com/'>");
  }

  @Test
  void anAnswerIsPassedOnPieceByPiece() throws Exception {
    try (Wire.Frames frames = wire.watch(CORE + "pods/web/proxy/stream")) {
      InputStream body = frames.response().body();
      assertThat(new String(body.readNBytes(5), UTF_8)).isEqualTo("first");
      go.countDown();
      assertThat(new String(body.readAllBytes(), UTF_8)).isEqualTo("second");
      assertThat(frames.response().headers().firstValue("x-own")).contains("yes");
    }
  }

  @Test
  void aClientThatLeavesEndsTheRequest() throws Exception {
    try (Wire.Frames frames = wire.watch(CORE + "pods/web/proxy/stream")) {
      frames.response().body().readNBytes(5);
    }
    left.await();
  }

  @Test
  void anAnswerMayComeBeforeTheContentIsSent() throws Exception {
    Wire.Answer answer = wire.send("POST", CORE + "pods/web/proxy/early", "a".repeat(1000));

    assertThat(answer.code()).isEqualTo(418);
    assertThat(answer.text()).isEqualTo("no more");
  }

  @Test
  void upgradesArePassedOn() throws Exception {
    CompletableFuture<String> echoed = new CompletableFuture<>();
    Wire one = new Wire(server, HttpClient.Version.HTTP_1_1);
    java.net.http.WebSocket socket =
        one.socket(
            CORE + "services/web:http/proxy/echo",
            new java.net.http.WebSocket.Listener() {
              @Override
              public CompletionStage<?> onBinary(
                  java.net.http.WebSocket from, ByteBuffer data, boolean last) {
                echoed.complete(UTF_8.decode(data).toString());
                return null;
              }
            });
    socket.sendBinary(ByteBuffer.wrap("hello".getBytes(UTF_8)), true);

    assertThat(echoed.get()).isEqualTo("hello");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "/missing; 404; none here",
        "/x; 500; invalid upgrade response: status code 200",
      })
  void anUpgradeThatIsRefusedIsAnsweredAsByTheBackend(String path, int code, String text)
      throws Exception {
    String answer = upgradeAnswer(CORE + "pods/web/proxy" + path);

    assertThat(answer).startsWith("HTTP/1.1 " + code).contains(text);
  }

  private String upgradeAnswer(String path) throws Exception {
    try (var socket = Wire.connect(server)) {
      socket
          .getOutputStream()
          .write(
              ("GET "
                      + path
                      + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer master\r\n"
                      + "Connection: Upgrade, close\r\nUpgrade: SPDY/3.1\r\n\r\n")
                  .getBytes(UTF_8));
      socket.setSoTimeout(60_000);
      StringBuilder all = new StringBuilder();
      for (int c = socket.getInputStream().read(); c >= 0; c = socket.getInputStream().read()) {
        all.append((char) c);
        if (all.indexOf("\r\n\r\n") > 0
            && (all.indexOf("none here") > 0 || all.indexOf("\"code\"") > 0)) {
          break;
        }
      }
      return all.toString();
    }
  }

  @Test
  void whatCannotBeReachedIsToldInUpstreamsWords() throws Exception {
    int closed = TestPorts.free();
    pod("lost", address, "'ports':[{'containerPort':" + closed + "}],");
    Wire.Answer answer = wire.get(CORE + "pods/lost/proxy/");

    assertThat(answer.code()).isEqualTo(503);
    assertThat(answer.reason()).isEqualTo("ServiceUnavailable");
    assertThat(answer.message())
        .isEqualTo(
            "error trying to reach service: dial tcp %s:%d: connect: connection refused"
                .formatted(address, closed));
    assertThat(upgradeAnswer(CORE + "pods/lost/proxy/"))
        .startsWith("HTTP/1.1 500")
        .contains(
            "\"message\":\"error dialing backend: dial tcp %s:%d: connect: connection refused\""
                .formatted(address, closed));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "pods/a:b:c:d/proxy/; 400; invalid pod request \"a:b:c:d\"",
        "pods/ftp:web:80/proxy/; 400; invalid pod request \"ftp:web:80\"",
        "services/:80/proxy/; 400; invalid service request \":80\"",
        "pods/nope/proxy/; 404; pods \"nope\" not found",
        "services/nope/proxy/; 404; services \"nope\" not found",
        "pods/new/proxy/; 400; address not allowed",
        "pods/local/proxy/; 400; address not allowed",
        "pods/link/proxy/; 400; address not allowed",
        "pods/web:named/proxy/; 503; error trying to reach service: dial tcp: lookup tcp/named: unknown port",
        "services/web/proxy/; 503; no endpoints available for service \"web\"",
        "services/web:other/proxy/; 503; no endpoints available for service \"web:other\"",
        "services/web:81/proxy/; 503; no service port 81 found for service \"web\"",
        "services/idle:80/proxy/; 503; no endpoints available for service \"idle\"",
        "services/manual:80/proxy/; 503; no endpoints available for service \"manual:80\"",
        "services/late:80/proxy/; 503; no endpoints available for service \"late:80\"",
        "pods/web/proxy/?dryRun=All; 400; dryRun is not supported",
      })
  void whatHasNothingToAnswerIsRefused(String path, int code, String message) throws Exception {
    pod("new", "", "");
    pod("local", "127.0.0.1", "");
    pod("link", "169.254.1.1", "");
    for (String name : List.of("idle", "manual", "late")) {
      wire.post(CORE + "services", service(name, "{'port':80}"));
    }
    slice("manual", "'ready':true", "null", "", port);
    slice("late", "'ready':false", "{'kind':'Pod','name':'web'}", "", port);

    Wire.Answer answer = wire.get(CORE + path);

    assertThat(answer.message()).isEqualTo(message.startsWith("pods \"") ? message : message);
    assertThat(answer.code()).isEqualTo(code);
  }

  @Test
  void discoveryListsTheProxies() throws Exception {
    assertThat(wire.get("/api/v1").json().structs("resources"))
        .filteredOn(resource -> resource.string("name").endsWith("/proxy"))
        .extracting(
            resource -> resource.string("name"),
            resource -> resource.string("kind"),
            resource -> String.join(" ", resource.strings("verbs")))
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "nodes/proxy", "NodeProxyOptions", "create delete get patch update"),
            org.assertj.core.groups.Tuple.tuple(
                "pods/proxy", "PodProxyOptions", "create delete get patch update"),
            org.assertj.core.groups.Tuple.tuple(
                "services/proxy", "ServiceProxyOptions", "create delete get patch update"));
  }
}
