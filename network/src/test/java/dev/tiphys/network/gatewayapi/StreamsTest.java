package dev.tiphys.network.gatewayapi;

import static dev.tiphys.network.gatewayapi.GatewayResources.TCP_ROUTES;
import static dev.tiphys.network.gatewayapi.GatewayResources.TLS_ROUTES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.http.TlsSettings;
import dev.tiphys.network.WordServers;
import dev.tiphys.network.router.listeners.Edge;
import dev.tiphys.network.router.streams.StreamTable;
import dev.tiphys.network.router.table.HostName;
import dev.tiphys.network.router.table.VirtualHost;
import dev.tiphys.pki.Credential;
import dev.tiphys.world.TestPorts;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Connections that are passed on by TCPRoutes and TLSRoutes.
final class StreamsTest {

  private final WordServers servers = new WordServers();
  private GatewayCluster cluster;
  private int port;

  @BeforeEach
  void start() throws Exception {
    cluster = new GatewayCluster();
    port = TestPorts.free();
  }

  @AfterEach
  void close() throws IOException {
    servers.close();
    cluster.close();
  }

  /// A Service whose Pod takes all that a client says, and then answers with its name and how much
  /// that was.
  private void service(String name) throws IOException {
    service(name, new ServerSocket(0));
  }

  private void service(String name, ServerSocket server) {
    cluster.service("default", name, servers.start(name, server), "");
  }

  private String say(String what) throws IOException {
    return WordServers.say(port, what);
  }

  @Test
  void connectionsGoByPortAndEachSideEndsByItself() throws Exception {
    service("a");
    service("b");
    cluster.gateway("gate", "[{name: tcp, port: %d, protocol: TCP}]".formatted(port));
    String spec =
        "{parentRefs: [{name: gate, sectionName: tcp}], rules: [{backendRefs: [{name: a, port: 80, weight: %d}, {name: b, port: 80, weight: %d}]}]}";
    cluster.route(TCP_ROUTES, "r", spec.formatted(1, 0));
    cluster.becomes("a 5", () -> say("hello"));
    assertThat(say("x".repeat(20 << 20))).isEqualTo("a " + (20 << 20));
    cluster.route(TCP_ROUTES, "r", spec.formatted(1, 1));
    cluster.becomes("b 1", () -> say("x"));
    cluster.becomes("a 1", () -> say("x"));
    cluster.route(TCP_ROUTES, "r", spec.formatted(0, 0));
    cluster.becomes("", () -> say(""));
  }

  @Test
  void ofTwoRoutesAtAPortTheOlderIsTaken() throws Exception {
    service("a");
    service("b");
    cluster.gateway("gate", "[{name: tcp, port: %d, protocol: TCP}]".formatted(port));
    String spec = "{parentRefs: [{name: gate}], rules: [{backendRefs: [{name: %s, port: 80}]}]}";
    cluster.route(TCP_ROUTES, "one", spec.formatted("a"));
    cluster.route(TCP_ROUTES, "two", spec.formatted("b"));
    cluster.becomes("True/Accepted", () -> cluster.parent(TCP_ROUTES, "two", "Accepted"));
    assertThat(say("x")).isEqualTo("a 1");
    cluster.delete(TCP_ROUTES, "default", "one");
    cluster.becomes("b 1", () -> say("x"));
  }

  @Test
  void whatRefusesToConnectIsReplacedByAnother() throws Exception {
    service("a");
    cluster.gateway("gate", "[{name: tcp, port: %d, protocol: TCP}]".formatted(port));
    cluster.route(
        TCP_ROUTES,
        "r",
        "{parentRefs: [{name: gate}], rules: [{backendRefs: [{name: a, port: 80}]}]}");
    cluster.becomes("a 1", () -> say("x"));
    cluster
        .live()
        .apply(
            dev.tiphys.client.ApiResource.ENDPOINT_SLICES,
            """
            metadata: {name: a-closed, labels: {kubernetes.io/service-name: a}}
            addressType: IPv4
            ports: [{name: http, port: %d}]
            endpoints: [{addresses: [10.244.0.2], conditions: {ready: true}}]
            """
                .formatted(TestPorts.free()));
    for (int i = 0; i < 20; i++) {
      assertThat(say("x")).isEqualTo("a 1");
    }
  }

