package dev.tiphys.network.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.network.Answers;
import dev.tiphys.network.Host;
import dev.tiphys.network.PodHost;
import dev.tiphys.network.Prefix;
import dev.tiphys.network.Protocol;
import dev.tiphys.network.conntrack.Datagrams;
import dev.tiphys.network.netlink.NetlinkSocket;
import dev.tiphys.network.nftables.Family;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who answers to the addresses of a Service, and under which address the caller is seen: every
/// caller, address, policy and state of endpoints, with packets.
@Tag("node")
class VirtualAddressesOnNodeTest {
  private static final int PORT = 80;
  private static final int NODE_PORT = 30080;

  private PodHost node;
  private NetlinkSocket socket;
  private Host other;
  private Host self;

  /// The addresses of one family.
  private record Addresses(
      Family family, String cluster, String external, String balancer, String node, String out) {
    static Addresses of(Family family) {
      return family == Family.IPV4
          ? new Addresses(
              family, "10.96.0.10", "203.0.113.10", "203.0.113.20", "192.0.2.1", "192.0.2.200")
          : new Addresses(
              family, "fd00:96::10", "2001:db8::10", "2001:db8::20", "fd00:2::1", "fd00:2::200");
    }
  }

  /// An endpoint: of Pod 2, which is on this node, or of Pod 3, which is on another one as far as
  /// the proxy knows.
  private record State(int pod, boolean ready, boolean terminating) {
    boolean local() {
      return pod == 2;
    }
  }

  private enum Caller {
    OTHER_POD,
    ENDPOINT_ITSELF,
    NODE,
    OUTSIDE
  }

  private enum At {
    CLUSTER_ADDRESS,
    EXTERNAL_ADDRESS,
    BALANCER,
    NODE_PORT
  }

  private static final Map<String, List<State>> ENDPOINTS =
      Map.of(
          "none", List.of(),
          "local", List.of(new State(2, true, false)),
          "remote", List.of(new State(3, true, false)),
          "both", List.of(new State(2, true, false), new State(3, true, false)),
          "local not ready", List.of(new State(2, false, false)),
          "local terminating", List.of(new State(2, false, true)),
          "local terminating, remote ready",
              List.of(new State(2, false, true), new State(3, true, false)));

  @BeforeEach
  void start() throws Exception {
    node = new PodHost("node-1", 1);
    socket = node.host().netlink(NetlinkSocket.NETFILTER);
    self = node.addServer(2, 8080);
    node.addServer(3, 8080);
    other = node.addPod(9);
    for (String range : List.of("203.0.113.0/24", "10.96.0.0/16")) {
      node.outside().run("ip", "route", "add", range, "via", "192.0.2.1");
    }
    for (String range : List.of("2001:db8::/64", "fd00:96::/112")) {
      node.outside().run("ip", "-6", "route", "add", range, "via", "fd00:2::1");
    }
  }

  @AfterEach
  void stop() throws Exception {
    socket.close();
    node.close();
  }

  private Host host(Caller caller) {
    return switch (caller) {
      case OTHER_POD -> other;
      case ENDPOINT_ITSELF -> self;
      case NODE -> node.host();
      case OUTSIDE -> node.outside();
    };
  }

  private String address(Caller caller, Family family) {
    boolean first = family == Family.IPV4;
    return switch (caller) {
      case OTHER_POD -> first ? node.podAddress(9) : node.podAddress6(9);
      case ENDPOINT_ITSELF -> first ? node.podAddress(2) : node.podAddress6(2);
      case NODE -> "";
      case OUTSIDE -> Addresses.of(family).out();
    };
  }

