package dev.tiphys.network.istio;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.PatchType;
import dev.tiphys.http.TlsSettings;
import dev.tiphys.network.LiveApi;
import dev.tiphys.network.TlsPeers;
import dev.tiphys.network.mesh.Mesh;
import dev.tiphys.network.mesh.Redirects;
import dev.tiphys.network.router.listeners.Edge;
import dev.tiphys.network.router.listeners.Places;
import dev.tiphys.network.router.proxy.HttpRouter;
import dev.tiphys.network.router.proxy.Observer;
import dev.tiphys.network.router.proxy.RouterSettings;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.world.TestPorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/// A cluster in this process whose VirtualServices are served on loopback addresses.
final class IstioCluster implements AutoCloseable {

  static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private final LiveApi api = new LiveApi();
  private final Authority authority = Authority.found(api.world(), "test");
  private final List<HttpServer> servers = new ArrayList<>();
  private final HttpRouter router =
      new HttpRouter(api.world(), RouterSettings.usual(2), Observer.NONE);
  private final Edge edge =
      new Edge(api.world(), router, Places.fixed(List.of(LOOPBACK)), this::fallback, List.of());
  private final int port;
  private final Map<InetSocketAddress, InetSocketAddress> redirected = new ConcurrentHashMap<>();
  private final Map<String, Answering> answering = new HashMap<>();
  private final Set<Integer> refused = ConcurrentHashMap.newKeySet();
  private final Mesh mesh;
  private VirtualServices virtualServices;

  /// What a service does with a request.
  interface Answering {
    /// @return the status
    int answer(HttpExchange request, int number);
  }

  IstioCluster() throws Exception {
    port = TestPorts.free();
    api.define(IstioResources.definitions(), IstioResources.ALL);
    mesh = mesh(redirected);
    follow();
  }

  private Mesh mesh(Map<InetSocketAddress, InetSocketAddress> redirects) {
    return new Mesh(
        api.world(),
        router,
        List.of(LOOPBACK),
        new Redirects() {
          @Override
          public void serve(Map<InetSocketAddress, InetSocketAddress> wanted) {
            redirects.keySet().retainAll(wanted.keySet());
            redirects.putAll(wanted);
          }

          @Override
          public void close() {
            redirects.clear();
          }
        },
        new Mesh.Policies() {
          @Override
          public void letIn(Set<InetSocketAddress> ports) {}

          @Override
          public boolean covers(InetAddress client, InetSocketAddress endpoint) {
            return !refused.contains(endpoint.getPort());
          }
        });
  }

  /// One more node, of which calls between Pods are served.
  record Node(
      VirtualServices virtualServices,
      Mesh mesh,
      Map<InetSocketAddress, InetSocketAddress> redirected)
      implements AutoCloseable {
    @Override
    public void close() {
      virtualServices.close();
      mesh.close();
    }
  }

  /// @param rights of the node
  Node join(Api rights) {
    Map<InetSocketAddress, InetSocketAddress> redirects = new ConcurrentHashMap<>();
    Mesh own = mesh(redirects);
    VirtualServices following =
        new VirtualServices(
            api.world(),
            rights,
            null,
            own,
            new IstioSettings("cluster.local", port),
            (_, endpoint) -> new InetSocketAddress(LOOPBACK, endpoint),
            false);
    following.start();
    return new Node(following, own, redirects);
  }

  private void follow() {
    // the API takes no endpoints on the loopback
    virtualServices =
        new VirtualServices(
            api.world(),
            api.api(),
            edge,
            mesh,
            new IstioSettings("cluster.local", port),
            (_, endpoint) -> new InetSocketAddress(LOOPBACK, endpoint),
            true);
    virtualServices.start();
  }

  /// What another process does that comes after this one.
  void restart() {
    virtualServices.close();
    edge.serve(VirtualServices.FEEDER, "", List.of());
    redirected.clear();
    follow();
  }

  private TlsSettings fallback() {
    Credential own = new TlsPeers(authority).credential("default");
    return new TlsSettings(own.key(), own.chain(), List.of());
  }

  LiveApi live() {
    return api;
  }

  Authority authority() {
    return authority;
  }

  Edge edge() {
    return edge;
  }

  VirtualServices virtualServices() {
    return virtualServices;
  }

  /// The port of the edge for VirtualServices that name no Gateway.
  int port() {
    return port;
  }

  /// Which addresses and ports of Services are governed.
  Map<InetSocketAddress, InetSocketAddress> redirected() {
    return redirected;
  }

  /// Has network policies refuse connections to an endpoint's port.
  void refuse(int port) {
    refused.add(port);
  }

  /// Has a service answer otherwise.
  void answer(String name, Answering how) {
    answering.put(name, how);
  }

  /// A Service with one Pod, which answers with its name, what it was asked for, and the headers
  /// whose names begin with `x-test`.
  void service(String name) throws IOException {
    service(name, name, "{app: %s}".formatted(name));
  }

