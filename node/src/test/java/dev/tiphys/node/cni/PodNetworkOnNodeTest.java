package dev.tiphys.node.cni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.node.containerd.ContainerdLeftovers;
import dev.tiphys.node.host.HostProgram;
import dev.tiphys.node.runtime.ContainerRuntime;
import dev.tiphys.node.runtime.PodLabels;
import dev.tiphys.node.testing.TestContainers;
import dev.tiphys.node.testing.TestNode;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The network of Pods, with real Pods in it.
@Tag("node")
class PodNetworkOnNodeTest {

  /// Answers each connection with a word, and listens all the time.
  private static final String[] SERVER = {"nc", "-lk", "-p", "8080", "-e", "echo", "hello"};

  private TestNode node;
  private TestContainers containers;

  @BeforeEach
  void start() throws Exception {
    node = TestNode.startWithBusybox();
    containers = new TestContainers(node);
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
  }

  @Test
  void theNodeReachesPodsAndPodsReachEachOther() throws Exception {
    containers.run("server", SERVER);
    String client = containers.run("client", "sleep", "3600");
    String address = address("server");

    containers.eventually(() -> answer(address, 8080).equals("hello\n"));

    assertThat(containers.ask(client, "nc", "-w", "5", address, "8080")).isEqualTo("hello\n");
  }

  @Test
  void podsReachTheNode() throws Exception {
    String client = containers.run("client", "sleep", "3600");
    try (ServerSocket server = new ServerSocket(0)) {
      node.world()
          .start(
              "server",
              () -> {
                try (Socket accepted = server.accept()) {
                  accepted.getOutputStream().write("node\n".getBytes(StandardCharsets.UTF_8));
                } catch (IOException _) {
                  // the test has ended
                }
              });

      String port = Integer.toString(server.getLocalPort());
      assertThat(containers.ask(client, "nc", "-w", "5", nodeAddress().getHostAddress(), port))
          .isEqualTo("node\n");
    }
  }

  @Test
  void settingItUpAgainLeavesPodsConnected() throws Exception {
    containers.run("server", SERVER);
    containers.eventually(() -> answer(address("server"), 8080).equals("hello\n"));

    node.installNetwork();

    assertThat(answer(address("server"), 8080)).isEqualTo("hello\n");
    containers.run("another", "sleep", "3600");
    assertThat(address("another")).isNotEqualTo(address("server"));
  }

  @Test
  void removingItLeavesNothingThoughPodsWereNotStopped() throws Exception {
    containers.run("server", SERVER);
    String name = node.networkSettings().name();
    List<String> loopbacks =
        results().stream()
            .filter(result -> result.startsWith(name + "-"))
            .map(result -> result.substring(name.length() + 1, result.lastIndexOf('-')))
            .map(id -> "cni-loopback-" + id + "-lo")
            .toList();
    assertThat(results()).containsAll(loopbacks);
    assertThat(loopbacks).isNotEmpty();
    node.containerd().close();
    new ContainerdLeftovers(node.world(), node.data()).clear();

    node.network().remove();

    assertThat(output("nft", "list", "tables")).doesNotContain(" " + name + "\n");
    assertThat(node.networkSettings().directory()).doesNotExist();
    assertThat(results())
        .noneMatch(result -> result.startsWith(name))
        .doesNotContainAnyElementsOf(loopbacks);
    assertThatThrownBy(() -> runtime().status()).isInstanceOf(RuntimeException.class);
    node.installNetwork();
    node.restart();
  }

  /// What the plugins remember.
  private static List<String> results() {
    String[] names = Path.of("/var/lib/cni/results").toFile().list();
    return names == null ? List.of() : List.of(names);
  }

  private String address(String pod) throws Exception {
    String id = runtime().sandboxes(Map.of(PodLabels.POD_NAME, pod)).getFirst().id();
    return runtime().sandboxStatus(id).addresses().getFirst();
  }

  /// What is said to who connects; empty if nobody answers.
  private static String answer(String address, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), 1000);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException _) {
      return "";
    }
  }

  /// An address of the node other than on the cables of Pods.
  private InetAddress nodeAddress() throws Exception {
    return NetworkInterface.networkInterfaces()
        .filter(network -> !network.getName().startsWith("veth"))
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
        .findFirst()
        .orElseThrow();
  }

  private static String output(String program, String... arguments) throws Exception {
    return Objects.requireNonNull(HostProgram.find(program)).run(arguments).output();
  }

  private ContainerRuntime runtime() {
    return node.runtime();
  }
}
