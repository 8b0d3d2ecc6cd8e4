package dev.tiphys.network.nftables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.network.Host;
import dev.tiphys.network.netlink.NetlinkSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("node")
class TransactionOnNodeTest {
  private static final Table TABLE = new Table(Family.IPV4, "example");
  private static final Type SERVICE = Type.of(Type.IPV4_ADDRESS, Type.PROTOCOL, Type.PORT);
  private static final SetSpec SERVICES = SetSpec.map("services", SERVICE, Type.VERDICT);

  private Host host;
  private NetlinkSocket socket;

  @BeforeEach
  void open() throws IOException {
    host = Host.create();
    socket = host.netlink(NetlinkSocket.NETFILTER);
  }

  @AfterEach
  void close() {
    socket.close();
    host.close();
  }

  private static InetAddress address(String text) {
    return InetAddress.ofLiteral(text);
  }

  private String listed() {
    return host.run("nft", "list", "ruleset").strip().replaceAll("\\s+", " ");
  }

  @Test
  void whatIsWrittenIsWhatNftShows() throws IOException {
    Rule toEndpoint =
        Rule.of(Family.IPV4)
            .random(2, 0)
            .mapUnnamed(
                Type.MARK,
                Type.of(Type.IPV4_ADDRESS, Type.PORT),
                List.of(
                    Element.to(Key.ofNumber(0), Key.of(address("10.0.0.1")).port(80)),
                    Element.to(Key.ofNumber(1), Key.of(address("10.0.0.2")).port(80))),
                0,
                0)
            .sendTo(0, 1);
    new Transaction()
        .add(TABLE)
        .addChain(TABLE, "web")
        .addChain(TABLE, "in", Hook.of("nat", Hook.Point.PREROUTING, Hook.DESTINATION))
        .addChain(TABLE, "out", Hook.of("nat", Hook.Point.POSTROUTING, Hook.SOURCE))
        .add(TABLE, SERVICES)
        .add(TABLE, SetSpec.ranges("blocks", Type.IPV4_ADDRESS))
        .add(
            TABLE,
            SetSpec.map("affinity", Type.IPV4_ADDRESS, Type.of(Type.IPV4_ADDRESS, Type.PORT))
                .remembering(Duration.ofHours(3)))
        .addElements(
            TABLE,
            SERVICES,
            List.of(
                Element.to(
                    Key.of(address("10.96.0.10")).protocol(6).port(443), Verdict.goTo("web"))))
        .addElements(
            TABLE,
            SetSpec.ranges("blocks", Type.IPV4_ADDRESS),
            List.of(
                Element.range(Key.of(address("10.1.0.0")), Key.of(address("10.1.255.255"))),
                Element.of(Key.of(address("10.2.0.1")))))
        .add(TABLE, "web", toEndpoint)
        .add(
            TABLE,
            "in",
            Rule.of(Family.IPV4)
                .destination(0)
                .protocol(1)
                .destinationPort(2)
                .verdictOf("services", 0))
        .add(TABLE, "out", Rule.of(Family.IPV4).marked(0x4000, true).clearMark(0x4000).masquerade())
        .commit(socket);

    assertThat(listed())
        .contains("elements = { 10.96.0.10 . tcp . 443 : goto web }")
        .contains("elements = { 10.1.0.0/16, 10.2.0.1 }")
        .contains("ip daddr . meta l4proto . th dport vmap @services")
        .contains("10.0.0.1 . 80")
        .contains("masquerade fully-random");
  }

  @Test
  void nothingIsDoneWhenAPartIsRefused() throws IOException {
    Transaction transaction =
        new Transaction().add(TABLE).addChain(TABLE, "web").deleteChain(TABLE, "missing");

    assertThatThrownBy(() -> transaction.commit(socket))
        .isInstanceOf(NftablesException.class)
        .hasMessageContaining("deletion of chain missing");

    assertThat(listed()).isEmpty();
  }

  @Test
  void manyElementsTakeSeveralMessages() throws IOException {
    SetSpec set = SetSpec.set("addresses", Type.IPV4_ADDRESS);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      elements.add(Element.of(Key.of(address("10.3.%d.%d".formatted(i >> 8, i & 0xff)))));
    }

    new Transaction().add(TABLE).add(TABLE, set).addElements(TABLE, set, elements).commit(socket);

    assertThat(listed().split("10\\.3\\.")).hasSize(10_001);
  }

  @Test
  void aFamilyThatTheKernelLacksIsKnownBeforeAnythingIsMade() throws Exception {
    int decnet = 12;

    assertThat(Tables.areTaken(Family.IPV4.number(), socket)).isTrue();
    assertThat(Tables.areTaken(Family.IPV6.number(), socket)).isTrue();
    assertThat(Tables.areTaken(decnet, socket)).isFalse();
    assertThat(host.run("nft", "list", "tables")).isEmpty();
  }
}