  private static Struct service(Family family, Protocol protocol, boolean local, String more) {
    Addresses at = Addresses.of(family);
    String policy = local ? "Local" : "Cluster";
    return Yaml.struct(
        """
        metadata: {namespace: default, name: web}
        spec:
          type: LoadBalancer
          clusterIP: '%s'
          externalIPs: ['%s']
          internalTrafficPolicy: %s
          externalTrafficPolicy: %s
          ports: [{port: %d, targetPort: 8080, nodePort: %d, protocol: %s}]
          %s
        status: {loadBalancer: {ingress: [{ip: '%s'}]}}
        """
            .formatted(
                at.cluster(),
                at.external(),
                policy,
                policy,
                PORT,
                NODE_PORT,
                protocol.name(),
                more,
                at.balancer()));
  }

  private Struct slice(Family family, Protocol protocol, List<State> states) {
    StringBuilder endpoints = new StringBuilder();
    for (State state : states) {
      endpoints.append(
          "- {addresses: ['%s'], nodeName: %s, conditions: {ready: %s, serving: %s, terminating: %s}}\n"
              .formatted(
                  family == Family.IPV4
                      ? node.podAddress(state.pod())
                      : node.podAddress6(state.pod()),
                  state.local() ? "node-1" : "node-2",
                  state.ready(),
                  state.ready() || state.terminating(),
                  state.terminating()));
    }
    return Yaml.struct(
        """
        metadata: {namespace: default, name: web-1}
        ports: [{name: '', port: 8080, protocol: %s}]
        endpoints:
        %s
        """
            .formatted(protocol.name(), states.isEmpty() ? "  []" : endpoints));
  }

  /// Makes the rules of a Service, and no others.
  private void program(Struct service, Struct slice) throws Exception {
    Planner planner = new Planner("node-1", "", node.settings().podRanges());
    List<Prefix> ranges = List.of(Prefix.of("10.96.0.0/16"), Prefix.of("fd00:96::/112"));
    for (ServicePort port : ServicePort.of(service)) {
      Program program = new Program(port.family(), ProxySettings.of(node.settings()), socket);
      Plan plan = planner.plan(port, Endpoint.of(slice, port));
      assertThat(program.rebuild(Map.of(port.name(), plan), ranges)).isEmpty();
      Set<InetAddress> addresses = new HashSet<>(port.external());
      addresses.add(port.clusterAddress());
      Datagrams.forget(
          List.of(new Datagrams.Port(addresses, PORT, NODE_PORT, Set.of())),
          node.settings().addresses(),
          socket);
    }
  }

  private String ask(Caller caller, At at, Family family, Protocol protocol) throws Exception {
    Addresses addresses = Addresses.of(family);
    return switch (at) {
      case CLUSTER_ADDRESS -> host(caller).ask(protocol, addresses.cluster(), PORT);
      case EXTERNAL_ADDRESS -> host(caller).ask(protocol, addresses.external(), PORT);
      case BALANCER -> host(caller).ask(protocol, addresses.balancer(), PORT);
      case NODE_PORT -> host(caller).ask(protocol, addresses.node(), NODE_PORT);
    };
  }

  /// Who may answer, by the rules as they are written down; `refused` and `silent` are answers too.
  private static Set<String> expected(Caller caller, At at, boolean local, List<State> states) {
    boolean inside = caller != Caller.OUTSIDE;
    boolean onlyLocal = local && (at == At.CLUSTER_ADDRESS || !inside);
    Set<String> cluster = names(states, false);
    Set<String> usable = onlyLocal ? names(states, true) : cluster;
    if (!usable.isEmpty()) {
      return usable;
    }
    return Set.of(cluster.isEmpty() ? Answers.REFUSED : Answers.SILENT);
  }

  private static Set<String> names(List<State> states, boolean local) {
    Set<String> ready = new TreeSet<>();
    Set<String> last = new TreeSet<>();
    for (State state : states) {
      if (!local || state.local()) {
        if (state.ready()) {
          ready.add("pod-" + state.pod());
        } else if (state.terminating()) {
          last.add("pod-" + state.pod());
        }
      }
    }
    return ready.isEmpty() ? last : ready;
  }