  /// A Service, and one Pod of it with labels.
  void service(String name, String pod, String labels) throws IOException {
    api.apply(
        ApiResource.SERVICES,
        "{metadata: {name: %s}, spec: {ports: [{name: http, port: 80}]}}".formatted(name));
    pod(name, pod, labels);
  }

  /// A Service with one endpoint, which speaks whatever the name of the port says.
  ///
  /// @param ports of the Service, all of which lead to the same port of the endpoint
  void serviceAt(String name, String ports, int port) {
    Struct service =
        api.apply(
            ApiResource.SERVICES,
            "{metadata: {name: %s}, spec: {ports: %s}}".formatted(name, ports));
    for (Struct each : service.structs("spec", "ports")) {
      api.apply(
          ApiResource.ENDPOINT_SLICES,
          """
          metadata: {name: %1$s-%2$d, labels: {kubernetes.io/service-name: %1$s}}
          addressType: IPv4
          ports: [{name: "%4$s", port: %3$d}]
          endpoints: [{addresses: [10.244.0.1], conditions: {ready: true}}]
          """
              .formatted(name, each.integer("port"), port, each.string("name")));
    }
  }

  /// Has calls from this machine come from a Pod.
  void caller(String namespace, String labels) {
    api.apply(
        ApiResource.PODS,
        """
        metadata: {name: caller, namespace: %s, labels: %s}
        spec: {containers: [{name: app, image: app}]}
        status: {podIPs: [{ip: 127.0.0.1}]}
        """
            .formatted(namespace, labels));
  }

  Struct gateway(String name, String servers) {
    return api.apply(
        IstioResources.GATEWAYS,
        "metadata: {name: %s}\nspec:\n  servers:\n%s".formatted(name, servers.indent(2)));
  }

  void secret(String name, String type, String data) {
    api.apply(
        ApiResource.SECRETS,
        "{metadata: {name: %s}, type: %s, data: %s}".formatted(name, type, data));
  }

  /// Why an object is not served as it says; empty if it is.
  String problem(ApiResource kind, String name) {
    Struct found = Meta.condition(api.api().get(kind, "default", name), "Reconciled");
    return found == null ? "" : found.string("message");
  }

  void pod(String service, String pod, String labels) throws IOException {
    int port = answering(pod, HttpServer.create());
    api.apply(
        ApiResource.PODS,
        """
        metadata: {name: %s, labels: %s}
        spec: {containers: [{name: app, image: app}]}
        """
            .formatted(pod, labels));
    slice(service, pod, port, true);
  }

