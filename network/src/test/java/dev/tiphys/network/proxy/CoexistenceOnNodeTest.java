package dev.tiphys.network.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.network.Host;
import dev.tiphys.network.LiveApi;
import dev.tiphys.network.PodHost;
import dev.tiphys.network.Protocol;
import dev.tiphys.network.netlink.NetlinkSocket;
import dev.tiphys.network.nftables.Tables;
import dev.tiphys.object.Struct;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Services on a node whose packets other programs judge as well. What their rules drop stays
/// dropped, as with any proxy that has tables of its own; all else passes, and nothing of theirs is
/// touched.
@Tag("node")
class CoexistenceOnNodeTest {
  private static final String NODE = "192.0.2.1";
  private static final int PUBLISHED = 8088;

  /// As docker writes them for a container that publishes a port.
  private static final String DOCKER =
      """
      *filter
      :INPUT ACCEPT [0:0]
      :FORWARD %s [0:0]
      :OUTPUT ACCEPT [0:0]
      :DOCKER - [0:0]
      :DOCKER-ISOLATION-STAGE-1 - [0:0]
      :DOCKER-ISOLATION-STAGE-2 - [0:0]
      :DOCKER-USER - [0:0]
      -A FORWARD -j DOCKER-USER
      -A FORWARD -j DOCKER-ISOLATION-STAGE-1
      -A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
      -A FORWARD -o docker0 -j DOCKER
      -A FORWARD -i docker0 ! -o docker0 -j ACCEPT
      -A FORWARD -i docker0 -o docker0 -j ACCEPT
      -A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
      -A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2
      -A DOCKER-ISOLATION-STAGE-1 -j RETURN
      -A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP
      -A DOCKER-ISOLATION-STAGE-2 -j RETURN
      -A DOCKER-USER -j RETURN
      COMMIT
      *nat
      :PREROUTING ACCEPT [0:0]
      :INPUT ACCEPT [0:0]
      :OUTPUT ACCEPT [0:0]
      :POSTROUTING ACCEPT [0:0]
      :DOCKER - [0:0]
      -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
      -A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
      -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
      -A POSTROUTING -s 172.17.0.2/32 -d 172.17.0.2/32 -p tcp -m tcp --dport 80 -j MASQUERADE
      -A DOCKER -i docker0 -j RETURN
      -A DOCKER ! -i docker0 -p tcp -m tcp --dport 8088 -j DNAT --to-destination 172.17.0.2:80
      COMMIT
      """;

  /// A zone that lets in ssh, as firewalld has it by default.
  private static final String FIREWALLD =
      """
      table inet firewalld {
        chain filter_INPUT {
          type filter hook input priority filter + 10; policy accept;
          ct state { established, related } accept
          ct status dnat accept
          iifname "lo" accept
          ct state invalid drop
          jump zones
          tcp dport 22 accept
          reject with icmpx admin-prohibited
        }
        chain filter_FORWARD {
          type filter hook forward priority filter + 10; policy accept;
          ct state { established, related } accept
          ct status dnat accept
          iifname "lo" accept
          ct state invalid drop
          jump zones
          reject with icmpx admin-prohibited
        }
        chain filter_OUTPUT {
          type filter hook output priority filter + 10; policy accept;
          ct state { established, related } accept
          oifname "lo" accept
        }
        chain zones {
          %s
        }
      }
      """;

  /// A host that lets in ssh, and marks and remembers connections for routes of its own.
  private static final String PLAIN =
      """
      *filter
      :INPUT DROP [0:0]
      :FORWARD ACCEPT [0:0]
      :OUTPUT ACCEPT [0:0]
      -A INPUT -i lo -j ACCEPT
      -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
      -A INPUT -p icmp -j ACCEPT
      -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
      %s
      COMMIT
      *mangle
      :PREROUTING ACCEPT [0:0]
      :OUTPUT ACCEPT [0:0]
      -A PREROUTING -j CONNMARK --restore-mark
      -A PREROUTING -m mark --mark 0x0 -j MARK --set-xmark 0x10/0x10
      -A PREROUTING -j CONNMARK --save-mark
      COMMIT
      *nat
      :PREROUTING ACCEPT [0:0]
      :POSTROUTING ACCEPT [0:0]
      -A PREROUTING -p tcp -m tcp --dport 9999 -j REDIRECT --to-ports 22
      -A POSTROUTING -s 203.0.113.0/24 -j MASQUERADE
      COMMIT
      """;