  /// Whether the endpoint sees the caller's own address.
  private static boolean keepsAddress(Caller caller, At at, boolean local, String answerer) {
    if (caller == Caller.ENDPOINT_ITSELF && answerer.equals("pod-2")) {
      return false;
    }
    boolean pod = caller == Caller.OTHER_POD || caller == Caller.ENDPOINT_ITSELF;
    return at == At.CLUSTER_ADDRESS ? pod : local && (pod || caller == Caller.OUTSIDE);
  }

  private String ask(Caller caller, At at) throws Exception {
    return ask(caller, at, Family.IPV4, Protocol.TCP).replaceAll(" .*", "");
  }

  private static List<State> both() {
    return List.of(new State(2, true, false), new State(3, true, false));
  }

  @Test
  void sourceRangesFilterTheBalancersAddressAlone() throws Exception {
    String allowed = "loadBalancerSourceRanges: ['%s']";
    for (boolean local : List.of(false, true)) {
      Struct slice = slice(Family.IPV4, Protocol.TCP, both());
      program(
          service(Family.IPV4, Protocol.TCP, local, allowed.formatted("192.0.2.128/25")), slice);
      assertThat(ask(Caller.OUTSIDE, At.BALANCER)).startsWith("pod-");

      program(
          service(Family.IPV4, Protocol.TCP, local, allowed.formatted("198.51.100.0/24")), slice);
      assertThat(ask(Caller.OUTSIDE, At.BALANCER)).isEqualTo(Answers.SILENT);
      assertThat(ask(Caller.OTHER_POD, At.BALANCER)).isEqualTo(Answers.SILENT);
      assertThat(ask(Caller.NODE, At.BALANCER)).startsWith("pod-");
      assertThat(ask(Caller.OUTSIDE, At.EXTERNAL_ADDRESS)).startsWith("pod-");
      assertThat(ask(Caller.OUTSIDE, At.NODE_PORT)).startsWith("pod-");
      assertThat(ask(Caller.OTHER_POD, At.CLUSTER_ADDRESS)).startsWith("pod-");
    }
  }

  @Test
  void theAddressOfABalancerThatIsAProxyItselfIsNotTaken() throws Exception {
    Struct service = service(Family.IPV4, Protocol.TCP, false, "");
    Struct proxied =
        service.with(
            "status",
            Yaml.struct("{loadBalancer: {ingress: [{ip: 203.0.113.20, ipMode: Proxy}]}}"));
    node.outside().run("ip", "address", "add", "203.0.113.20/32", "dev", "lo");
    node.outside().run("ip", "route", "del", "203.0.113.0/24");
    try (Answers _ = node.outside().serve("balancer", PORT)) {
      program(proxied, slice(Family.IPV4, Protocol.TCP, both()));

      assertThat(ask(Caller.NODE, At.BALANCER)).isEqualTo("balancer");
      program(service, slice(Family.IPV4, Protocol.TCP, both()));
      assertThat(ask(Caller.NODE, At.BALANCER)).startsWith("pod-");
    }
  }

  @Test
  void portsThatAreNotTheServicesAreRefusedAndAddressesOfNoServiceDropped() throws Exception {
    program(
        service(Family.IPV4, Protocol.TCP, false, ""), slice(Family.IPV4, Protocol.TCP, both()));

    for (Caller caller : Caller.values()) {
      assertThat(host(caller).ask(Protocol.TCP, "10.96.0.10", 81)).isEqualTo(Answers.REFUSED);
      assertThat(host(caller).ask(Protocol.UDP, "10.96.0.10", PORT)).isEqualTo(Answers.REFUSED);
      assertThat(host(caller).ask(Protocol.TCP, "10.96.77.77", PORT)).isEqualTo(Answers.SILENT);
    }
  }

