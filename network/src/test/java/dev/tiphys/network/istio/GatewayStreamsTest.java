package dev.tiphys.network.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.network.Question;
import dev.tiphys.network.TlsPeers;
import dev.tiphys.network.WordServers;
import dev.tiphys.world.TestPorts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Connections that Gateways pass on by `tcp` and `tls` routes.
class GatewayStreamsTest {

  private final WordServers servers = new WordServers();
  private IstioCluster cluster;
  private TlsPeers peers;

  @BeforeEach
  void start() throws Exception {
    cluster = new IstioCluster();
    peers = new TlsPeers(cluster.authority());
  }

  @AfterEach
  void stop() throws IOException {
    servers.close();
    cluster.close();
  }

  private void service(String name, String port) throws IOException {
    cluster.serviceAt(name, "[{name: %s, port: 80}]".formatted(port), servers.start(name));
  }

  @Test
  void aGatewayPassesConnectionsOn() throws Exception {
    service("one", "tcp");
    service("two", "tcp");
    int port = TestPorts.free();
    int other = TestPorts.free();
    cluster.gateway(
        "gate",
        """
        - {hosts: ['*'], port: {number: %d, name: a, protocol: TCP}}
        - {hosts: ['*'], port: {number: %d, name: b, protocol: TCP}}
        """
            .formatted(port, other));
    cluster.virtualService(
        "streams",
        """
        hosts: ['*']
        gateways: [gate]
        tcp:
        - match: [{port: %d}]
          route: [{destination: {host: one}}]
        - route: [{destination: {host: two}}]
        """
            .formatted(port));
    cluster.becomes("one 6", () -> WordServers.say(port, "hello!"));
    cluster.becomes("two 6", () -> WordServers.say(other, "hello!"));
    char[] much = new char[5 << 20];
    Arrays.fill(much, 'x');
    assertThat(WordServers.say(other, new String(much) + "!"))
        .isEqualTo("two " + (much.length + 1));
    assertThat(cluster.redirected()).isEmpty();
  }

  @Test
  void aGatewayLetsTlsThroughByNameBesidePagesAtTheSamePort() throws Exception {
    int through = servers.start("through", peers.server("through.org", false));
    cluster.serviceAt("through", "[{name: tls, port: 443}]", through);
    service("plain", "tcp");
    cluster.service("pages");
    cluster.secret("pages", "kubernetes.io/tls", peers.data(peers.credential("pages.org")));
    cluster.secret("ended", "kubernetes.io/tls", peers.data(peers.credential("ended.org")));
    int port = TestPorts.free();
    cluster.gateway(
        "gate",
        """
        - {hosts: [pages.org], port: {number: %1$d, name: a, protocol: HTTPS}, tls: {mode: SIMPLE, credentialName: pages}}
        - {hosts: [through.org, other.org], port: {number: %1$d, name: b, protocol: TLS}, tls: {mode: PASSTHROUGH}}
        - {hosts: [ended.org], port: {number: %1$d, name: c, protocol: TLS}, tls: {mode: SIMPLE, credentialName: ended}}
        """
            .formatted(port));
    cluster.virtualService(
        "through",
        """
        hosts: [through.org]
        gateways: [gate]
        tls: [{match: [{sniHosts: [through.org]}], route: [{destination: {host: through}}]}]
        """);
    cluster.virtualService(
        "ended",
        "hosts: [ended.org]\ngateways: [gate]\ntcp: [{route: [{destination: {host: plain}}]}]");
    cluster.virtualService(
        "pages",
        "hosts: [pages.org]\ngateways: [gate]\nhttp: [{route: [{destination: {host: pages}}]}]");
    cluster.becomes("CN=through.org through 6", () -> peers.say(port, "through.org", "hello!"));
    cluster.becomes("CN=ended.org plain 6", () -> peers.say(port, "ended.org", "hello!"));
    cluster.becomes(
        "200 pages /",
        () -> {
          try (SSLSocket socket = peers.connect(port, "pages.org")) {
            return cluster.ask(socket, "GET", "pages.org", "/");
          }
        });
    assertThat(peers.isClosed(port, "other.org")).isTrue();
    assertThat(peers.isClosed(port, "other.net")).as("no server is for it").isTrue();
  }

