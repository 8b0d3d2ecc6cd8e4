package dev.tiphys.network.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.network.Host;
import dev.tiphys.network.NetworkSettings;
import dev.tiphys.network.netlink.NetlinkSocket;
import dev.tiphys.network.nftables.Element;
import dev.tiphys.network.nftables.Family;
import dev.tiphys.network.nftables.Key;
import dev.tiphys.network.nftables.Table;
import dev.tiphys.network.nftables.Tables;
import dev.tiphys.network.nftables.Transaction;
import dev.tiphys.network.nftables.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What the kernel has of plans, also when it refuses some of them or others change its tables.
@Tag("node")
class ProgramOnNodeTest {
  private static final Table TABLE = new Table(Family.IPV4, "test-proxy");
  private static final List<Target> TARGETS = List.of(target(2), target(3));

  private Host host;
  private NetlinkSocket socket;
  private Program program;

  @BeforeEach
  void start() throws Exception {
    host = Host.create();
    socket = host.netlink(NetlinkSocket.NETFILTER);
    program = program();
  }

  @AfterEach
  void stop() {
    socket.close();
    host.close();
  }

  private Program program() {
    return new Program(
        Family.IPV4,
        ProxySettings.of(
            new NetworkSettings("node-1", List.of(), List.of(), "test", host.namespace())),
        socket);
  }

  private static Target target(int number) {
    return new Target(InetAddress.ofLiteral("10.244.1." + number), 8080);
  }

  private static Plan good(int number) {
    String chain = "default/web-%d/tcp/80/cluster".formatted(number);
    return new Plan(
        Map.of(chain, List.of(new Line.Balance(TARGETS))),
        Set.of(),
        List.of(new Plan.Entry(Place.SERVICES, key(number), Verdict.goTo(chain))));
  }

  private static Key key(int number) {
    return Key.of(InetAddress.ofLiteral("10.96.0." + number)).protocol(6).port(80);
  }

  /// A plan with a rule that leads to nothing.
  private static Plan badChain() {
    return new Plan(
        Map.of("default/bad/tcp/80/cluster", List.of(new Line.GoTo("nowhere"))),
        Set.of(),
        List.of());
  }

  /// A plan with an element of a shared map that leads to nothing.
  private static Plan badElement() {
    return new Plan(
        Map.of(),
        Set.of(),
        List.of(new Plan.Entry(Place.SERVICES, key(99), Verdict.goTo("nowhere"))));
  }

  /// A plan whose chains lead in a circle, which the kernel only sees at the end.
  private static Plan badCircle() {
    return new Plan(
        Map.of(
            "default/round/a", List.of(new Line.GoTo("default/round/b")),
            "default/round/b", List.of(new Line.GoTo("default/round/a"))),
        Set.of(),
        List.of(new Plan.Entry(Place.SERVICES, key(98), Verdict.goTo("default/round/a"))));
  }

  private static Plan sticky(Duration span) {
    return new Plan(
        Map.of(
            "default/web/tcp/80/cluster",
            List.of(new Line.Stick("default/web/tcp/80/clients", span, TARGETS))),
        Set.of("default/web/tcp/80/clients"),
        List.of());
  }

  private String rules() {
    return host.run("nft", "list", "ruleset");
  }

  @Test
  void whatIsRefusedIsLeftOutAndTheRestIsMade() throws Exception {
    for (boolean anew : List.of(true, false)) {
      Map<String, Plan> wanted = new LinkedHashMap<>();
      for (int i = 1; i <= 20; i++) {
        wanted.put("good-" + i, good(i));
      }
      wanted.put("bad-chain", badChain());
      wanted.put("bad-element", badElement());
      wanted.put("bad-circle", badCircle());
      if (!anew) {
        assertThat(program.rebuild(Map.of(), List.of())).isEmpty();
      }

      Map<String, String> refused =
          anew ? program.rebuild(wanted, List.of()) : program.change(wanted);

      assertThat(refused).containsOnlyKeys("bad-chain", "bad-element", "bad-circle");
      assertThat(rules()).contains("default/web-1/", "default/web-20/").doesNotContain("nowhere");
    }
  }

