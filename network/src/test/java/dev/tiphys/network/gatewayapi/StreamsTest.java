package dev.tiphys.network.gatewayapi;

import static dev.tiphys.network.gatewayapi.GatewayResources.TCP_ROUTES;
import static dev.tiphys.network.gatewayapi.GatewayResources.TLS_ROUTES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.network.Question;
import dev.tiphys.network.WordServers;
import dev.tiphys.world.TestPorts;
import java.io.IOException;
import java.net.ServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
    assertThat(Question.refusedOr(() -> sayByTls("other.org"))).isEqualTo("refused");
    cluster.becomes("True/Accepted", () -> cluster.parent(TLS_ROUTES, "through", "Accepted"));
  }

  private String sayByTls(String name) throws Exception {
    try (SSLSocket socket = cluster.peers().connect(port, name)) {
      String answer = WordServers.say(socket, "hello!");
      return socket.getSession().getPeerPrincipal().getName() + " " + answer;
    }
  }
}