  /// A Gateway without routes answers requests all the same, and closes other connections.
  @Test
  void whatNoRouteIsForIsNotFoundOrClosed() throws Exception {
    cluster.secret("pages", "kubernetes.io/tls", peers.data(peers.credential("pages.org")));
    int port = TestPorts.free();
    int secure = TestPorts.free();
    cluster.gateway(
        "gate",
        """
        - {hosts: ['*'], port: {number: %1$d, name: a, protocol: HTTP}}
        - {hosts: [pages.org], port: {number: %2$d, name: b, protocol: HTTPS}, tls: {mode: SIMPLE, credentialName: pages}}
        - {hosts: [through.org], port: {number: %2$d, name: c, protocol: TLS}, tls: {mode: PASSTHROUGH}}
        """
            .formatted(port, secure));
    service("any", "tcp");
    cluster.virtualService("any", "hosts: [any]\ntcp: [{route: [{destination: {host: any}}]}]");
    cluster.live().eventually(() -> status(cluster.at(port)).equals("404"));
    cluster.live().eventually(() -> statusOrRefused(secure, "pages.org").equals("404"));
    assertThat(peers.isClosed(secure, "through.org")).isTrue();
    assertThat(peers.isClosed(secure, "other.org")).as("no server is for it").isTrue();
  }

  /// A Gateway whose names none but routes of `tls` are for has them before there is one.
  @Test
  void withoutARouteConnectionsThatTlsIsToGoThroughWithAreClosed() throws Exception {
    int port = TestPorts.free();
    cluster.gateway(
        "gate",
        "- {hosts: [through.org], port: {number: %d, name: a, protocol: TLS}, tls: {mode: PASSTHROUGH}}"
            .formatted(port));
    service("any", "tcp");
    cluster.virtualService("any", "hosts: [any]\ntcp: [{route: [{destination: {host: any}}]}]");
    cluster.live().eventually(() -> peers.isClosed(port, "through.org"));
    int through = servers.start("through", peers.server("through.org", false));
    cluster.serviceAt("through", "[{name: tls, port: 443}]", through);
    cluster.virtualService(
        "through",
        """
        hosts: [through.org]
        gateways: [gate]
        tls: [{match: [{sniHosts: [through.org]}], route: [{destination: {host: through}}]}]
        """);
    cluster.becomes("CN=through.org through 6", () -> peers.say(port, "through.org", "hello!"));
  }

  private String statusOrRefused(int port, String name) {
    return Question.refusedOr(() -> statusByTls(port, name));
  }

  private String status(InetSocketAddress at) {
    return Question.refusedOr(() -> cluster.ask(at, "GET", "any.org", "/")).split(" ", 2)[0];
  }

  private String statusByTls(int port, String name) throws Exception {
    try (SSLSocket socket = peers.connect(port, name)) {
      return cluster.ask(socket, "GET", name, "/").split(" ", 2)[0];
    }
  }

  @Test
  void whatCannotBeServedIsSaidOfTheGateway() throws Exception {
    service("one", "tcp");
    int port = TestPorts.free();
    cluster.gateway(
        "gate",
        """
        - {hosts: ['*'], port: {number: %1$d, name: a, protocol: TCP}}
        - {hosts: ['*'], port: {number: %1$d, name: b, protocol: HTTP}}
        - {hosts: ['*'], port: {number: 15443, name: c, protocol: TLS}, tls: {mode: AUTO_PASSTHROUGH}}
        """
            .formatted(port));
    cluster.virtualService(
        "one", "hosts: ['*']\ngateways: [gate]\ntcp: [{route: [{destination: {host: one}}]}]");
    cluster.becomes("one 6", () -> WordServers.say(port, "hello!"));
    for (String problem :
        List.of(
            "port 15443: TLS mode AUTO_PASSTHROUGH is not served here",
            "port %d is served as TCP for an older server".formatted(port))) {
      cluster
          .live()
          .eventually(() -> cluster.problem(IstioResources.GATEWAYS, "gate").contains(problem));
    }
  }
}
