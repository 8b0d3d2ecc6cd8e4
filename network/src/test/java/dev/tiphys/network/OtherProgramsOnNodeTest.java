package dev.tiphys.network;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.network.hostports.HostPorts;
import dev.tiphys.network.nftables.Family;
import dev.tiphys.network.policy.NetworkPolicies;
import dev.tiphys.network.proxy.Proxy;
import dev.tiphys.object.Struct;
import dev.tiphys.world.VirtualWorld;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What other programs do to the rules of a node is undone, whichever part's rules they are.
@Tag("node")
class OtherProgramsOnNodeTest {
  private static final Duration LOOK = Duration.ofSeconds(30);

  private final VirtualWorld world = new VirtualWorld(1);
  private PodHost node;
  private LiveApi api;
  private Proxy proxy;
  private NetworkPolicies policies;
  private HostPorts ports;

  @BeforeEach
  void start() throws Exception {
    node = new PodHost("node-1", 1);
    api = new LiveApi(world);
    api.apply(ApiResource.NODES, "metadata: {name: node-1}");
    api.apply(
        ApiResource.SERVICES,
        "metadata: {name: web}\nspec: {clusterIP: 10.96.3.3, ports: [{port: 80}]}");
    api.apply(
        ApiResource.ENDPOINT_SLICES,
        """
        metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
        addressType: IPv4
        ports: [{name: '', port: 8080, protocol: TCP}]
        endpoints: [{addresses: ['%s'], nodeName: node-1, conditions: {ready: true}}]
        """
            .formatted(node.podAddress(2)));
    api.apply(
        ApiResource.NETWORK_POLICIES,
        "metadata: {name: some}\nspec: {podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}");
  }

  private void startParts(NetworkSettings settings) throws IOException, InterruptedException {
    proxy = new Proxy(world, api.api(), settings);
    proxy.start();
    policies = new NetworkPolicies(world, api.api(), settings);
    policies.start();
    ports = new HostPorts(world, settings);
    ports.start(List.of());
    world.settle();
    Struct pod =
        api.apply(
            ApiResource.PODS,
            """
            metadata: {name: pod-2}
            spec:
              nodeName: node-1
              containers:
              - {name: main, image: none, ports: [{containerPort: 8080, hostPort: 8080}]}
            """);
    List<String> addresses = List.of(node.podAddress(2), node.podAddress6(2));
    policies.protect(pod, addresses);
    ports.protect(pod, addresses);
    world.settle();
  }

  @AfterEach
  void stop() throws Exception {
    ports.close();
    policies.close();
    proxy.close();
    api.close();
    node.close();
  }

  /// All lines, in an order of their own: tables that are made anew come last.
  private String rules() {
    return node.host().run("nft", "list", "ruleset").lines().sorted().collect(joining("\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "flush ruleset",
        "flush table ip test-proxy",
        "delete table ip test-proxy",
        "flush map ip test-proxy services",
        "flush table ip test-policy",
        "flush table ip6 test-policy",
        "delete table ip6 test-policy",
        "flush chain ip test-policy forward",
        "flush map ip test-policy isolated-ingress",
        "flush table ip test-hostports",
        "delete table ip test-hostports",
        "flush map ip6 test-hostports ports",
      })
  void whatIsTakenOutIsBackAfterTheNextLook(String command) throws Exception {
    startParts(node.settings());
    String before = rules();
    assertThat(before).contains("default/web", "peers-", "8080 : 10.244.1.2");

    node.host().run(("nft " + command).split(" "));
    assertThat(rules()).isNotEqualTo(before);
    world.advance(LOOK.plusMillis(1));

    assertThat(rules()).isEqualTo(before);
  }

  @Test
  void rulesAreLookedAtAlsoWhileMuchChanges() throws Exception {
    startParts(node.settings());
    String before = rules();
    node.host().run("nft", "flush", "table", "ip", "test-proxy");
    node.host().run("nft", "flush", "table", "ip", "test-policy");

    for (int i = 0; i < 7; i++) {
      world.advance(Duration.ofSeconds(5));
      api.apply(ApiResource.NODES, "metadata: {name: node-1, labels: {round: '%d'}}".formatted(i));
      api.apply(ApiResource.NAMESPACES, "metadata: {name: a, labels: {round: '%d'}}".formatted(i));
    }

    world.settle();
    assertThat(rules()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "flush ruleset",
        "flush table ip test-policy",
        "flush table ip test-hostports",
      })
  void aPodStartsWithRulesThoughTheyWereTakenOutBefore(String command) throws Exception {
    startParts(node.settings());
    node.host().run(("nft " + command).split(" "));
    Struct pod =
        api.apply(
            ApiResource.PODS,
            """
            metadata: {name: pod-3}
            spec:
              nodeName: node-1
              containers:
              - {name: main, image: none, ports: [{containerPort: 8080, hostPort: 8081}]}
            """);
    List<String> addresses = List.of(node.podAddress(3), node.podAddress6(3));

    policies.protect(pod, addresses);
    ports.protect(pod, addresses);

    assertThat(rules())
        .contains("10.244.1.3 : jump", "10.244.1.2 : jump", "8080 : 10.244.1.2", "10.244.1.3 . 80")
        .contains("ip daddr vmap @isolated-ingress", "th dport map @ports", "jump forward");
  }

  @Test
  void withoutRulesForOneFamilyTheOtherIsServed() throws Exception {
    NetworkSettings all = node.settings();
    assertThat(all.onThisKernel()).isEqualTo(all);

    startParts(
        new NetworkSettings(
            all.node(),
            all.addresses(),
            all.podRanges(),
            all.name(),
            all.namespace(),
            List.of(Family.IPV4)));
    String before = rules();
    world.advance(LOOK.multipliedBy(2));

    assertThat(before)
        .contains("default/web", "peers-", "8080 : 10.244.1.2")
        .doesNotContain("ip6", "fd00");
    assertThat(rules()).isEqualTo(before);
  }
}