  @Test
  void aNodePortIsOneOfTheNodesPrimaryAddressesAlone() throws Exception {
    node.host().run("ip", "address", "add", "192.0.2.77/24", "dev", "eth0");
    program(
        service(Family.IPV4, Protocol.TCP, false, ""), slice(Family.IPV4, Protocol.TCP, both()));

    assertThat(node.outside().ask(Protocol.TCP, "192.0.2.1", NODE_PORT)).startsWith("pod-");
    assertThat(node.outside().ask(Protocol.TCP, "192.0.2.77", NODE_PORT))
        .isEqualTo(Answers.REFUSED);
    assertThat(node.host().ask(Protocol.TCP, "127.0.0.1", NODE_PORT)).isEqualTo(Answers.REFUSED);
    assertThat(other.ask(Protocol.TCP, node.podAddress(1), NODE_PORT)).isEqualTo(Answers.REFUSED);
  }

  @Test
  void aServiceOfSctpIsTakenByTheKernel() throws Exception {
    for (Family family : Family.values()) {
      program(service(family, Protocol.SCTP, true, ""), slice(family, Protocol.SCTP, both()));
    }

    assertThat(node.host().run("nft", "list", "ruleset"))
        .contains("default/web/sctp/80/cluster", "203.0.113.10 . sctp . 80", "sctp . 30080");
  }

  @Test
  void stickingClientsAreToldApartAndMoveOnceTheirEndpointIsNotReady() throws Exception {
    for (Family family : Family.values()) {
      for (boolean local : List.of(false, true)) {
        Struct service = service(family, Protocol.TCP, local, "sessionAffinity: ClientIP");
        program(service, slice(family, Protocol.TCP, both()));
        String first = ask(Caller.OTHER_POD, At.EXTERNAL_ADDRESS, family, Protocol.TCP);
        for (int i = 0; i < 8; i++) {
          assertThat(ask(Caller.OTHER_POD, At.EXTERNAL_ADDRESS, family, Protocol.TCP))
              .isEqualTo(first);
        }
        int left = first.startsWith("pod-2") ? 3 : 2;
        program(
            service,
            slice(
                family,
                Protocol.TCP,
                List.of(new State(5 - left, false, false), new State(left, true, false))));
        assertThat(ask(Caller.OTHER_POD, At.EXTERNAL_ADDRESS, family, Protocol.TCP))
            .startsWith("pod-" + left);
        program(service, slice(family, Protocol.TCP, both()));
        for (int i = 0; i < 8; i++) {
          assertThat(ask(Caller.OTHER_POD, At.EXTERNAL_ADDRESS, family, Protocol.TCP))
              .startsWith("pod-" + left);
        }
        program(
            service,
            slice(
                family,
                Protocol.TCP,
                List.of(new State(2, false, false), new State(3, false, false))));
        assertThat(ask(Caller.OTHER_POD, At.EXTERNAL_ADDRESS, family, Protocol.TCP))
            .isEqualTo(Answers.REFUSED);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"IPV4, TCP", "IPV4, UDP", "IPV6, TCP", "IPV6, UDP"})
  void everyCallerIsAnsweredAsTheRulesSay(Family family, Protocol protocol) throws Exception {
    SoftAssertions all = new SoftAssertions();
    for (String endpoints : ENDPOINTS.keySet()) {
      List<State> states = ENDPOINTS.get(endpoints);
      for (boolean local : List.of(false, true)) {
        program(service(family, protocol, local, ""), slice(family, protocol, states));
        for (Caller caller : Caller.values()) {
          for (At at : At.values()) {
            String what =
                "%s at %s, local %s, endpoints %s".formatted(caller, at, local, endpoints);
            String answer = ask(caller, at, family, protocol);
            String answerer = answer.replaceAll(" .*", "");
            all.assertThat(expected(caller, at, local, states)).as(what).contains(answerer);
            if (answerer.startsWith("pod-") && caller != Caller.NODE) {
              String own = InetAddress.ofLiteral(address(caller, family)).getHostAddress();
              all.assertThat(answer.endsWith(" " + own))
                  .as(what + " keeps its address: " + answer)
                  .isEqualTo(keepsAddress(caller, at, local, answerer));
            }
          }
        }
      }
    }
    all.assertAll();
  }
}
