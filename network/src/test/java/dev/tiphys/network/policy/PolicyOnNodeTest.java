package dev.tiphys.network.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.network.Answers;
import dev.tiphys.network.Host;
import dev.tiphys.network.Protocol;
import dev.tiphys.network.proxy.Proxy;
import dev.tiphys.object.Struct;
import dev.tiphys.world.Task;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What becomes of policies as Pods and policies come and go, with packets.
@Tag("node")
class PolicyOnNodeTest {
  private static final String DENY = "{podSelector: {}, policyTypes: [Ingress, Egress]}";
  private static final int PORT = 8080;

  private PolicyCluster cluster;
  private Host client;
  private Host server;

  @BeforeEach
  void start() throws Exception {
    cluster = new PolicyCluster();
    client = cluster.node().addPod(9);
    server = cluster.node().addServer(2, PORT);
    cluster.pod("a", 9, "{role: client}");
    cluster.pod("a", 2, "{role: server}");
  }

  @AfterEach
  void stop() throws Exception {
    cluster.close();
  }

  private void deny() throws Exception {
    cluster.policy("a", "deny", DENY);
    cluster.api().eventually(() -> !cluster.reaches(client, 2, PORT));
  }

  @Test
  void aPodIsIsolatedWhenProtectReturnsThoughThePolicyIsOfThisMoment() throws Exception {
    Map<Integer, String> answers = new ConcurrentHashMap<>();
    List<Task> asking = new ArrayList<>();
    for (int number = 20; number < 40; number++) {
      int pod = number;
      Host fresh = cluster.node().addPod(pod);
      String namespace = pod % 2 == 0 ? "a" : "b";
      Struct object =
          cluster.pod(namespace, pod, "{role: fresh-%d}".formatted(pod), "[]", ", phase: Pending");
      cluster.policy(
          namespace,
          "deny-" + pod,
          "{podSelector: {matchLabels: {role: fresh-%d}}, policyTypes: [Ingress, Egress]}"
              .formatted(pod));

      cluster.policies().protect(object.without("status"), cluster.addresses(pod));

      // that nothing answers takes a while to know: they wait together
      asking.add(
          cluster.api().world().startThread("ask-" + pod, () -> answers.put(pod, asked(fresh))));
    }
    for (Task each : asking) {
      each.join();
    }
    assertThat(answers).hasSize(20);
    assertThat(answers.values()).containsOnly(Answers.SILENT);
  }

  private static String asked(Host fresh) {
    try {
      return fresh.ask(Protocol.TCP, "192.0.2.200", PORT);
    } catch (Exception e) {
      return e.toString();
    }
  }

