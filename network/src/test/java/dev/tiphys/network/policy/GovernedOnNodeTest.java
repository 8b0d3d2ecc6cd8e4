package dev.tiphys.network.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.tiphys.network.Host;
import dev.tiphys.network.mesh.KernelRedirects;
import dev.tiphys.network.mesh.Mesh;
import dev.tiphys.network.router.backends.Backend;
import dev.tiphys.network.router.backends.BackendPolicy;
import dev.tiphys.network.router.proxy.HttpRouter;
import dev.tiphys.network.router.proxy.Observer;
import dev.tiphys.network.router.proxy.RouterSettings;
import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.HostName;
import dev.tiphys.network.router.table.PathMatch;
import dev.tiphys.network.router.table.Route;
import dev.tiphys.network.router.table.Split;
import dev.tiphys.network.router.table.VirtualHost;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Policies hold for calls by way of the router as for straight ones, with packets.
@Tag("node")
class GovernedOnNodeTest {

  private static final String SERVICE = "10.96.7.7";
  private static final int PORT = 8080;

  private PolicyCluster cluster;
  private Host friend;
  private Host stranger;
  private HttpServer server;
  private HttpRouter router;
  private Mesh mesh;

  @BeforeEach
  void start() throws Exception {
    cluster = new PolicyCluster();
    friend = cluster.node().addPod(9);
    stranger = cluster.node().addPod(8);
    server = cluster.node().addPod(2).in(GovernedOnNodeTest::serve);
    cluster.pod("a", 9, "{role: friend}");
    cluster.pod("b", 8, "{role: stranger}");
    cluster.pod("a", 2, "{role: server}", "[{name: web, containerPort: 8080}]", ", phase: Running");
    cluster
        .node()
        .host()
        .in(
            () -> {
              router =
                  new HttpRouter(cluster.api().world(), RouterSettings.usual(1), Observer.NONE);
              mesh =
                  new Mesh(
                      cluster.api().world(),
                      router,
                      List.of(InetAddress.ofLiteral(cluster.node().address())),
                      new KernelRedirects(cluster.node().settings()),
                      policies());
              mesh.serve("1", List.of(governed()));
              return null;
            });
    cluster.api().eventually(() -> status(friend) == 200 && status(stranger) == 200);
  }

  @AfterEach
  void stop() throws Exception {
    mesh.close();
    router.close();
    server.stop(0);
    cluster.close();
  }

  private static HttpServer serve() throws Exception {
    HttpServer made = HttpServer.create(new InetSocketAddress(PORT), 0);
    made.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    made.start();
    return made;
  }

  private Mesh.Policies policies() {
    return new Mesh.Policies() {
      @Override
      public void letIn(Set<InetSocketAddress> ports) throws java.io.IOException {
        cluster.policies().letIn(ports);
      }

      @Override
      public boolean covers(InetAddress client, InetSocketAddress endpoint) {
        return cluster.policies().let(client, endpoint);
      }
    };
  }

  private Mesh.Governed governed() {
    Backend backend = new Backend(cluster.api().world(), "web", BackendPolicy.USUAL);
    backend.endpoints(List.of(new InetSocketAddress(cluster.node().podAddress(2), PORT)));
    return new Mesh.Governed(
        "a/web",
        80,
        List.of(InetAddress.ofLiteral(SERVICE)),
        List.of(
            new VirtualHost(
                List.of(new HostName.Any()),
                List.of(
                    new Route(
                        "all",
                        new PathMatch.Characters(""),
                        new Action.Forward(Split.all(backend)))))));
  }

  /// What a caller is answered; 0 if it is not even let in.
  private int status(Host caller) throws Exception {
    return caller.in(
        () -> {
          try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(SERVICE, 80), 1000);
            socket.setSoTimeout(10_000);
            socket
                .getOutputStream()
                .write(
                    "GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n"
                        .getBytes(StandardCharsets.UTF_8));
            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Integer.parseInt(all.substring(9, 12));
          } catch (java.net.SocketTimeoutException e) {
            return 0;
          }
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # namespace | spec | the friend | the stranger
          a | {podSelector: {matchLabels: {role: server}}} | 503 | 503
          a | {podSelector: {matchLabels: {role: other}}} | 200 | 200
          a | {podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {role: friend}}}]}]} | 200 | 503
          a | {podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {role: stranger}}}]}]} | 503 | 503
          a | {podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: blue}}}]}]} | 503 | 200
          a | {podSelector: {}, ingress: [{ports: [{port: web}]}]} | 200 | 200
          a | {podSelector: {}, ingress: [{ports: [{port: 8080}]}]} | 200 | 200
          a | {podSelector: {}, ingress: [{ports: [{port: 80}]}]} | 503 | 503
          a | {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]} | 200 | 200
          b | {podSelector: {}, policyTypes: [Egress]} | 200 | 503
          b | {podSelector: {}, egress: [{to: [{namespaceSelector: {matchLabels: {team: red}}}]}], policyTypes: [Egress]} | 200 | 200
          b | {podSelector: {}, egress: [{to: [{podSelector: {}}]}], policyTypes: [Egress]} | 200 | 503
          b | {podSelector: {}, egress: [{to: [{namespaceSelector: {}}], ports: [{port: web}]}], policyTypes: [Egress]} | 200 | 200
          """)
  void aPolicyHoldsForTheCallerAndNotForTheNode(
      String namespace, String spec, int ofFriend, int ofStranger) throws Exception {
    cluster.policy(namespace, "rule", spec);
    Host watcher = ofFriend == 503 ? friend : stranger;
    if (ofFriend == 503 || ofStranger == 503) {
      cluster.api().eventually(() -> status(watcher) == 503);
    } else {
      cluster.policies().protect(cluster.pod("a", 9, "{role: friend}"), cluster.addresses(9));
    }

    assertThat(status(friend)).as("the friend").isEqualTo(ofFriend);
    assertThat(status(stranger)).as("the stranger").isEqualTo(ofStranger);
    assertThat(status(cluster.node().host())).as("the node").isEqualTo(200);

    cluster.delete(namespace, "rule");
    cluster.api().eventually(() -> status(friend) == 200 && status(stranger) == 200);
  }

  /// Who may not reach a Pod is not let in to the router's port for anything else either.
  @Test
  void thePortsOfTheRouterAreOpenOnlyWhileItListens() throws Exception {
    cluster.policy("b", "none", "{podSelector: {}, policyTypes: [Egress]}");
    cluster.api().eventually(() -> status(stranger) == 503);

    cluster
        .node()
        .host()
        .in(
            () -> {
              mesh.serve("2", List.of());
              mesh.serve("3", List.of());
              return null;
            });

    assertThat(cluster.rules())
        .contains("set entrances")
        .doesNotContain("elements = { " + cluster.node().address() + " . tcp");
  }
}
