package dev.tiphys.network.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.network.TlsPeers;
import dev.tiphys.network.WordServers;
import dev.tiphys.object.Struct;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Connections between Pods that `tcp` and `tls` routes pass on.
class StreamRoutesTest {

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

  private String call(String service) throws IOException {
    return said(() -> WordServers.say(cluster.governed(service), "hello!"));
  }

  private interface Saying {
    String answer() throws IOException;
  }

  /// That a connection is reset is as good as closed.
  private static String said(Saying saying) throws IOException {
    try {
      return saying.answer();
    } catch (SocketException e) {
      return "";
    }
  }

  @Test
  void betweenPodsConnectionsGoByWeights() throws Exception {
    service("one", "tcp");
    service("two", "tcp");
    String spec =
        """
        hosts: [one]
        tcp: [{route: [{destination: {host: one}, weight: %d}, {destination: {host: two}, weight: %d}]}]
        """;
    cluster.virtualService("one", spec.formatted(0, 100));
    cluster.becomes("two 6", () -> call("one"));
    cluster.virtualService("one", spec.formatted(100, 0));
    cluster.becomes("one 6", () -> call("one"));
    cluster.virtualService("one", spec.formatted(75, 25));
    cluster.becomes("two 6", () -> call("one"));
    int[] ones = {0};
    for (int i = 0; i < 400; i++) {
      ones[0] += call("one").equals("one 6") ? 1 : 0;
    }
    assertThat(ones[0]).isBetween(250, 350);
  }