  @Test
  void nothingIsProtectedAsLongAsPoliciesAreNotKnown() throws Exception {
    Struct pod = cluster.api().api().get(ApiResource.PODS, "a", "pod-2");
    try (NetworkPolicies unstarted =
        new NetworkPolicies(
            cluster.api().world(), cluster.api().api(), cluster.node().settings())) {

      assertThatThrownBy(() -> unstarted.protect(pod, cluster.addresses(2)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("not known yet");
    }
  }

  @Test
  void aPodThatIsOverLeavesItsAddressToTheNext() throws Exception {
    deny();
    cluster.pod("a", 2, "{role: server}", "[]", ", phase: Succeeded");

    cluster.pod("b", 2, "{role: server}");
    cluster.policy("b", "clients", "{podSelector: {matchLabels: {role: nothing}}}");
    Host other = cluster.node().addPod(8);
    cluster.pod("b", 8, "{role: client}");

    cluster.api().eventually(() -> cluster.reaches(other, 2, PORT));
    cluster.policy(
        "b",
        "old-peers",
        "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: red}},"
            + " podSelector: {matchLabels: {role: over}}}]}]}");
    cluster.api().eventually(() -> !cluster.reaches(other, 2, PORT));
    cluster.pod("a", 18, "{role: over}", "[]", ", phase: Failed");
    cluster
        .api()
        .apply(
            ApiResource.PODS,
            """
            metadata: {name: over, namespace: a, labels: {role: over}}
            spec: {nodeName: node-2, containers: [{name: main, image: none}]}
            status: {phase: Succeeded, podIPs: [{ip: '%s'}]}
            """
                .formatted(cluster.node().podAddress(8)));
    assertThat(cluster.reaches(other, 2, PORT)).isFalse();
  }

  @Test
  void aPodStaysCoveredUntilItIsGone() throws Exception {
    deny();
    Struct pod = cluster.api().api().get(ApiResource.PODS, "a", "pod-2");
    cluster.policies().protect(pod, cluster.addresses(2));

    Host other = cluster.node().addPod(8);
    cluster.delete(ApiResource.PODS, "a", "pod-2");
    cluster.policies().protect(cluster.pod("b", 30, "{}"), cluster.addresses(30));
    assertThat(cluster.reaches(other, 2, PORT)).isFalse();
    cluster.api().api().delete(ApiResource.PODS, "a", "pod-2", DeleteOptions.withGrace(0));
    cluster.policies().protect(cluster.pod("b", 31, "{}"), cluster.addresses(31));
    assertThat(cluster.reaches(other, 2, PORT)).isFalse();

    cluster.policies().release(pod.string("metadata", "uid"));
    cluster.api().eventually(() -> cluster.reaches(other, 2, PORT));
  }

  @Test
  void theNodeReachesItsPodsWhateverPoliciesSay() throws Exception {
    deny();

    assertThat(cluster.reaches(cluster.node().host(), 2, PORT)).isTrue();
    assertThat(cluster.node().host().ask(Protocol.UDP, cluster.node().podAddress(2), PORT))
        .startsWith("pod-2");
  }

  @Test
  void aPodReachesItselfWhateverPoliciesSay() throws Exception {
    deny();
    try (Proxy _ = serviceOf(2)) {
      cluster.api().eventually(() -> server.ask(Protocol.TCP, "10.96.3.3", 80).startsWith("pod-2"));
    }
  }

  @Test
  void egressByLabelsWorksThroughAnyClusterAddressWithoutThePortOfTheService() throws Exception {
    cluster.node().addServer(3, PORT);
    cluster.pod("b", 3, "{role: other}");
    deny();
    cluster.policy(
        "a",
        "to-server",
        "{podSelector: {matchLabels: {role: client}}, policyTypes: [Egress],"
            + " egress: [{to: [{podSelector: {matchLabels: {role: server}}}],"
            + " ports: [{port: 8080}]}]}");
    cluster.policy(
        "a",
        "from-client",
        "{podSelector: {matchLabels: {role: server}},"
            + " ingress: [{from: [{podSelector: {matchLabels: {role: client}}}]}]}");
    cluster.api().eventually(() -> cluster.reaches(client, 2, PORT));
    try (Proxy _ = serviceOf(2)) {
      cluster.api().eventually(() -> client.ask(Protocol.TCP, "10.96.3.3", 80).startsWith("pod-2"));
    }
    assertThat(cluster.reaches(client, 3, PORT)).isFalse();
  }

  private Proxy serviceOf(int pod) throws Exception {
    cluster.api().apply(ApiResource.NODES, "metadata: {name: node-1}");
    cluster
        .api()
        .apply(
            ApiResource.SERVICES,
            """
            metadata: {name: web}
            spec: {clusterIP: 10.96.3.3, ports: [{port: 80, targetPort: 8080, protocol: TCP}]}
            """);
    cluster
        .api()
        .apply(
            ApiResource.ENDPOINT_SLICES,
            """
            metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
            addressType: IPv4
            ports: [{name: '', port: 8080, protocol: TCP}]
            endpoints: [{addresses: ['%s'], nodeName: node-1, conditions: {ready: true}}]
            """
                .formatted(cluster.node().podAddress(pod)));
    Proxy proxy = new Proxy(cluster.api().world(), cluster.api().api(), cluster.node().settings());
    proxy.start();
    return proxy;
  }

  @Test
  void serversOfTheDnsOnNodesAreWhatPoliciesSayOfItsPods() throws Exception {
    deny();
    cluster
        .api()
        .apply(
            ApiResource.ENDPOINT_SLICES,
            """
            metadata:
              name: kube-dns-1
              namespace: kube-system
              labels: {kubernetes.io/service-name: kube-dns}
            addressType: IPv4
            ports: [{name: dns-tcp, port: 1053, protocol: TCP}]
            endpoints: [{addresses: [192.0.2.1], nodeName: node-1}]
            """);
    try (Answers _ = cluster.node().host().serve("names", 1053);
        Answers _ = cluster.node().host().serve("other", 1054)) {
      assertThat(client.ask(Protocol.TCP, "192.0.2.1", 1053)).isEqualTo(Answers.SILENT);

      cluster.policy(
          "a",
          "names",
          "{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {},"
              + " podSelector: {matchLabels: {k8s-app: kube-dns}}}], ports: [{port: 53}]}]}");

      cluster
          .api()
          .eventually(() -> client.ask(Protocol.TCP, "192.0.2.1", 1053).startsWith("names"));
      assertThat(client.ask(Protocol.TCP, "192.0.2.1", 1054)).isEqualTo(Answers.SILENT);
    }
  }

  @Test
  void exceptionsNarrowTheirOwnBlockWhateverTheOrderOfPolicies() throws Exception {
    String outside = "192.0.2.200";
    Host caller = cluster.node().outside();
    caller.run("ip", "route", "add", "10.244.0.0/16", "via", "192.0.2.1");
    String all =
        "{podSelector: {}, ingress:"
            + " [{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [192.0.2.0/24]}}]}]}";
    String one = "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: %s/32}}]}]}";
    deny();
    cluster.delete(ApiResource.NETWORK_POLICIES, "a", "deny");
    cluster.api().eventually(() -> cluster.reaches(caller, 2, PORT));

    cluster.policy("a", "first", all);
    cluster.api().eventually(() -> !cluster.reaches(caller, 2, PORT));
    cluster.policy("a", "second", one.formatted(outside));
    cluster.api().eventually(() -> cluster.reaches(caller, 2, PORT));
    cluster.delete(ApiResource.NETWORK_POLICIES, "a", "first");
    cluster.policy("a", "third", all);
    Struct pod = cluster.api().api().get(ApiResource.PODS, "a", "pod-2");
    cluster.policies().protect(pod, cluster.addresses(2));
    assertThat(cluster.reaches(caller, 2, PORT)).isTrue();
  }

  @Test
  void connectionsThatAreMadeGoOn() throws Exception {
    try (DatagramSocket socket = client.in(DatagramSocket::new)) {
      socket.setSoTimeout(2000);
      socket.connect(InetAddress.ofLiteral(cluster.node().podAddress(2)), PORT);
      assertThat(Answers.ask(socket)).startsWith("pod-2");
      deny();

      assertThat(Answers.ask(socket)).startsWith("pod-2");
    }
  }

  @Test
  void flowsOfAnAddressEndWithThePodThatHadIt() throws Exception {
    for (String address : cluster.addresses(2)) {
      Struct pod = cluster.pod("a", 2, "{role: server}");
      cluster.policies().protect(pod, cluster.addresses(2));
      try (DatagramSocket socket = client.in(DatagramSocket::new);
          Socket connection = client.in(() -> new Socket(address, PORT))) {
        assertThat(connection.getInputStream().read()).isEqualTo('p');
        socket.setSoTimeout(500);
        socket.connect(InetAddress.ofLiteral(address), PORT);
        assertThat(Answers.ask(socket)).startsWith("pod-2");
        cluster.delete(ApiResource.PODS, "a", "pod-2");
        cluster.api().api().delete(ApiResource.PODS, "a", "pod-2", DeleteOptions.withGrace(0));
        cluster.policies().release(pod.string("metadata", "uid"));
        cluster.policy("b", "deny", DENY);

        Struct next = cluster.pod("b", 2, "{role: server}", "[]", ", phase: Pending");
        cluster.policies().protect(next.without("status"), cluster.addresses(2));

        assertThat(Answers.ask(socket)).isEqualTo(Answers.SILENT);
        assertThat(cluster.flows()).doesNotContain(" dport=" + PORT + " ");
      }
      cluster.delete(ApiResource.PODS, "b", "pod-2");
      cluster.api().api().delete(ApiResource.PODS, "b", "pod-2", DeleteOptions.withGrace(0));
    }
  }

  @Test
  void flowsOfAPodThatRunsGoOnWhenTheProcessStartsAgain() throws Exception {
    deny();
    cluster.delete(ApiResource.NETWORK_POLICIES, "a", "deny");
    cluster.api().eventually(() -> cluster.reaches(client, 2, PORT));
    try (DatagramSocket socket = client.in(DatagramSocket::new)) {
      socket.setSoTimeout(2000);
      socket.connect(InetAddress.ofLiteral(cluster.node().podAddress(2)), PORT);
      assertThat(Answers.ask(socket)).startsWith("pod-2");
      deny();

      cluster.restart();
      Struct pod = cluster.api().api().get(ApiResource.PODS, "a", "pod-2");
      cluster.policies().protect(pod, cluster.addresses(2));

      assertThat(Answers.ask(socket)).startsWith("pod-2");
    }
  }

  @Test
  void aChangeReachesRunningPodsInNoTime() throws Exception {
    deny();
    cluster.delete(ApiResource.NETWORK_POLICIES, "a", "deny");
    cluster.api().eventually(() -> cluster.reaches(client, 2, PORT));
    List<Duration> spans = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      long start = cluster.api().world().nanoTime();
      cluster.policy("a", "deny", DENY);
      cluster.api().eventually(() -> isIsolated(2));
      spans.add(Duration.ofNanos(cluster.api().world().nanoTime() - start));
      cluster.delete(ApiResource.NETWORK_POLICIES, "a", "deny");
      cluster.api().eventually(() -> !isIsolated(2));
    }
    Collections.sort(spans);
    System.out.println(
        "a policy is in force after (median, worst of 20) "
            + spans.get(10)
            + ", "
            + spans.getLast());

    assertThat(spans.get(10)).isLessThan(Duration.ofMillis(100));
  }

  private boolean isIsolated(int pod) {
    return cluster.rules().contains(cluster.node().podAddress(pod) + " : jump");
  }

  @Test
  void policiesHoldForPodsThatRunAlreadyWhenTheProcessStartsAgain() throws Exception {
    deny();
    String before = cluster.rules();
    cluster.policies().close();
    cluster.policy(
        "a", "from-anyone", "{podSelector: {matchLabels: {role: server}}, ingress: [{}]}");
    assertThat(cluster.rules()).isEqualTo(before);

    cluster.restart();

    Host other = cluster.node().addPod(8);
    cluster.api().eventually(() -> cluster.reaches(other, 2, PORT));
    assertThat(cluster.reaches(client, 2, PORT)).isFalse();
  }

  @Test
  void whatAnotherProgramRemovesComesBackWithTheNextChange() throws Exception {
    deny();
    cluster.node().host().run("nft", "flush", "ruleset");
    assertThat(cluster.reaches(client, 2, PORT)).isTrue();

    cluster.policy("a", "another", "{podSelector: {}, ingress: []}");

    cluster.api().eventually(() -> !cluster.reaches(client, 2, PORT));
  }

  @Test
  void aPeerElsewhereCostsOneElementAndLeavesNothing() throws Exception {
    cluster.policy(
        "a",
        "from-friends",
        "{podSelector: {matchLabels: {role: server}}, ingress: [{from:"
            + " [{namespaceSelector: {}, podSelector: {matchLabels: {friend: 'yes'}}}]}]}");
    cluster.api().eventually(() -> isIsolated(2));
    String before = cluster.rules();
    assertThat(cluster.reaches(client, 2, PORT)).isFalse();

    cluster.pod("a", 9, "{role: client, friend: 'yes'}");
    cluster.api().eventually(() -> cluster.reaches(client, 2, PORT));
    cluster.pod("a", 9, "{role: client}");
    cluster.api().eventually(() -> !cluster.reaches(client, 2, PORT));

    assertThat(cluster.rules()).isEqualTo(before);
    cluster.namespace("a", "{team: red, friends: all}");
    cluster.policy(
        "a",
        "from-namespace",
        "{podSelector: {matchLabels: {role: server}}, ingress:"
            + " [{from: [{namespaceSelector: {matchLabels: {friends: all}}}]}]}");
    cluster.api().eventually(() -> cluster.reaches(client, 2, PORT));
    cluster.namespace("a", "{team: red, friends: none}");
    cluster.api().eventually(() -> !cluster.reaches(client, 2, PORT));
  }
}