  @Test
  void tlsGoesThroughByItsNameBesidePagesAtTheSamePort() throws Exception {
    service("through", cluster.peers().server("through.org", false));
    service("plain");
    cluster.service("pages");
    cluster.certificate("default", "pages", "pages.org");
    cluster.certificate("default", "ended", "ended.org");
    cluster.gateway(
        "gate",
        """
        [{name: https, port: %1$d, protocol: HTTPS, hostname: pages.org, tls: {certificateRefs: [{name: pages}]}},
         {name: through, port: %1$d, protocol: TLS, hostname: '*.org', tls: {mode: Passthrough}},
         {name: ended, port: %1$d, protocol: TLS, hostname: ended.org, tls: {mode: Terminate, certificateRefs: [{name: ended}]}}]
        """
            .formatted(port));
    String spec =
        "{parentRefs: [{name: gate, sectionName: %s}], hostnames: [%s], rules: [{backendRefs: [{name: %s, port: 80}]}]}";
    cluster.route(TLS_ROUTES, "through", spec.formatted("through", "through.org", "through"));
    cluster.route(TLS_ROUTES, "ended", spec.formatted("ended", "ended.org", "plain"));
    cluster.http(
        "pages",
        "{parentRefs: [{name: gate, sectionName: https}], rules: [{backendRefs: [{name: pages, port: 80}]}]}");
    cluster.becomes("CN=through.org through 6", () -> sayByTls("through.org"));
    cluster.becomes("CN=ended.org plain 6", () -> sayByTls("ended.org"));
    cluster.becomes("200 pages /", () -> cluster.askByTls(port, "pages.org", "pages.org", "/"));
    assertThat(closes("other.org")).isTrue();
    assertThat(closes("other.net")).as("no listener is for it").isTrue();
    cluster.becomes("True/Accepted", () -> cluster.parent(TLS_ROUTES, "through", "Accepted"));
  }

  /// A listener of TLS has its names from its first moment on, though no route is there yet.
  @ParameterizedTest
  @ValueSource(strings = {"hostname: through.org, ", "hostname: '*.org', ", ""})
  void withoutARouteConnectionsAreClosed(String hostname) throws Exception {
    cluster.gateway(
        "gate",
        "[{name: through, port: %d, protocol: TLS, %stls: {mode: Passthrough}}]"
            .formatted(port, hostname));
    cluster.live().eventually(() -> closes("through.org"));
    assertThat(closes("other.net")).isTrue();
    service("through", cluster.peers().server("through.org", false));
    cluster.route(
        TLS_ROUTES,
        "through",
        "{parentRefs: [{name: gate}], hostnames: [through.org], rules: [{backendRefs: [{name: through, port: 80}]}]}");
    cluster.becomes("CN=through.org through 6", () -> sayByTls("through.org"));
    cluster.delete(TLS_ROUTES, "default", "through");
    cluster.live().eventually(() -> closes("through.org"));
  }

  /// The listeners of Gateways say nothing of names that another feeder of the port has.
  @Test
  void whatOthersServeAtThePortIsLeftToThem() throws Exception {
    Credential pages = cluster.peers().credential("pages.org");
    cluster
        .edge()
        .serve(
            "other",
            "1",
            List.of(
                new Edge.Site(
                    port,
                    true,
                    List.of(new VirtualHost(List.of(HostName.of("pages.org")), List.of())),
                    Map.of("pages.org", new TlsSettings(pages.key(), pages.chain(), List.of())),
                    StreamTable.EMPTY,
                    false)));
    cluster.gateway(
        "gate",
        "[{name: through, port: %d, protocol: TLS, hostname: '*.org', tls: {mode: Passthrough}}]"
            .formatted(port));
    cluster.live().eventually(() -> closes("through.org"));
    cluster.becomes(
        "404", () -> cluster.askByTls(port, "pages.org", "pages.org", "/").split(" ", 2)[0]);
  }

  private boolean closes(String name) throws Exception {
    return cluster.peers().isClosed(port, name);
  }

  private String sayByTls(String name) throws Exception {
    return cluster.peers().say(port, name, "hello!");
  }
}