  @Test
  void onlyPortsThatARouteIsForAreRedirected() throws Exception {
    int port = servers.start("many");
    cluster.serviceAt(
        "many",
        "[{name: tcp-a, port: 5432}, {name: tcp-b, port: 6379}, {name: http, port: 80}, {name: tls, port: 443}]",
        port);
    service("other", "tcp");
    cluster.virtualService(
        "many",
        "hosts: [many]\ntcp: [{match: [{port: 5432}], route: [{destination: {host: other, port: {number: 80}}}]}]");
    cluster.becomes(
        "other 6", () -> said(() -> WordServers.say(cluster.governed("many", 5432), "hello!")));
    assertThat(cluster.redirected().keySet())
        .extracting(InetSocketAddress::getPort)
        .containsExactly(5432);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sourceLabels: {app: shop} | two 6",
        "sourceLabels: {app: other} | one 6",
        "sourceNamespace: default | two 6",
        "sourceNamespace: elsewhere | one 6",
        "destinationSubnets: [ADDRESS/32] | two 6",
        "destinationSubnets: [192.0.2.0/24] | one 6",
        "'destinationSubnets: [192.0.2.0/24, ADDRESS]' | two 6",
        "gateways: [mesh] | two 6",
        "gateways: [gate] | one 6",
        "port: 81 | one 6"
      })
  void connectionsMatchAsUpstreamSays(String match, String expected) throws Exception {
    service("one", "tcp");
    service("two", "tcp");
    cluster.caller("default", "{app: shop}");
    Struct service = cluster.live().api().get(ApiResource.SERVICES, "default", "one");
    cluster.virtualService(
        "one",
        """
        hosts: [one]
        tcp:
        - match: [{%s}]
          route: [{destination: {host: two}}]
        - match: [{port: 80, sourceLabels: {app: none}}]
          route: [{destination: {host: two}}]
        """
            .formatted(
                match.replace("'", "").replace("ADDRESS", service.string("spec", "clusterIP"))));
    cluster.becomes(expected, () -> call("one"));
  }

  @Test
  void namesThatClientsAskForTellConnectionsApart() throws Exception {
    for (String name : List.of("one", "two", "three")) {
      int port = servers.start(name, peers.server(name + ".example.com", false));
      cluster.serviceAt(name, "[{name: https, port: 443}]", port);
    }
    cluster.caller("default", "{app: shop}");
    cluster.virtualService(
        "one",
        """
        hosts: [one, '*.example.com']
        tls:
        - match: [{port: 443, sniHosts: [two.example.com], sourceLabels: {app: shop}}]
          route: [{destination: {host: two}}]
        - match: [{sniHosts: ['*.example.com']}]
          route: [{destination: {host: three}}]
        """);
    cluster.becomes("CN=two.example.com two 6", () -> callByTls("one", "two.example.com"));
    assertThat(callByTls("one", "any.example.com")).isEqualTo("CN=three.example.com three 6");
    assertThat(peers.isClosed(cluster.governed("one", 443).getPort(), "one.org")).isTrue();
    cluster.caller("default", "{app: other}");
    cluster.becomes("CN=three.example.com three 6", () -> callByTls("one", "two.example.com"));
  }

  /// A caller that no route for TLS is for reaches the Service.
  @Test
  void callersThatNoRouteForTlsIsForReachTheService() throws Exception {
    for (String name : List.of("one", "two")) {
      int port = servers.start(name, peers.server(name + ".example.com", false));
      cluster.serviceAt(name, "[{name: https, port: 443}]", port);
    }
    cluster.virtualService(
        "one",
        """
        hosts: [one]
        tls: [{match: [{sniHosts: [one], sourceLabels: {app: shop}}], route: [{destination: {host: two}}]}]
        """);
    cluster.becomes("CN=one.example.com one 6", () -> callByTls("one", "one"));
    cluster.caller("default", "{app: shop}");
    cluster.becomes("CN=two.example.com two 6", () -> callByTls("one", "one"));
  }

  private String callByTls(String service, String name) throws Exception {
    return peers.say(cluster.governed(service, 443).getPort(), name, "hello!");
  }

  @Test
  void atAPortThatDoesNotSayWhatIsSpokenTheFirstBytesDo() throws Exception {
    service("plain", "tcp");
    cluster.service("web");
    cluster.serviceAt("app", "[{name: main, port: 80}]", servers.start("app"));
    cluster.virtualService(
        "app",
        """
        hosts: [app]
        http: [{route: [{destination: {host: web}}]}]
        tcp: [{route: [{destination: {host: plain}}]}]
        """);
    cluster.becomes("200 web /", () -> cluster.call("app", "app", "/"));
    assertThat(call("app")).isEqualTo("plain 6");
    assertThat(said(() -> WordServers.say(cluster.governed("app"), "GETTING!")))
        .isEqualTo("plain 8");
  }

  @Test
  void policiesHoldForTheCallerAndLimitsForTheDestination() throws Exception {
    int port = servers.start("one");
    cluster.serviceAt("one", "[{name: tcp, port: 80}]", port);
    cluster.destinationRule(
        "one", "host: one\ntrafficPolicy: {connectionPool: {tcp: {maxConnections: 1}}}");
    cluster.virtualService("one", "hosts: [one]\ntcp: [{route: [{destination: {host: one}}]}]");
    cluster.becomes("one 6", () -> call("one"));
    cluster.becomes("", this::callBesideAnother);
    cluster.becomes("one 6", () -> call("one"));
    cluster.refuse(port);
    assertThat(call("one")).isEmpty();
  }

  /// The rule may come into force between the two connections: then both are let in.
  private String callBesideAnother() throws IOException {
    try (Socket kept = new Socket(IstioCluster.LOOPBACK, cluster.governed("one").getPort())) {
      kept.getOutputStream().write('x');
      return call("one");
    }
  }

  @Test
  void aChangeThatWouldCloseConnectionsIsHeld() throws Exception {
    service("one", "tcp");
    String spec = "hosts: [one]\ntcp: [{route: [{destination: {host: %s}}]}]";
    cluster.virtualService("one", spec.formatted("one"));
    cluster.becomes("one 6", () -> call("one"));
    cluster.virtualService("one", spec.formatted("missing"));
    cluster.becomes("Held", () -> cluster.condition("one").string("reason"));
    assertThat(call("one")).isEqualTo("one 6");
  }
}
