package dev.tiphys.network.ingress;

import com.sun.net.httpserver.HttpServer;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.http.TlsSettings;
import dev.tiphys.network.LiveApi;
import dev.tiphys.network.Reply;
import dev.tiphys.network.router.listeners.Edge;
import dev.tiphys.network.router.listeners.Places;
import dev.tiphys.network.router.proxy.HttpRouter;
import dev.tiphys.network.router.proxy.Observer;
import dev.tiphys.network.router.proxy.RouterSettings;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Subject;
import dev.tiphys.world.TestPorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// Ingresses of a real API server, asked for over sockets.
abstract class ServedIngresses {

  final LiveApi api = new LiveApi();
  final Authority authority = Authority.found(api.world(), "test");
  final List<HttpServer> servers = new ArrayList<>();
  final Queue<Observer.Served> served = new ConcurrentLinkedQueue<>();
  final HttpRouter router = new HttpRouter(api.world(), RouterSettings.usual(1), served::add);
  final Edge edge =
      new Edge(
          api.world(),
          router,
          Places.fixed(List.of(InetAddress.getLoopbackAddress())),
          this::fallback,
          List.of());
  IngressSettings settings;
  IngressController controller;
  InetSocketAddress address;

  @BeforeEach
  void start() throws IOException {
    settings = new IngressSettings(TestPorts.free(), TestPorts.free());
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
  void service(String name) throws IOException {
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

  void slice(String service, int port, boolean ready) {
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

  void ingress(String name, String annotations, String spec) {
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

  static String rule(String host, String... paths) {
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
  String get(String host, String target, String... headers) {
    if (edge.addresses(settings.http()).isEmpty()) {
      return "closed";
    }
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      Reply reply = Reply.to(socket, "GET", host, target, headers);
      if (!reply.location().isEmpty()) {
        return reply.status() + " " + reply.location();
      }
      String content = reply.content();
      return content.startsWith("<html>") ? reply.status() : reply.status() + " " + content;
    } catch (IOException _) {
      return "reset"; // by a port that is being closed
    }
  }

  /// The head of a response, its names in lower case.
  String head(String host, String method, String target, String... headers) throws IOException {
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      socket.setSoTimeout(60_000);
      String more = Stream.of(headers).map(each -> each + "\r\n").reduce("", String::concat);
      socket
          .getOutputStream()
          .write(
              "%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n%s\r\n"
                  .formatted(method, target, host, more)
                  .getBytes(StandardCharsets.UTF_8));
      String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return all.split("\r\n\r\n", 2)[0];
    }
  }

  /// The value of a field; empty if there is none.
  static String field(String head, String name) {
    for (String line : head.split("\r\n")) {
      if (line.regionMatches(true, 0, name + ": ", 0, name.length() + 2)) {
        return line.substring(name.length() + 2);
      }
    }
    return "";
  }

  void comes(String expected, String host, String target, String... headers) throws Exception {
    api.eventually(() -> get(host, target, headers).equals(expected));
  }

  List<String> events() {
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