  @Test
  void whatWasGoodStaysWhenItsChangeIsRefused() throws Exception {
    program.rebuild(Map.of("web", good(1)), List.of());

    assertThat(program.change(Map.of("web", badChain()))).containsOnlyKeys("web");
    assertThat(rules()).contains("default/web-1/tcp/80/cluster");
    assertThat(program.rebuild(Map.of("web", badChain(), "other", good(2)), List.of()))
        .containsOnlyKeys("web");
    assertThat(rules()).contains("default/web-1/tcp/80/cluster", "default/web-2/tcp/80/cluster");

    assertThat(program.change(Map.of("web", good(3)))).isEmpty();
    assertThat(rules()).contains("default/web-3/").doesNotContain("default/web-1/");
  }

  @Test
  void aRefusalOfEverythingChangesNothing() throws Exception {
    program.rebuild(Map.of("web", good(1)), List.of());
    String before = rules();
    socket.close();
    socket = host.netlink(NetlinkSocket.ROUTE);

    assertThatThrownBy(() -> program().rebuild(Map.of("web", good(2)), List.of()))
        .isInstanceOf(IOException.class);
    assertThat(rules()).isEqualTo(before);
  }

  @Test
  void clientsAreKnownStillWhenAnotherProcessTakesOver() throws Exception {
    Plan plan = sticky(Duration.ofHours(1));
    program.rebuild(Map.of("web", plan), List.of());
    Element client =
        Element.to(Key.of(InetAddress.ofLiteral("10.244.1.9")), Key.ofNumber(0x11))
            .leavingAfter(Duration.ofHours(1));
    new Transaction()
        .addElements(TABLE, Draft.memory(TABLE, "default/web/tcp/80/clients"), List.of(client))
        .commit(socket);

    program().rebuild(Map.of("web", plan), List.of());

    List<Element> known =
        Tables.elements(TABLE, Draft.memory(TABLE, "default/web/tcp/80/clients"), socket);
    assertThat(known).hasSize(1);
    assertThat(known.getFirst().key()).isEqualTo(Key.of(InetAddress.ofLiteral("10.244.1.9")));
    assertThat(known.getFirst().value()).isEqualTo(Key.ofNumber(0x11));
    assertThat(known.getFirst().left()).isBetween(Duration.ofMinutes(50), Duration.ofHours(1));
    program.rebuild(Map.of("web", plan), List.of());
    assertThat(program.change(Map.of("web", sticky(Duration.ofHours(2))))).isEmpty();
    assertThat(rules()).contains("timeout 2h").contains("10.244.1.9");
  }

  @Test
  void whatOthersRemoveIsMissedAndWhatTheyAddIsNot() throws Exception {
    Map<String, Plan> wanted = new HashMap<>();
    for (int i = 1; i <= 300; i++) {
      wanted.put("good-" + i, good(i % 250 + 1));
    }
    wanted.putAll(Map.of("web", good(251)));
    program.rebuild(wanted, List.of());
    assertThat(program.isThere()).isTrue();

    host.run("nft", "add", "table", "ip", "docker");
    assertThat(program.isThere()).isTrue();
    host.run("nft", "flush", "table", "ip", "test-proxy");
    assertThat(program.isThere()).isFalse();
    assertThat(program.isThere()).isFalse();
    program.rebuild(wanted, List.of());
    assertThat(program.isThere()).isTrue();
    host.run("nft", "flush", "ruleset");
    assertThat(program.isThere()).isFalse();
  }

  @Test
  void theLongestNamesOfServicesFit() throws Exception {
    String longest = "n".repeat(63);
    String chain = String.join("/", longest, longest, "sctp", longest, "cluster");

    assertThat(
            program.rebuild(
                Map.of(
                    "web",
                    new Plan(
                        Map.of(chain, List.of(new Line.Drop())),
                        Set.of(chain + "/clients"),
                        List.of())),
                List.of()))
        .isEmpty();
    assertThat(rules()).contains(chain);
  }
}