  /// From where to where connections are made.
  private enum Way {
    POD_TO_SERVICE,
    POD_TO_ITSELF_BY_SERVICE,
    HOST_TO_SERVICE,
    OUTSIDE_TO_NODE_PORT,
    POD_TO_SERVICE_OF_THE_NODE,
    POD_TO_POD
  }

  @TempDir private Path directory;

  private PodHost node;
  private LiveApi api;
  private Proxy proxy;
  private Host server;
  private Host client;
  private AutoCloseable ofTheNode;
  private String web;
  private String own;
  private int nodePort;

  @BeforeEach
  void start() throws Exception {
    node = new PodHost("node-1", 1);
    api = new LiveApi();
    api.apply(ApiResource.NODES, "metadata: {name: node-1}");
    server = node.addServer(2, 8080);
    client = node.addPod(9);
    ofTheNode = node.host().serve("node", 1053);
  }

  @AfterEach
  void stop() throws Exception {
    proxy.close();
    api.close();
    ofTheNode.close();
    node.close();
  }

  private void startProxy() throws Exception {
    proxy = new Proxy(api.world(), api.api(), ProxySettings.of(node.settings()));
    proxy.start();
    Struct made = service("web", "NodePort", 8080, node.podAddress(2));
    web = made.string("clusterIP");
    nodePort = (int) made.structs("ports").getFirst().integer("nodePort");
    own = service("own", "ClusterIP", 1053, NODE).string("clusterIP");
  }

  private Struct service(String name, String type, int port, String endpoint) throws Exception {
    Struct made =
        api.apply(
            ApiResource.SERVICES,
            "metadata: {name: %s}\nspec: {type: %s, ports: [{port: 80, targetPort: %d}]}"
                .formatted(name, type, port));
    Struct slice =
        api.apply(
            ApiResource.ENDPOINT_SLICES,
            """
            metadata: {name: %1$s-1, labels: {kubernetes.io/service-name: %1$s}}
            addressType: IPv4
            ports: [{name: '', port: %2$d, protocol: TCP}]
            endpoints: [{addresses: ['%3$s'], nodeName: node-1, conditions: {ready: true}}]
            """
                .formatted(name, port, endpoint));
    long revision = Long.parseLong(slice.struct("metadata").string("resourceVersion"));
    api.eventually(() -> proxy.served() >= revision);
    return made.struct("spec");
  }

  private void iptables(String rules) throws IOException {
    Path file = Files.writeString(directory.resolve("rules"), rules);
    node.host().run("iptables-nft-restore", file.toString());
  }

  private void nft(String rules) throws IOException {
    Path file = Files.writeString(directory.resolve("rules"), rules);
    node.host().run("nft", "-f", file.toString());
  }

  /// The ways that are stopped.
  private Set<Way> stopped() throws Exception {
    Set<Way> stopped = EnumSet.noneOf(Way.class);
    for (Way way : Way.values()) {
      String answer =
          switch (way) {
            case POD_TO_SERVICE -> ask(client, web, 80);
            case POD_TO_ITSELF_BY_SERVICE -> ask(server, web, 80);
            case HOST_TO_SERVICE -> ask(node.host(), web, 80);
            case OUTSIDE_TO_NODE_PORT -> ask(node.outside(), NODE, nodePort);
            case POD_TO_SERVICE_OF_THE_NODE -> ask(client, own, 80);
            case POD_TO_POD -> ask(client, node.podAddress(2), 8080);
          };
      if (!answer.startsWith(way == Way.POD_TO_SERVICE_OF_THE_NODE ? "node " : "pod-2 ")) {
        stopped.add(way);
      }
    }
    return stopped;
  }

  private static String ask(Host caller, String address, int port) throws Exception {
    try {
      return caller.ask(Protocol.TCP, address, port);
    } catch (IOException e) {
      return e.toString(); // firewalls say in several ways that they refuse
    }
  }

