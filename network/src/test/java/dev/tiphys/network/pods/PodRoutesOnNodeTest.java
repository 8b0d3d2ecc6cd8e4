package dev.tiphys.network.pods;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.network.Host;
import dev.tiphys.network.Protocol;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Pods of several nodes that talk to each other, with packets.
@Tag("node")
class PodRoutesOnNodeTest {
  private final Fleet fleet = new Fleet();

  @AfterEach
  void stop() throws Exception {
    fleet.close();
  }

  private void allReachAll(int nodes) throws Exception {
    for (int from = 1; from <= nodes; from++) {
      for (int to = 1; to <= nodes; to++) {
        if (from != to) {
          eventually(from, Fleet.podAddress(to), "pod-%d %s".formatted(to, Fleet.podAddress(from)));
          eventually(
              from,
              Fleet.podAddress6(to),
              "pod-%d %s".formatted(to, written(Fleet.podAddress6(from))));
        }
      }
    }
  }

  /// As Java writes an IPv6 address.
  private static String written(String address) {
    return InetAddress.ofLiteral(address).getHostAddress();
  }

  private void eventually(int from, String address, String answer) throws Exception {
    for (Protocol protocol : new Protocol[] {Protocol.TCP, Protocol.UDP}) {
      fleet
          .api()
          .eventually(() -> fleet.pod(from).ask(protocol, address, Fleet.PORT).equals(answer));
    }
  }

  private void twoLinks() throws Exception {
    fleet.addRouter(2, 3);
    fleet.addNode(1, 2);
    fleet.addNode(2, 2);
    fleet.addNode(3, 3);
  }

  @Test
  void onOneLinkPodsReachEachOtherStraight() throws Exception {
    for (int node = 1; node <= 3; node++) {
      fleet.addNode(node, 2);
    }

    allReachAll(3);

    assertThat(fleet.node(1).run("ip", "link", "show", "type", "vxlan")).isEmpty();
    assertThat(fleet.node(1).run("ip", "route", "show", "10.244.2.0/24"))
        .contains("via 192.0.2.2 dev eth0");
    assertThat(fleet.packets(1)).isEqualTo(1500);
  }

  @Test
  void aRouterBetweenNeedsToKnowNothingOfPods() throws Exception {
    twoLinks();

    allReachAll(3);

    assertThat(fleet.node(1).run("ip", "route", "show", "10.244.2.0/24"))
        .contains("via 192.0.2.2 dev eth0");
    assertThat(fleet.node(1).run("ip", "route", "show", "10.244.3.0/24")).contains("dev test.vx");
    assertThat(fleet.node(1).run("bridge", "fdb", "show", "dev", "test.vx"))
        .contains("dst 192.0.3.3")
        .doesNotContain("00:00:00:00:00:00");
    for (int node = 1; node <= 3; node++) {
      assertThat(fleet.packets(node)).isEqualTo(1450);
    }
  }

  @Test
  void nodesReachPodsOfOthersAndAreAnswered() throws Exception {
    twoLinks();

    allReachAll(3);

    for (int to = 2; to <= 3; to++) {
      assertThat(fleet.node(1).ask(Protocol.TCP, Fleet.podAddress(to), Fleet.PORT))
          .startsWith("pod-" + to);
      assertThat(fleet.node(1).ask(Protocol.TCP, Fleet.podAddress6(to), Fleet.PORT))
          .startsWith("pod-" + to);
    }
    assertThat(fleet.pod(1).ask(Protocol.TCP, "192.0.3.3", Fleet.PORT)).startsWith("node-3");
  }

  @Test
  void largePacketsPassThoughPodsDoNotKnowOfTheTunnel() throws Exception {
    twoLinks();
    allReachAll(3);

    byte[] large = new byte[4 << 20];
    try (ServerSocket server = fleet.pod(3).in(() -> new ServerSocket(9090));
        Socket client =
            fleet.pod(1).in(() -> new Socket(InetAddress.ofLiteral(Fleet.podAddress(3)), 9090));
        Socket accepted = server.accept()) {
      fleet
          .api()
          .world()
          .start(
              "sender",
              () -> {
                try (OutputStream out = client.getOutputStream()) {
                  out.write(large);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });

      accepted.setSoTimeout(10_000);
      assertThat(accepted.getInputStream().readAllBytes()).hasSameSizeAs(large);
    }
  }

  @Test
  void routesOutliveTheProcessAndTheNextOneTakesThemOver() throws Exception {
    twoLinks();
    allReachAll(3);
    String before = routes(fleet.node(1));

    fleet.stop(1);
    assertThat(routes(fleet.node(1))).isEqualTo(before);
    allReachAll(3);
    fleet.start(1);
    fleet.api().eventually(() -> fleet.packets(1) == 1450);

    assertThat(routes(fleet.node(1))).isEqualTo(before);
    allReachAll(3);
  }

  private static String routes(Host node) {
    return node.run("ip", "route")
        + node.run("ip", "-6", "route")
        + node.run("ip", "neigh", "show", "nud", "permanent");
  }

  @Test
  void whatOthersBreakIsMadeAgainByTheNextProcess() throws Exception {
    twoLinks();
    allReachAll(3);
    fleet.stop(1);
    fleet.node(1).run("ip", "link", "delete", "test.vx");
    fleet.node(1).run("ip", "route", "delete", "10.244.2.0/24");

    fleet.start(1);

    allReachAll(3);
  }

  @Test
  void whatLeadsToANodeThatGoesGoesWithIt() throws Exception {
    twoLinks();
    allReachAll(3);

    fleet.api().api().delete(ApiResource.NODES, "", "node-3", DeleteOptions.DEFAULT);

    fleet.api().eventually(() -> !routes(fleet.node(1)).contains("10.244.3.0"));
    fleet.api().eventually(() -> !fleet.node(1).run("ip", "link").contains("test.vx"));
    fleet.api().eventually(() -> fleet.packets(1) == 1500);
    assertThat(fleet.pod(1).ask(Protocol.TCP, Fleet.podAddress(2), Fleet.PORT)).startsWith("pod-2");
  }

  @Test
  void routesOfOthersAreLeftAlone() throws Exception {
    twoLinks();
    fleet.node(1).run("ip", "route", "add", "10.244.77.0/24", "via", "192.0.2.254");
    allReachAll(3);
    fleet.start(1);
    fleet.api().eventually(() -> fleet.packets(1) == 1450);
    fleet.stop(1);

    PodRoutes.clear(fleet.settings(1));

    assertThat(fleet.node(1).run("ip", "route"))
        .contains("10.244.77.0/24 via 192.0.2.254")
        .doesNotContain("10.244.2.0")
        .doesNotContain("10.244.3.0");
    assertThat(fleet.node(1).run("ip", "-6", "route")).doesNotContain("fd00:10:244:2::/64");
    assertThat(fleet.node(1).run("ip", "link")).doesNotContain("test.vx");
  }
}
