package dev.tiphys.network.router.listeners;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.http.TlsSettings;
import dev.tiphys.network.LiveApi;
import dev.tiphys.network.TlsPeers;
import dev.tiphys.network.router.proxy.HttpRouter;
import dev.tiphys.network.router.proxy.Observer;
import dev.tiphys.network.router.proxy.RouterSettings;
import dev.tiphys.object.api.Meta;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.world.TestPorts;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Several nodes serve the edge, and each knows of the others.
class EdgeNodesTest {

  private static final InetAddress ONE = InetAddress.ofLiteral("127.0.0.1");
  private static final InetAddress TWO = InetAddress.ofLiteral("127.0.0.2");

  private final int port = TestPorts.free();
  private final LiveApi api = new LiveApi();
  private final HttpRouter router =
      new HttpRouter(api.world(), RouterSettings.usual(1), Observer.NONE);
  private final Edge first = edge(ONE);
  private final Edge second = edge(TWO);
  private final EdgeNodes followed = new EdgeNodes(api.world(), api.api(), "one", first);
  private final EdgeNotice notice =
      new EdgeNotice(
          api.world(),
          api.withRightsOfGroup("system:node:two", "system:nodes", "kubelet"),
          "two",
          List.of(TWO),
          second);

  @BeforeEach
  void start() {
    followed.start();
    notice.start();
    serve(first, port);
  }

  @AfterEach
  void stop() {
    notice.close();
    followed.close();
    first.close();
    second.close();
    router.close();
    api.close();
  }

  private Edge edge(InetAddress address) {
    return new Edge(api.world(), router, Places.fixed(List.of(address)), this::fallback, List.of());
  }

  private TlsSettings fallback() {
    Credential own = new TlsPeers(Authority.found(api.world(), "test")).credential("any");
    return new TlsSettings(own.key(), own.chain(), List.of());
  }

  private static void serve(Edge edge, int... ports) {
    List<Edge.Site> sites =
        Arrays.stream(ports).mapToObj(each -> new Edge.Site(each, List.of())).toList();
    edge.serve("test", "1", sites);
  }

  private void node(String name, String address, String ready) {
    api.apply(
        ApiResource.NODES,
        """
        metadata: {name: %s}
        status:
          addresses: [{type: InternalIP, address: %s}]
          conditions: [{type: Ready, status: "%s", lastHeartbeatTime: "2026-01-01T00:00:00Z", lastTransitionTime: "2026-01-01T00:00:00Z"}]
        """
            .formatted(name, address, ready));
  }

  private String notice(String node) {
    return Meta.of(api.api().get(ApiResource.NODES, "", node)).annotation("tiphys.dev/edge");
  }

  @Test
  void theAddressesOfAllNodesThatAreReadyAreTold() throws Exception {
    node("two", "127.0.0.2", "True");
    serve(second, port);
    api.eventually(() -> first.addresses(port).equals(List.of(ONE, TWO)));
    assertThat(first.addresses()).containsExactly(ONE, TWO);
    assertThat(notice("two")).isEqualTo(port + "=127.0.0.2");

    api.apply(
        ApiResource.NODES,
        """
        metadata: {name: two, annotations: {tiphys.dev/edge: "%d=127.0.0.2"}}
        status: {conditions: [{type: Ready, status: "False"}]}
        """
            .formatted(port));
    api.eventually(() -> first.addresses(port).equals(List.of(ONE)));
    node("two", "127.0.0.2", "True");
    api.eventually(() -> first.addresses(port).equals(List.of(ONE, TWO)));

    serve(second);
    api.eventually(() -> first.addresses(port).equals(List.of(ONE)));
    assertThat(notice("two")).isEmpty();
  }

  @Test
  void aNodeThatEndsSaysSo() throws Exception {
    node("two", "127.0.0.2", "True");
    serve(second, port);
    api.eventually(() -> first.addresses(port).equals(List.of(ONE, TWO)));
    notice.close();
    api.eventually(() -> first.addresses(port).equals(List.of(ONE)));
  }

  /// Another port, and addresses that are not the node's own, are not told.
  @Test
  void onlyWhatANodeItselfServesAtThePortIsBelieved() throws Exception {
    node("three", "127.0.0.3", "True");
    api.apply(
        ApiResource.NODES,
        """
        metadata: {name: three, annotations: {tiphys.dev/edge: "1=127.0.0.3 %d=192.0.2.1,127.0.0.3,x"}}
        status:
          addresses: [{type: InternalIP, address: 127.0.0.3}]
          conditions: [{type: Ready, status: "True"}]
        """
            .formatted(port));
    api.eventually(() -> first.addresses(port).size() == 2);
    assertThat(first.addresses(port)).containsExactly(ONE, InetAddress.ofLiteral("127.0.0.3"));
    assertThat(first.addresses(1)).isEmpty();
  }
}