  private int answering(String pod, HttpServer server) throws IOException {
    server.bind(new InetSocketAddress(LOOPBACK, 0), 1000);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    AtomicInteger requests = new AtomicInteger();
    server.createContext(
        "/",
        exchange -> {
          int number = requests.incrementAndGet();
          exchange.getRequestBody().readAllBytes();
          Answering how = answering.get(pod);
          int status = how == null ? 200 : how.answer(exchange, number);
          byte[] text = said(pod, exchange).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, text.length);
          exchange.getResponseBody().write(text);
          exchange.close();
        });
    server.start();
    servers.add(server);
    return server.getAddress().getPort();
  }

  /// A Service with one Pod that speaks TLS.
  ///
  /// @param own what it shows
  /// @param asking whether it takes no client without a certificate
  void secureService(String name, SSLContext own, boolean asking) throws IOException {
    HttpsServer server = HttpsServer.create();
    server.setHttpsConfigurator(
        new HttpsConfigurator(own) {
          @Override
          public void configure(HttpsParameters connection) {
            SSLParameters parameters = own.getDefaultSSLParameters();
            parameters.setNeedClientAuth(asking);
            connection.setSSLParameters(parameters);
          }
        });
    serviceAt(name, "[{name: http, port: 80}]", answering(name, server));
  }

  /// Where the Pod answers that a Service was made with.
  int portOf(String service) {
    Struct slice = api.api().get(ApiResource.ENDPOINT_SLICES, "default", service + "-" + service);
    return (int) slice.structs("ports").getFirst().integer("port");
  }

  private static String said(String pod, HttpExchange exchange) {
    StringBuilder said = new StringBuilder(pod + " " + exchange.getRequestURI());
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (name.regionMatches(true, 0, "x-test", 0, 6)) {
                said.append(' ').append(name.toLowerCase(java.util.Locale.ROOT));
                said.append('=').append(String.join(",", values));
              }
            });
    return said.toString();
  }

  void slice(String service, String pod, int port, boolean ready) {
    api.apply(
        ApiResource.ENDPOINT_SLICES,
        """
        metadata: {name: %1$s-%2$s, labels: {kubernetes.io/service-name: %1$s}}
        addressType: IPv4
        ports: [{name: http, port: %3$d}]
        endpoints:
        - addresses: [10.244.0.1]
          conditions: {ready: %4$s}
          targetRef: {kind: Pod, name: %2$s, namespace: default}
        """
            .formatted(service, pod, port, ready));
  }

  Struct virtualService(String name, String spec) {
    return api.apply(
        IstioResources.VIRTUAL_SERVICES,
        "metadata: {name: %s}\nspec:\n%s".formatted(name, spec.indent(2)));
  }

  Struct destinationRule(String name, String spec) {
    return api.apply(
        IstioResources.DESTINATION_RULES,
        "metadata: {name: %s}\nspec:\n%s".formatted(name, spec.indent(2)));
  }

  /// What `kubectl patch virtualservice NAME --type merge` does.
  Struct patch(String name, String json) {
    return api.api()
        .patch(
            IstioResources.VIRTUAL_SERVICES,
            "default",
            name,
            "",
            PatchType.MERGE,
            Yaml.struct(json));
  }

  Struct condition(String name) {
    Struct object = api.api().get(IstioResources.VIRTUAL_SERVICES, "default", name);
    Struct found = Meta.condition(object, "Reconciled");
    return found == null ? Struct.EMPTY : found;
  }

  /// Where a caller of a Service comes out.
  InetSocketAddress governed(String service) {
    return governed(service, 80);
  }

  /// Where a caller of a port of a Service comes out.
  InetSocketAddress governed(String service, int port) {
    return governed(redirected, service, port);
  }

  /// The same on another node.
  InetSocketAddress governed(
      Map<InetSocketAddress, InetSocketAddress> redirected, String service, int port) {
    Struct object = api.api().get(ApiResource.SERVICES, "default", service);
    InetAddress address = InetAddress.ofLiteral(object.string("spec", "clusterIP"));
    InetSocketAddress to = redirected.get(new InetSocketAddress(address, port));
    if (to == null) {
      throw new AssertionError(service + " is not governed: " + redirected);
    }
    return to;
  }

  /// A port of the edge.
  InetSocketAddress at(int ofEdge) {
    return new InetSocketAddress(LOOPBACK, ofEdge);
  }

  /// Asks the edge.
  String get(String host, String target, String... headers) throws IOException {
    return ask(new InetSocketAddress(LOOPBACK, port), "GET", host, target, headers);
  }

  /// Asks a Service by its address, as a Pod does.
  String call(String service, String host, String target, String... headers) throws IOException {
    return ask(governed(service), "GET", host, target, headers);
  }

  /// The status of a response, the location if there is one, and its content; behind it the header
  /// that the request asks for by `X-Show`.
  String ask(InetSocketAddress at, String method, String host, String target, String... headers)
      throws IOException {
    try (Socket socket = new Socket(at.getAddress(), at.getPort())) {
      return ask(socket, method, host, target, headers);
    }
  }

  String ask(Socket socket, String method, String host, String target, String... headers)
      throws IOException {
    socket.setSoTimeout(20_000);
    String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    socket
        .getOutputStream()
        .write(
            "%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Length: 0\r\n%s\r\n"
                .formatted(method, target, host, more)
                .getBytes(StandardCharsets.UTF_8));
    String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!all.contains("\r\n\r\n")) {
      throw new IOException("the connection was closed without a response");
    }
    String head = all.split("\r\n\r\n", 2)[0];
    String content = all.split("\r\n\r\n", 2)[1];
    String status = head.split(" ", 3)[1];
    for (String line : head.split("\r\n")) {
      if (line.startsWith("location: ")) {
        return status + " " + line.substring(10);
      }
    }
    String shown = shown(head, headers);
    return (status + " " + content).strip() + (shown.isEmpty() ? "" : " " + shown);
  }

  private static String shown(String head, String... asked) {
    for (String header : asked) {
      for (String line : head.split("\r\n")) {
        if (header.startsWith("X-Show: ") && line.startsWith(header.substring(8))) {
          return line;
        }
      }
    }
    return "";
  }

  void comes(String expected, String host, String target, String... headers) throws Exception {
    api.eventually(() -> refusedOr(() -> get(host, target, headers)).equals(expected));
  }

  /// Waits until something says what is expected, and tells what it said instead.
  void becomes(String expected, Question question) throws Exception {
    String[] last = {""};
    try {
      api.eventually(
          () -> {
            last[0] = refusedOr(question);
            return last[0].equals(expected);
          });
    } catch (AssertionError e) {
      throw new AssertionError("expected <" + expected + "> and got <" + last[0] + ">", e);
    }
  }

  /// What is asked for.
  interface Question {
    String answer() throws Exception;
  }

  /// A port that is not open yet is no fault.
  static String refusedOr(Question question) {
    try {
      return question.answer();
    } catch (Exception | AssertionError e) {
      return "refused";
    }
  }

  @Override
  public void close() {
    virtualServices.close();
    edge.close();
    router.close();
    servers.forEach(each -> each.stop(0));
    api.close();
  }
}
