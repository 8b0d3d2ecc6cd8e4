package dev.tiphys.network.gatewayapi;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.PatchType;
import dev.tiphys.client.defaults.DefaultObjects;
import dev.tiphys.http.TlsSettings;
import dev.tiphys.network.EchoPods;
import dev.tiphys.network.LiveApi;
import dev.tiphys.network.Question;
import dev.tiphys.network.Reply;
import dev.tiphys.network.TlsPeers;
import dev.tiphys.network.router.listeners.Edge;
import dev.tiphys.network.router.listeners.Places;
import dev.tiphys.network.router.proxy.HttpRouter;
import dev.tiphys.network.router.proxy.Observer;
import dev.tiphys.network.router.proxy.RouterSettings;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Pem;
import dev.tiphys.world.TestPorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// A cluster in this process whose Gateways are served on loopback addresses, with no more rights
/// than the part has. Its class is `own`; `tiphys` is there, too.
final class GatewayCluster implements AutoCloseable {

  static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private final LiveApi api = new LiveApi();
  private final Authority authority = Authority.found(api.world(), "test");
  private final TlsPeers peers = new TlsPeers(authority);
  private final EchoPods pods = new EchoPods();
  private final HttpRouter router =
      new HttpRouter(api.world(), RouterSettings.usual(2), Observer.NONE);
  private final Edge edge =
      new Edge(api.world(), router, Places.fixed(List.of(LOOPBACK)), this::fallback, List.of());
  private final DefaultObjects defaults;
  private final GatewayApi gateways;
  private final GatewayStatus status;
  private final int port;

  GatewayCluster() throws Exception {
    port = TestPorts.free();
    Api own = api.withRightsOf("system:tiphys:gateway", "tiphys-gateway");
    defaults = GatewayResources.defaults(api.world(), own).start();
    api.awaitServed(GatewayResources.ALL);
    gatewayClass("own", GatewayApi.CONTROLLER);
    // the API takes no endpoints on the loopback
    gateways =
        new GatewayApi(
            api.world(), own, edge, (_, endpoint) -> new InetSocketAddress(LOOPBACK, endpoint));
    gateways.start();
    status = gateways.status(own);
    status.start();
  }

  private TlsSettings fallback() {
    Credential own = peers.credential("default");
    return new TlsSettings(own.key(), own.chain(), List.of());
  }

  LiveApi live() {
    return api;
  }

  Edge edge() {
    return edge;
  }

  Authority authority() {
    return authority;
  }

  TlsPeers peers() {
    return peers;
  }

  /// The port of Gateways that [#gateway(String)] makes.
  int port() {
    return port;
  }

  void gatewayClass(String name, String controller) {
    api.apply(
        GatewayResources.GATEWAY_CLASSES,
        "{metadata: {name: %s}, spec: {controllerName: %s}}".formatted(name, controller));
  }

  void namespace(String name, String labels) {
    api.apply(ApiResource.NAMESPACES, "{metadata: {name: %s, labels: %s}}".formatted(name, labels));
  }

  /// A Gateway with one listener for any host.
  Struct gateway(String name) {
    return gateway(name, "[{name: http, port: %d, protocol: HTTP}]".formatted(port));
  }

  Struct gateway(String name, String listeners) {
    return api.apply(
        GatewayResources.GATEWAYS,
        "{metadata: {name: %s}, spec: {gatewayClassName: own, listeners: %s}}"
            .formatted(name, listeners));
  }

  /// Creates or replaces a route of namespace `default`.
  Struct route(ApiResource kind, String name, String spec) {
    return api.apply(kind, "metadata: {name: %s}\nspec:\n%s".formatted(name, spec.indent(2)));
  }

  Struct http(String name, String spec) {
    return route(GatewayResources.HTTP_ROUTES, name, spec);
  }

  void patch(ApiResource kind, String name, String json) {
    api.api().patch(kind, "default", name, "", PatchType.MERGE, Yaml.struct(json));
  }

  void delete(ApiResource kind, String namespace, String name) {
    api.api().delete(kind, namespace, name, DeleteOptions.DEFAULT);
  }

  /// A Service with one Pod, which answers with its name, what it was asked for, and the headers
  /// whose names begin with `x-test`.
  void service(String name) throws IOException {
    service("default", name, pods.start(name), "");
  }

