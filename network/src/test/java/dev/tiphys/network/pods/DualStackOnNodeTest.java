package dev.tiphys.network.pods;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.network.Answers;
import dev.tiphys.network.Host;
import dev.tiphys.network.LiveApi;
import dev.tiphys.network.Protocol;
import dev.tiphys.network.policy.NetworkPolicies;
import dev.tiphys.network.proxy.Proxy;
import dev.tiphys.object.Struct;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Nodes with addresses of both families, on which all parts of the network work together:
/// Services, policies and the way to Pods of other nodes, straight and through the tunnel.
@Tag("node")
class DualStackOnNodeTest {
  private final Fleet fleet = new Fleet();
  private final LiveApi api = fleet.api();
  private final List<AutoCloseable> parts = new ArrayList<>();

  /// How a caller reaches what it wants in one family.
  private record Way(String cluster, String pod, String node) {}

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable part : parts) {
      part.close();
    }
    fleet.close();
  }

  private void addNode(int number, int link) throws Exception {
    fleet.addNode(number, link);
    Proxy proxy = new Proxy(api.world(), api.api(), fleet.settings(number));
    parts.add(proxy);
    proxy.start();
    NetworkPolicies policies = new NetworkPolicies(api.world(), api.api(), fleet.settings(number));
    parts.add(policies);
    policies.start();
    Struct pod =
        api.apply(
            ApiResource.PODS,
            """
            metadata: {name: pod-%1$d, labels: {number: '%1$d'}}
            spec: {nodeName: node-%1$d, containers: [{name: main, image: none}]}
            status: {phase: Running, podIPs: [{ip: %2$s}, {ip: '%3$s'}]}
            """
                .formatted(number, Fleet.podAddress(number), Fleet.podAddress6(number)));
    policies.protect(pod, List.of(Fleet.podAddress(number), Fleet.podAddress6(number)));
  }

  private Struct service(int... pods) {
    Struct service =
        api.apply(
            ApiResource.SERVICES,
            """
            metadata: {name: web}
            spec:
              type: NodePort
              ipFamilyPolicy: RequireDualStack
              ports: [{port: 80, targetPort: 8080}]
            """);
    slice("IPv4", pods);
    slice("IPv6", pods);
    return service;
  }

  private void slice(String family, int... pods) {
    StringBuilder endpoints = new StringBuilder();
    for (int pod : pods) {
      endpoints.append(
          "{addresses: ['%s'], nodeName: node-%d, conditions: {ready: true}},"
              .formatted(
                  family.equals("IPv4") ? Fleet.podAddress(pod) : Fleet.podAddress6(pod), pod));
    }
    api.apply(
        ApiResource.ENDPOINT_SLICES,
        """
        metadata: {name: web-%s, labels: {kubernetes.io/service-name: web}}
        addressType: %s
        ports: [{name: '', port: 8080, protocol: TCP}]
        endpoints: [%s]
        """
            .formatted(family.toLowerCase(), family, endpoints));
  }

  private List<Way> ways(Struct service, int pod, int node) {
    List<String> cluster = service.strings("spec", "clusterIPs");
    List<InetAddress> own = fleet.settings(node).addresses();
    return List.of(
        new Way(cluster.get(0), Fleet.podAddress(pod), own.get(0).getHostAddress()),
        new Way(cluster.get(1), Fleet.podAddress6(pod), own.get(1).getHostAddress()));
  }

  private static Set<String> answers(Host from, String address, int port) throws Exception {
    Set<String> answers = new HashSet<>();
    for (int i = 0; i < 15; i++) {
      answers.add(from.ask(Protocol.TCP, address, port));
    }
    return answers;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void servicesAndPoliciesHoldForBothFamiliesOverNodes(boolean oneLink) throws Exception {
    fleet.addRouter(2, 3);
    addNode(1, 2);
    addNode(2, oneLink ? 2 : 3);
    addNode(3, 2);
    Struct service = service(1, 2);
    int nodePort = (int) service.structs("spec", "ports").getFirst().integer("nodePort");
    Host caller = fleet.pod(3);
    Host callersNode = fleet.node(3);

    for (Way way : ways(service, 2, 1)) {
      api.eventually(() -> answers(caller, way.cluster(), 80).size() == 2);
      assertThat(answers(caller, way.cluster(), 80))
          .as("a Pod is seen under its own address")
          .allMatch(answer -> answer.endsWith(" " + addressOf(way, 3)));
      api.eventually(() -> names(answers(callersNode, way.cluster(), 80)).size() == 2);
      assertThat(names(answers(caller, way.node(), nodePort)))
          .as("a port of another node, which leads to a third one")
          .containsExactlyInAnyOrder("pod-1", "pod-2");
      assertThat(names(answers(callersNode, way.node(), nodePort)))
          .containsExactlyInAnyOrder("pod-1", "pod-2");
    }

    api.apply(
        ApiResource.NETWORK_POLICIES,
        """
        metadata: {name: second}
        spec:
          podSelector: {matchLabels: {number: '2'}}
          ingress: [{from: [{podSelector: {matchLabels: {number: '1'}}}]}]
        """);
    for (Way way : ways(service, 2, 1)) {
      api.eventually(() -> caller.ask(Protocol.TCP, way.pod(), Fleet.PORT).equals(Answers.SILENT));
      assertThat(fleet.pod(1).ask(Protocol.TCP, way.pod(), Fleet.PORT)).startsWith("pod-2 ");
      assertThat(names(answers(caller, way.cluster(), 80)))
          .as("by the address of the Service, too, what is not let in is dropped")
          .containsExactlyInAnyOrder("pod-1", Answers.SILENT);
    }
  }

  private static String addressOf(Way way, int pod) {
    String address = way.pod().contains(":") ? Fleet.podAddress6(pod) : Fleet.podAddress(pod);
    return InetAddress.ofLiteral(address).getHostAddress();
  }

  private static Set<String> names(Set<String> answers) {
    Set<String> names = new HashSet<>();
    answers.forEach(answer -> names.add(answer.replaceAll(" .*", "")));
    return names;
  }
}
