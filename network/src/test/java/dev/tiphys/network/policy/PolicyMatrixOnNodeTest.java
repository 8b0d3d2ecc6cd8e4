package dev.tiphys.network.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.network.Answers;
import dev.tiphys.network.Host;
import dev.tiphys.network.Protocol;
import dev.tiphys.network.policy.Truth.End;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every pair of Pods, the node and a machine outside, on every port and protocol, of both
/// families: who reaches whom is what [Truth] says.
@Tag("node")
class PolicyMatrixOnNodeTest {
  private static final int WEB = 8080;
  private static final int OTHER = 9090;
  private static final int ATTEMPTS = 3;

  private static PolicyCluster cluster;
  private static final Map<String, Host> HOSTS = new LinkedHashMap<>();
  private static final List<End> ENDS = new ArrayList<>();
  private static final List<End> ENDS_6 = new ArrayList<>();
  private static final List<AutoCloseable> SERVERS = new ArrayList<>();
  private final List<Struct> applied = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    cluster = new PolicyCluster();
    pod("a", 2, Map.of("role", "server", "tier", "back"), Map.of("web", WEB, "admin", OTHER));
    pod("a", 3, Map.of("role", "client"), Map.of("web", OTHER));
    pod("b", 4, Map.of("role", "client", "tier", "back"), Map.of("web", WEB));
    pod("b", 5, Map.of("role", "other"), Map.of());
    end("node", cluster.node().host(), "192.0.2.1", "fd00:2::1", true);
    end("outside", cluster.node().outside(), "192.0.2.200", "fd00:2::200", false);
    cluster.node().outside().run("ip", "route", "add", "10.244.0.0/16", "via", "192.0.2.1");
    cluster
        .node()
        .outside()
        .run("ip", "-6", "route", "add", "fd00:10:244::/48", "via", "fd00:2::1");
    for (Map.Entry<String, Host> host : HOSTS.entrySet()) {
      SERVERS.add(host.getValue().serve(host.getKey(), WEB));
      SERVERS.add(host.getValue().serve(host.getKey(), OTHER));
    }
  }

  private static void pod(
      String namespace, int number, Map<String, String> labels, Map<String, Integer> ports) {
    String declared =
        String.join(
            ", ",
            ports.entrySet().stream()
                .map(p -> "{name: %s, containerPort: %d}".formatted(p.getKey(), p.getValue()))
                .toList());
    cluster.pod(
        namespace,
        number,
        labels.toString().replace("=", ": "),
        "[" + declared + "]",
        ", phase: Running");
    String name = "pod-" + number;
    Map<String, String> team =
        Map.of(
            "team",
            namespace.equals("a") ? "red" : "blue",
            "kubernetes.io/metadata.name",
            namespace);
    HOSTS.put(name, cluster.node().addPod(number));
    ENDS.add(
        new End(name, namespace, team, labels, ports, cluster.node().podAddress(number), false));
    ENDS_6.add(
        new End(name, namespace, team, labels, ports, cluster.node().podAddress6(number), false));
  }

  private static void end(String name, Host host, String address, String address6, boolean node) {
    HOSTS.put(name, host);
    ENDS.add(new End(name, "", Map.of(), Map.of(), Map.of(), address, node));
    ENDS_6.add(new End(name, "", Map.of(), Map.of(), Map.of(), address6, node));
  }

  @AfterAll
  static void stop() throws Exception {
    for (AutoCloseable server : SERVERS) {
      server.close();
    }
    cluster.close();
  }

  @AfterEach
  void remove() {
    for (Struct policy : applied) {
      Struct meta = policy.struct("metadata");
      cluster.delete(ApiResource.NETWORK_POLICIES, meta.string("namespace"), meta.string("name"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: {podSelector: {}}",
        "a: {podSelector: {}, policyTypes: [Egress]}",
        "a: {podSelector: {}, policyTypes: [Ingress, Egress]}",
        "a: {podSelector: {}, ingress: [{}]}",
        "a: {podSelector: {}, policyTypes: [Egress], egress: [{}]}",
        "a: {podSelector: {matchLabels: {role: server}}, ingress: [{from: [{podSelector: {}}]}]}",
        "a: {podSelector: {matchLabels: {role: server}},"
            + " ingress: [{from: [{namespaceSelector: {matchLabels: {team: blue}}}]}]}",
        "a: {podSelector: {}, ingress: [{from: [{namespaceSelector: {},"
            + " podSelector: {matchLabels: {role: client}}}]}]}",
        "a: {podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: blue}}},"
            + " {podSelector: {matchLabels: {role: client}}}], ports: [{port: 8080}]}]}",
        "a: {podSelector: {}, ingress: [{ports: [{port: 8080}, {port: 9090, protocol: UDP}]}]}",
        "a: {podSelector: {}, ingress: [{ports: [{port: 8000, endPort: 9000}]},"
            + " {ports: [{protocol: UDP}], from: [{podSelector: {}}]}]}",
        "a: {podSelector: {}, ingress: [{ports: [{port: web}]}]}",
        "a: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/24}},"
            + " {ipBlock: {cidr: 'fd00::/16', except: ['fd00:10:244:1::4/128']}}],"
            + " ports: [{port: web}, {port: missing}]}]}",
        "b: {podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: web}]}]}",
        "b: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {}},"
            + " {ipBlock: {cidr: 10.244.1.2/31}}], ports: [{port: web}]}]}",
        "b: {podSelector: {matchExpressions: [{key: tier, operator: DoesNotExist}]},"
            + " policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchExpressions:"
            + " [{key: team, operator: NotIn, values: [blue]}]}}]}]}",
        "a: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0,"
            + " except: [10.244.1.4/30, 192.0.2.0/24]}}]}]}\n"
            + "a: {podSelector: {matchLabels: {role: server}},"
            + " ingress: [{from: [{ipBlock: {cidr: 10.244.1.4/32}}]}]}",
        "a: {podSelector: {}, policyTypes: [Ingress, Egress],"
            + " ingress: [{from: [{podSelector: {}}]}], egress: [{to: [{podSelector: {}}]}]}\n"
            + "b: {podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}],"
            + " policyTypes: [Egress, Ingress], egress: [{to: [{ipBlock: {cidr: 192.0.2.0/25}},"
            + " {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: a}}}],"
            + " ports: [{port: 8080, protocol: TCP}, {port: 9090, protocol: UDP}]}]}",
        "a: {podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 9090,"
            + " protocol: SCTP}]}, {to: [{ipBlock: {cidr: 192.0.2.200/32}}]}]}",
      })
  void whoReachesWhomIsWhatPoliciesSay(String policies) throws Exception {
    int number = 0;
    for (String line : policies.split("\n")) {
      String namespace = line.substring(0, 1);
      applied.add(cluster.policy(namespace, "policy-" + number++, line.substring(3)));
    }
    // Policies that were made before are in force when this returns.
    for (End pod : List.of(ENDS.get(0), ENDS.get(2))) {
      Struct object = cluster.api().api().get(ApiResource.PODS, pod.namespace(), pod.name());
      cluster
          .policies()
          .protect(object, cluster.addresses(Integer.parseInt(pod.name().substring(4))));
    }

    check(ENDS);
    check(ENDS_6);
  }

  /// A question, and whether there is to be an answer.
  private record Probe(End from, End to, Protocol protocol, int port, boolean expected) {

    /// Whether it is not as expected.
    boolean isWrong() throws Exception {
      Host host = HOSTS.get(from.name());
      String answer = host.ask(protocol, to.address(), port);
      return expected ? !answer.startsWith(to.name()) : !answer.equals(Answers.SILENT);
    }

    @Override
    public String toString() {
      return "%s to %s %s/%d is to be %s"
          .formatted(from.name(), to.name(), protocol, port, expected ? "let through" : "dropped");
    }
  }

  private void check(List<End> ends) throws Exception {
    Truth truth = new Truth(applied);
    List<Probe> probes = new ArrayList<>();
    for (End from : ends) {
      for (End to : ends) {
        for (int port : new int[] {WEB, OTHER}) {
          for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP)) {
            // The node would answer a datagram under the address of the cable by which it leaves.
            if (from != to && !(to.node() && protocol == Protocol.UDP)) {
              probes.add(
                  new Probe(from, to, protocol, port, truth.allows(from, to, protocol, port)));
            }
          }
        }
      }
    }
    List<Probe> wrong = wrong(probes);
    for (int i = 0; i < ATTEMPTS && wrong.stream().anyMatch(Probe::expected); i++) {
      // A machine under load may take longer than a caller waits. What came through came through.
      List<Probe> late = wrong(wrong.stream().filter(Probe::expected).toList());
      wrong =
          Stream.concat(wrong.stream().filter(probe -> !probe.expected()), late.stream()).toList();
    }
    assertThat(new TreeSet<>(wrong.stream().map(Probe::toString).toList())).isEmpty();
  }

  private static List<Probe> wrong(List<Probe> probes) throws Exception {
    Map<Probe, Future<Boolean>> answers = new LinkedHashMap<>();
    try (ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
      probes.forEach(probe -> answers.put(probe, all.submit(probe::isWrong)));
    }
    List<Probe> wrong = new ArrayList<>();
    for (Map.Entry<Probe, Future<Boolean>> answer : answers.entrySet()) {
      if (isTrue(answer.getValue())) {
        wrong.add(answer.getKey());
      }
    }
    return wrong;
  }

  private static boolean isTrue(Future<Boolean> answer) throws Exception {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }
}
