package dev.tiphys.network.istio;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.PatchType;
import dev.tiphys.http.TlsSettings;
import dev.tiphys.network.EchoPods;
import dev.tiphys.network.LiveApi;
import dev.tiphys.network.Question;
import dev.tiphys.network.Reply;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/// A cluster in this process whose VirtualServices are served on loopback addresses.
final class IstioCluster implements AutoCloseable {

  static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private final LiveApi api = new LiveApi();
  private final Authority authority = Authority.found(api.world(), "test");
  private final EchoPods pods = new EchoPods();
  private final HttpRouter router =
      new HttpRouter(api.world(), RouterSettings.usual(2), Observer.NONE);
  private final Edge edge =
      new Edge(api.world(), router, Places.fixed(List.of(LOOPBACK)), this::fallback, List.of());
  private final int port;
  private final Map<InetSocketAddress, InetSocketAddress> redirected = new ConcurrentHashMap<>();
  private final Set<Integer> refused = ConcurrentHashMap.newKeySet();
  private final Mesh mesh;
  private VirtualServices virtualServices;

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
  void answer(String name, EchoPods.Answering how) {
    pods.answer(name, how);
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
    int port = pods.start(pod);
    api.apply(
        ApiResource.PODS,
        """
        metadata: {name: %s, labels: %s}
        spec: {containers: [{name: app, image: app}]}
        """
            .formatted(pod, labels));
    slice(service, pod, port, true);
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
    serviceAt(name, "[{name: http, port: 80}]", pods.start(name, server));
  }

  /// Where the Pod answers that a Service was made with.
  int portOf(String service) {
    Struct slice = api.api().get(ApiResource.ENDPOINT_SLICES, "default", service + "-" + service);
    return (int) slice.structs("ports").getFirst().integer("port");
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

  /// What is answered, as [Reply#text] has it.
  String ask(InetSocketAddress at, String method, String host, String target, String... headers)
      throws IOException {
    try (Socket socket = new Socket(at.getAddress(), at.getPort())) {
      return ask(socket, method, host, target, headers);
    }
  }

  String ask(Socket socket, String method, String host, String target, String... headers)
      throws IOException {
    return Reply.to(socket, method, host, target, headers).text();
  }

  void comes(String expected, String host, String target, String... headers) throws Exception {
    becomes(expected, () -> get(host, target, headers));
  }

  /// Waits until something says what is expected.
  void becomes(String expected, Question question) throws Exception {
    Question.becomes(api, expected, question);
  }

  @Override
  public void close() {
    virtualServices.close();
    edge.close();
    router.close();
    pods.close();
    api.close();
  }
}
