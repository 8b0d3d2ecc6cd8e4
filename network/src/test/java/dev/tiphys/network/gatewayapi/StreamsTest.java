package dev.tiphys.network.gatewayapi;

import static dev.tiphys.network.gatewayapi.GatewayResources.TCP_ROUTES;
import static dev.tiphys.network.gatewayapi.GatewayResources.TLS_ROUTES;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Connections that are passed on by TCPRoutes and TLSRoutes.
final class StreamsTest {

  private final List<ServerSocket> servers = new ArrayList<>();
  private GatewayCluster cluster;
  private int port;

  @BeforeEach
  void start() throws Exception {
    cluster = new GatewayCluster();
    port = GatewayCluster.freePort();
  }

  @AfterEach
  void close() throws IOException {
    for (ServerSocket each : servers) {
      each.close();
    }
    cluster.close();
  }

  /// A Service whose Pod takes all that a client says, and then answers with its name and how much
  /// that was.
  private void service(String name, ServerSocket server) {
    servers.add(server);
    Thread.ofVirtual()
        .start(
            () -> {
              while (!server.isClosed()) {
                try {
                  Socket client = server.accept();
                  Thread.ofVirtual().start(() -> answer(name, client));
                } catch (IOException e) {
                  return; // closed
                }
              }
            });
    cluster.service("default", name, server.getLocalPort(), "");
  }

  private static void answer(String name, Socket client) {
    try (client) {
      long read = 0;
      byte[] buffer = new byte[1 << 16];
      int count;
      while ((count = client.getInputStream().read(buffer)) > 0) {
        read += count;
        if (buffer[count - 1] == '!') {
          break; // TLS clients can't say their end and go on to read
        }
      }
      client.getOutputStream().write((name + " " + read).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // the client went away
    }
  }

  private String say(byte[] what) throws IOException {
    try (Socket socket = new Socket(GatewayCluster.LOOPBACK, port)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(what);
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static byte[] words(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void connectionsGoByPortAndEachSideEndsByItself() throws Exception {
    service("a", new ServerSocket(0));
    service("b", new ServerSocket(0));
    cluster.gateway("gate", "[{name: tcp, port: %d, protocol: TCP}]".formatted(port));
    String spec =
        "{parentRefs: [{name: gate, sectionName: tcp}], rules: [{backendRefs: [{name: a, port: 80, weight: %d}, {name: b, port: 80, weight: %d}]}]}";
    cluster.route(TCP_ROUTES, "r", spec.formatted(1, 0));
    cluster.becomes("a 5", () -> say(words("hello")));
    byte[] much = new byte[20 << 20];
    Arrays.fill(much, (byte) 'x');
    assertThat(say(much)).isEqualTo("a " + much.length);
    cluster.route(TCP_ROUTES, "r", spec.formatted(1, 1));
    cluster.becomes("b 1", () -> say(words("x")));
    cluster.becomes("a 1", () -> say(words("x")));
    cluster.route(TCP_ROUTES, "r", spec.formatted(0, 0));
    cluster.becomes("", () -> say(new byte[0]));
  }

  @Test
  void ofTwoRoutesAtAPortTheOlderIsTaken() throws Exception {
    service("a", new ServerSocket(0));
    service("b", new ServerSocket(0));
    cluster.gateway("gate", "[{name: tcp, port: %d, protocol: TCP}]".formatted(port));
    String spec = "{parentRefs: [{name: gate}], rules: [{backendRefs: [{name: %s, port: 80}]}]}";
    cluster.route(TCP_ROUTES, "one", spec.formatted("a"));
    cluster.route(TCP_ROUTES, "two", spec.formatted("b"));
    cluster.becomes("True/Accepted", () -> cluster.parent(TCP_ROUTES, "two", "Accepted"));
    assertThat(say(words("x"))).isEqualTo("a 1");
    cluster.delete(TCP_ROUTES, "default", "one");
    cluster.becomes("b 1", () -> say(words("x")));
  }

  @Test
  void whatRefusesToConnectIsReplacedByAnother() throws Exception {
    service("a", new ServerSocket(0));
    cluster.gateway("gate", "[{name: tcp, port: %d, protocol: TCP}]".formatted(port));
    cluster.route(
        TCP_ROUTES,
        "r",
        "{parentRefs: [{name: gate}], rules: [{backendRefs: [{name: a, port: 80}]}]}");
    cluster.becomes("a 1", () -> say(words("x")));
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
                .formatted(GatewayCluster.freePort()));
    for (int i = 0; i < 20; i++) {
      assertThat(say(words("x"))).isEqualTo("a 1");
    }
  }

  @Test
  void tlsGoesThroughByItsNameBesidePagesAtTheSamePort() throws Exception {
    SSLServerSocket secure =
        (SSLServerSocket)
            cluster.context("through.org").getServerSocketFactory().createServerSocket(0);
    service("through", secure);
    service("plain", new ServerSocket(0));
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
    assertThat(GatewayCluster.refusedOr(() -> sayByTls("other.org"))).isEqualTo("refused");
    cluster.becomes("True/Accepted", () -> cluster.parent(TLS_ROUTES, "through", "Accepted"));
  }

  private String sayByTls(String name) throws Exception {
    try (SSLSocket socket = cluster.tls(port, name)) {
      socket.getOutputStream().write(words("hello!"));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return socket.getSession().getPeerPrincipal().getName() + " " + answer;
    }
  }
}
