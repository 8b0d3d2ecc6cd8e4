package dev.tiphys.network.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.network.Answers;
import dev.tiphys.network.Host;
import dev.tiphys.network.LiveApi;
import dev.tiphys.network.PodHost;
import dev.tiphys.network.conntrack.Fill;
import dev.tiphys.network.netlink.NetlinkSocket;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What one socket sends to a Service for a long time, while endpoints come and go.
@Tag("node")
class DatagramsOnNodeTest {
  private PodHost node;
  private LiveApi api;
  private Proxy proxy;
  private Host client;

  @BeforeEach
  void start() throws Exception {
    node = new PodHost("node-1", 1);
    api = new LiveApi();
    api.apply(ApiResource.NODES, "metadata: {name: node-1}");
    client = node.addPod(9);
    node.addServer(2, 8080);
    node.addServer(3, 8080);
    proxy = new Proxy(api.world(), api.api(), ProxySettings.of(node.settings()));
    proxy.start();
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    api.close();
    node.close();
  }

  private String service(String protocol) {
    return api.apply(
            ApiResource.SERVICES,
            "metadata: {name: dns}\nspec: {ports: [{port: 53, targetPort: 8080, protocol: %s}]}"
                .formatted(protocol))
        .struct("spec")
        .string("clusterIP");
  }

  private void slice(String protocol, String endpoints) throws Exception {
    long revision =
        Long.parseLong(
            api.apply(
                    ApiResource.ENDPOINT_SLICES,
                    """
                    metadata: {name: dns-1, labels: {kubernetes.io/service-name: dns}}
                    addressType: IPv4
                    ports: [{name: '', port: 8080, protocol: %s}]
                    endpoints: [%s]
                    """
                        .formatted(protocol, endpoints))
                .struct("metadata")
                .string("resourceVersion"));
    api.eventually(() -> proxy.served() >= revision);
  }

  private String endpoint(int pod, String conditions) {
    return "{addresses: ['%s'], nodeName: node-1, conditions: {%s}}"
        .formatted(node.podAddress(pod), conditions);
  }

  private static String ask(DatagramSocket socket) throws IOException {
    return Answers.ask(socket).replaceAll(" .*", "");
  }

  private DatagramSocket socketTo(String address) throws Exception {
    DatagramSocket socket = client.in(() -> new DatagramSocket(5353));
    socket.setSoTimeout(500);
    socket.connect(InetAddress.ofLiteral(address), 53);
    return socket;
  }

  @Test
  void aSenderThatKeepsItsSocketFollowsTheEndpoints() throws Exception {
    String address = service("UDP");
    slice("UDP", "");
    try (DatagramSocket socket = socketTo(address)) {
      assertThat(ask(socket)).isEqualTo("refused");
      slice("UDP", endpoint(2, "ready: false, serving: false"));
      assertThat(ask(socket)).isEqualTo("refused");
      slice("UDP", endpoint(2, "ready: true"));
      assertThat(ask(socket)).isEqualTo("pod-2");

      slice("UDP", endpoint(3, "ready: true"));
      assertThat(ask(socket)).isEqualTo("pod-3");

      slice(
          "UDP",
          endpoint(2, "ready: true")
              + ", "
              + endpoint(3, "ready: false, serving: true, terminating: true"));
      assertThat(ask(socket)).as("an endpoint that serves keeps its flows").isEqualTo("pod-3");

      slice("UDP", "");
      assertThat(ask(socket)).isEqualTo("refused");
      slice("UDP", endpoint(2, "ready: true"));
      assertThat(ask(socket)).isEqualTo("pod-2");
    }
  }

  @Test
  void aSenderThatWasThereBeforeTheServiceReachesIt() throws Exception {
    try (DatagramSocket socket = socketTo("10.96.0.53")) {
      assertThat(ask(socket)).isEqualTo("silent");

      api.apply(
          ApiResource.SERVICES,
          "metadata: {name: dns}\n"
              + "spec: {clusterIP: 10.96.0.53, ports: [{port: 53, targetPort: 8080, protocol: UDP}]}");
      slice("UDP", endpoint(2, "ready: true"));

      assertThat(ask(socket)).isEqualTo("pod-2");
      api.delete(ApiResource.SERVICES, "dns");
      api.eventually(() -> !ask(socket).startsWith("pod-"));
    }
  }

  @Test
  void aConnectionGoesOnWhenItsEndpointHasLeft() throws Exception {
    Host server = node.addPod(4);
    try (ServerSocket echo = server.in(() -> new ServerSocket(8080))) {
      echo.setSoTimeout(2000);
      String address = service("TCP");
      slice("TCP", endpoint(4, "ready: true"));
      try (Socket connection = client.in(() -> new Socket(InetAddress.ofLiteral(address), 53))) {
        try (Socket accepted = echo.accept()) {
          slice("TCP", endpoint(2, "ready: true"));
          slice("TCP", "");

          connection.getOutputStream().write('x');
          assertThat(accepted.getInputStream().read()).isEqualTo('x');
        }
      }
    }
  }

  @Test
  void theKernelSaysHowManyConnectionsItKnows() throws Exception {
    String address = service("UDP");
    slice("UDP", endpoint(2, "ready: true"));
    try (DatagramSocket socket = socketTo(address);
        NetlinkSocket netlink = node.host().netlink(NetlinkSocket.NETFILTER)) {
      assertThat(ask(socket)).isEqualTo("pod-2");

      Fill fill = Fill.of(netlink);

      assertThat(fill.entries()).isPositive();
      assertThat(fill.most()).isGreaterThan(fill.entries());
      assertThat(fill.isFull()).isFalse();
      assertThat(new Fill(10, 10).isFull()).isTrue();
    }
  }
}