  /// Rules of others, without what counts packets.
  private String foreign(String... table) {
    String[] command = new String[3 + table.length];
    command[0] = "nft";
    command[1] = "list";
    command[2] = "table";
    System.arraycopy(table, 0, command, 3, table.length);
    return node.host().run(command).replaceAll("packets \\d+ bytes \\d+", "");
  }

  private void reset() throws IOException {
    proxy.close();
    try (NetlinkSocket socket = node.host().netlink(NetlinkSocket.NETFILTER)) {
      Tables.deleteBeginningWith(node.settings().table(""), socket);
    }
  }

  @Test
  void aForwardPolicyOfDockerStopsWhatItDoesNotKnowUntilItIsTold() throws Exception {
    try (Host container = Host.create()) {
      node.host().connect("docker0", "172.17.0.1/16", container, "eth0", "172.17.0.2/16");
      container.run("ip", "route", "add", "default", "via", "172.17.0.1");
      AutoCloseable published = container.serve("container", 80);
      iptables(DOCKER.formatted("DROP"));
      startProxy();
      String filter = foreign("ip", "filter");
      String nat = foreign("ip", "nat");

      assertThat(stopped())
          .containsExactlyInAnyOrder(
              Way.POD_TO_SERVICE,
              Way.POD_TO_ITSELF_BY_SERVICE,
              Way.OUTSIDE_TO_NODE_PORT,
              Way.POD_TO_POD);
      assertThat(ask(container, web, 80)).startsWith("pod-2 ");
      assertThat(ask(node.outside(), NODE, PUBLISHED)).startsWith("container ");

      String pods = "10.244.0.0/16";
      node.host().run("iptables-nft", "-I", "DOCKER-USER", "-s", pods, "-j", "ACCEPT");
      node.host().run("iptables-nft", "-I", "DOCKER-USER", "-d", pods, "-j", "ACCEPT");
      assertThat(stopped()).isEmpty();
      assertThat(ask(node.outside(), NODE, PUBLISHED)).startsWith("container ");
      node.host().run("iptables-nft", "-D", "DOCKER-USER", "-s", pods, "-j", "ACCEPT");
      node.host().run("iptables-nft", "-D", "DOCKER-USER", "-d", pods, "-j", "ACCEPT");

      reset();
      assertThat(foreign("ip", "filter")).isEqualTo(filter);
      assertThat(foreign("ip", "nat")).isEqualTo(nat);
      assertThat(ask(node.outside(), NODE, PUBLISHED)).startsWith("container ");
      published.close();
    }
  }

  @Test
  void dockerOnAHostThatForwardsStopsNothing() throws Exception {
    startProxy();
    iptables(DOCKER.formatted("ACCEPT"));

    assertThat(stopped()).isEmpty();
  }

  @Test
  void firewalldLetsServicesPassAndStopsPodsUntilTheyAreTrusted() throws Exception {
    nft(FIREWALLD.formatted(""));
    startProxy();
    String before = foreign("inet", "firewalld");

    assertThat(stopped()).containsExactly(Way.POD_TO_POD);

    node.host().run("nft", "delete", "table", "inet", "firewalld");
    nft(FIREWALLD.formatted("ip saddr 10.244.0.0/16 accept"));
    assertThat(stopped()).isEmpty();

    node.host().run("nft", "delete", "table", "inet", "firewalld");
    nft(FIREWALLD.formatted(""));
    reset();
    assertThat(foreign("inet", "firewalld")).isEqualTo(before);
  }

  @Test
  void rulesOfAnAdministratorHoldForTheNodeAlone() throws Exception {
    iptables(PLAIN.formatted(""));
    startProxy();

    assertThat(stopped()).containsExactly(Way.POD_TO_SERVICE_OF_THE_NODE);

    iptables(PLAIN.formatted("-A INPUT -s 10.244.0.0/16 -j ACCEPT"));
    assertThat(stopped()).isEmpty();
    String mangle = foreign("ip", "mangle");
    reset();
    assertThat(foreign("ip", "mangle")).isEqualTo(mangle);
  }
}