  void service(String namespace, String name, int port, String appProtocol) {
    api.apply(
        ApiResource.SERVICES,
        "{metadata: {name: %s, namespace: %s}, spec: {ports: [{name: http, port: 80%s}]}}"
            .formatted(
                name, namespace, appProtocol.isEmpty() ? "" : ", appProtocol: " + appProtocol));
    api.apply(
        ApiResource.ENDPOINT_SLICES,
        """
        metadata: {name: %1$s-a, namespace: %2$s, labels: {kubernetes.io/service-name: %1$s}}
        addressType: IPv4
        ports: [{name: http, port: %3$d}]
        endpoints: [{addresses: [10.244.0.1], conditions: {ready: true}}]
        """
            .formatted(name, namespace, port));
  }

  /// A Pod of a name.
  int pod(String name) throws IOException {
    return pods.start(name);
  }

  /// A Pod that speaks TLS, with a certificate for a host.
  int securePod(String name, String host) throws Exception {
    HttpsServer server = HttpsServer.create();
    server.setHttpsConfigurator(new HttpsConfigurator(peers.context(host)));
    return pods.start(name, server);
  }

  /// How many requests a Pod has had.
  int count(String pod) {
    return pods.count(pod);
  }

  /// A Secret with a certificate for a host.
  void certificate(String namespace, String name, String host) {
    api.apply(
        ApiResource.SECRETS,
        "{metadata: {name: %s, namespace: %s}, type: kubernetes.io/tls, data: %s}"
            .formatted(name, namespace, peers.data(peers.credential(host))));
  }

  /// A ConfigMap with the certificate of an authority.
  void authority(String namespace, String name, Authority authority) {
    api.apply(
        ApiResource.CONFIG_MAPS,
        "{metadata: {name: %s, namespace: %s}, data: {ca.crt: \"%s\"}}"
            .formatted(
                name, namespace, Pem.of(List.of(authority.certificate())).replace("\n", "\\n")));
  }

  String get(String host, String target, String... headers) throws IOException {
    return ask(port, "GET", host, target, headers);
  }

  /// What is answered, as [Reply#textWithoutPage] has it.
  String ask(int at, String method, String host, String target, String... headers)
      throws IOException {
    try (Socket socket = new Socket(LOOPBACK, at)) {
      return ask(socket, method, host, target, headers);
    }
  }

  String ask(Socket socket, String method, String host, String target, String... headers)
      throws IOException {
    return Reply.to(socket, method, host, target, headers).textWithoutPage();
  }

  /// Asks by TLS, for a name, and believes the test's authority alone.
  String askByTls(int at, String name, String host, String target) throws Exception {
    return askByTls(at, name, host, target, null);
  }

  String askByTls(int at, String name, String host, String target, @Nullable Credential shown)
      throws Exception {
    Credential[] own = shown == null ? new Credential[0] : new Credential[] {shown};
    try (SSLSocket socket = peers.connect(at, name, own)) {
      return ask(socket, "GET", host, target);
    }
  }

  void comes(String expected, String host, String target, String... headers) throws Exception {
    comesAt(port, expected, host, target, headers);
  }

  void comesAt(int at, String expected, String host, String target, String... headers)
      throws Exception {
    becomes(expected, () -> ask(at, "GET", host, target, headers));
  }

  /// A condition of a route's first parent, as `STATUS/REASON`.
  String parent(ApiResource kind, String name, String type) {
    List<Struct> parents = api.api().get(kind, "default", name).structs("status", "parents");
    return parents.isEmpty() ? "" : said(parents.getFirst().structs("conditions"), type);
  }

  static String said(List<Struct> conditions, String type) {
    return conditions.stream()
        .filter(each -> each.string("type").equals(type))
        .map(each -> each.string("status") + "/" + each.string("reason"))
        .findFirst()
        .orElse("");
  }

  /// A condition of a Gateway, or of a listener of it.
  String gateway(String name, String listener, String type) {
    Struct status = api.api().get(GatewayResources.GATEWAYS, "default", name).struct("status");
    if (listener.isEmpty()) {
      return said(status.structs("conditions"), type);
    }
    return said(listener(status, listener).structs("conditions"), type);
  }

  static Struct listener(Struct status, String name) {
    return status.structs("listeners").stream()
        .filter(each -> each.string("name").equals(name))
        .findFirst()
        .orElse(Struct.EMPTY);
  }

  /// Waits until something says what is expected.
  void becomes(String expected, Question question) throws Exception {
    Question.becomes(api, expected, question);
  }

  @Override
  public void close() {
    status.close();
    gateways.close();
    defaults.close();
    edge.close();
    router.close();
    pods.close();
    api.close();
  }
}
