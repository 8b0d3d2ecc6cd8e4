package dev.tiphys.network.hostports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.network.Answers;
import dev.tiphys.network.Host;
import dev.tiphys.network.PodHost;
import dev.tiphys.network.Protocol;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.world.VirtualWorld;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Who reaches a Pod by a port of its node, with packets.
@Tag("node")
class HostPortsOnNodeTest {
  private static final String NODE = "192.0.2.1";
  private static final String OUTSIDE = "192.0.2.200";

  private final VirtualWorld world = new VirtualWorld(1);
  private PodHost node;
  private HostPorts ports;
  private Host server;

  @BeforeEach
  void start() throws Exception {
    node = new PodHost("node-1", 1);
    server = node.addServer(2, 80);
    ports = new HostPorts(world, node.settings());
    ports.start(List.of());
  }

  @AfterEach
  void stop() throws Exception {
    ports.close();
    node.close();
  }

  private static Struct pod(String uid, String port) {
    return Yaml.struct(
        """
        metadata: {name: web, uid: '%s'}
        spec: {containers: [{name: c, ports: [%s]}]}
        """
            .formatted(uid, port));
  }

  private List<String> addresses(int pod) {
    return List.of(node.podAddress(pod), node.podAddress6(pod));
  }

  private void protect(String port) throws IOException {
    ports.protect(pod("1", port), addresses(2));
  }

  @Test
  void everyCallerReachesThePodUnderItsOwnAddress() throws Exception {
    Host client = node.addPod(3);
    protect("{containerPort: 80, hostPort: 8080}");

    assertThat(node.outside().ask(Protocol.TCP, NODE, 8080)).isEqualTo("pod-2 " + OUTSIDE);
    assertThat(node.outside().ask(Protocol.TCP, "fd00:2::1", 8080))
        .isEqualTo("pod-2 fd00:2:0:0:0:0:0:200");
    assertThat(client.ask(Protocol.TCP, NODE, 8080)).isEqualTo("pod-2 " + node.podAddress(3));
    assertThat(node.host().ask(Protocol.TCP, NODE, 8080)).startsWith("pod-2 ");
  }

  @Test
  void thePodReachesItself() throws Exception {
    protect("{containerPort: 80, hostPort: 8080}");

    assertThat(server.ask(Protocol.TCP, NODE, 8080))
        .startsWith("pod-2 ")
        .isNotEqualTo("pod-2 " + node.podAddress(2));
  }

  @Test
  void theNodeReachesItByLocalhostAndNothingElseReachesItsLoopback() throws Exception {
    protect("{containerPort: 80, hostPort: 8080}");
    node.host().run("sysctl", "-q", "-w", "net.ipv4.conf.all.route_localnet=1");
    try (Answers _ = node.host().serve("loopback", 9000)) {
      node.outside().run("ip", "route", "add", "127.0.0.5/32", "via", NODE, "dev", "eth0");

      assertThat(node.host().ask(Protocol.TCP, "127.0.0.1", 8080)).startsWith("pod-2 ");
      assertThat(node.host().ask(Protocol.TCP, "127.0.0.5", 9000)).startsWith("loopback");
      node.outside().run("ip", "address", "del", "127.0.0.1/8", "dev", "lo");
      assertThat(node.outside().ask(Protocol.TCP, "127.0.0.5", 9000)).isEqualTo(Answers.SILENT);
    }
  }

  @Test
  void aPortIsOneOfItsProtocolAndOfItsAddress() throws Exception {
    protect("{containerPort: 80, hostPort: 8080, protocol: UDP, hostIP: 192.0.2.1}");

    assertThat(node.outside().ask(Protocol.UDP, NODE, 8080)).isEqualTo("pod-2 " + OUTSIDE);
    assertThat(node.outside().ask(Protocol.TCP, NODE, 8080)).isEqualTo(Answers.REFUSED);
    assertThat(node.host().ask(Protocol.UDP, "127.0.0.1", 8080)).isEqualTo(Answers.REFUSED);
  }

  @Test
  void aPortIsGivenBackWithItsPod() throws Exception {
    protect("{containerPort: 80, hostPort: 8080}");
    Struct other = pod("2", "{containerPort: 80, hostPort: 8080}");
    node.addServer(3, 80);
    assertThatThrownBy(() -> ports.protect(other, addresses(3))).isInstanceOf(IOException.class);
    assertThat(node.outside().ask(Protocol.TCP, NODE, 8080)).isEqualTo("pod-2 " + OUTSIDE);

    ports.release("1");
    assertThat(node.outside().ask(Protocol.TCP, NODE, 8080)).isEqualTo(Answers.REFUSED);
    ports.protect(other, addresses(3));

    assertThat(node.outside().ask(Protocol.TCP, NODE, 8080)).isEqualTo("pod-3 " + OUTSIDE);
  }

  @Test
  void aSenderThatKeepsItsSocketFollowsThePort() throws Exception {
    String port = "{containerPort: 80, hostPort: 8080, protocol: UDP}";
    node.addServer(3, 80);
    for (String address : List.of(NODE, "fd00:2::1")) {
      try (DatagramSocket socket = node.outside().in(DatagramSocket::new)) {
        socket.setSoTimeout(500);
        socket.connect(InetAddress.ofLiteral(address), 8080);
        assertThat(Answers.ask(socket)).isEqualTo(Answers.REFUSED);

        protect(port);
        assertThat(Answers.ask(socket)).startsWith("pod-2 ");

        ports.release("1");
        assertThat(Answers.ask(socket)).isEqualTo(Answers.REFUSED);

        ports.protect(pod("2", port), addresses(3));
        assertThat(Answers.ask(socket)).startsWith("pod-3 ");
        ports.release("2");
      }
    }
  }

  @Test
  void anotherProcessTakesOverWhatRuns() throws Exception {
    protect("{containerPort: 80, hostPort: 8080}");
    ports.close();
    Struct running =
        pod("1", "{containerPort: 80, hostPort: 8080}")
            .with(
                "status",
                Yaml.struct("{phase: Running, podIPs: [{ip: %s}]}".formatted(node.podAddress(2))));
    Struct over =
        pod("2", "{containerPort: 80, hostPort: 8081}")
            .with(
                "status",
                Yaml.struct("{phase: Failed, podIPs: [{ip: %s}]}".formatted(node.podAddress(2))));

    ports = new HostPorts(world, node.settings());
    ports.start(List.of(running, over));

    assertThat(node.outside().ask(Protocol.TCP, NODE, 8080)).isEqualTo("pod-2 " + OUTSIDE);
    assertThat(node.outside().ask(Protocol.TCP, NODE, 8081)).isEqualTo(Answers.REFUSED);
  }
}
