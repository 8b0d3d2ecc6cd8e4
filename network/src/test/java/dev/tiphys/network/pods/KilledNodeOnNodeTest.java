package dev.tiphys.network.pods;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.network.Protocol;
import dev.tiphys.network.proxy.Proxy;
import dev.tiphys.network.proxy.ProxySettings;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Three nodes, one of which is gone from one moment to the next.
@Tag("node")
class KilledNodeOnNodeTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final String ENDED = "ready: false, serving: true, terminating: true";

  private final Fleet fleet = new Fleet();
  private final Map<Integer, Proxy> proxies = new HashMap<>();

  @AfterEach
  void stop() throws Exception {
    proxies.values().forEach(Proxy::close);
    fleet.close();
  }

  private long slice(String... conditions) {
    StringBuilder endpoints = new StringBuilder();
    for (int number = 1; number <= conditions.length; number++) {
      endpoints.append(
          "- {addresses: ['%s'], nodeName: node-%d, conditions: {%s}, targetRef: {kind: Pod, uid: p%d}}\n"
              .formatted(Fleet.podAddress(number), number, conditions[number - 1], number));
    }
    Struct made =
        fleet
            .api()
            .apply(
                ApiResource.ENDPOINT_SLICES,
                """
                metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
                addressType: IPv4
                ports: [{name: '', port: %d, protocol: TCP}]
                endpoints:
                """
                        .formatted(Fleet.PORT)
                    + endpoints);
    return Long.parseLong(made.struct("metadata").string("resourceVersion"));
  }

  private void served(long revision) throws Exception {
    for (Proxy proxy : proxies.values()) {
      fleet.api().eventually(() -> proxy.served() >= revision);
    }
  }

  private void ready(int node, String status) {
    fleet
        .api()
        .apply(
            ApiResource.NODES,
            """
            metadata: {name: node-%1$d}
            spec: {podCIDR: 10.244.%1$d.0/24, podCIDRs: [10.244.%1$d.0/24, 'fd00:10:244:%1$d::/64']}
            status:
              addresses: [{type: InternalIP, address: 192.0.2.%1$d}]
              conditions: [{type: Ready, status: %2$s}]
            """
                .formatted(node, status));
  }

  private Set<String> answers(String address) throws Exception {
    Set<String> answers = new HashSet<>();
    for (int i = 0; i < 40; i++) {
      answers.add(fleet.pod(1).ask(Protocol.TCP, address, 80).replaceAll(" .*", ""));
    }
    return answers;
  }

  @Test
  void othersServeOnAndWaitForItNoMore() throws Exception {
    for (int number = 1; number <= 3; number++) {
      fleet.addNode(number, 2);
      ready(number, "'True'");
      Proxy proxy = new Proxy(fleet.api().world(), fleet.api().api(), settings(number));
      proxies.put(number, proxy);
      proxy.start();
    }
    String address =
        fleet
            .api()
            .apply(
                ApiResource.SERVICES,
                "metadata: {name: web}\nspec: {ports: [{port: 80, targetPort: %d}]}"
                    .formatted(Fleet.PORT))
            .struct("spec")
            .string("clusterIP");
    served(slice("ready: true", "ready: true", "ready: true"));
    fleet.api().eventually(() -> answers(address).equals(Set.of("pod-1", "pod-2", "pod-3")));

    proxies.remove(2).close();
    fleet.stop(2);
    fleet.node(2).run("ip", "link", "delete", "eth0");
    ready(2, "Unknown");
    served(slice("ready: true", "ready: false", "ready: true"));
    assertThat(answers(address)).containsExactlyInAnyOrder("pod-1", "pod-3");

    slice("ready: true", "ready: false", ENDED);
    assertThat(proxies.get(3).awaitDrained(pod(3), LONG)).as("no word comes from node 2").isTrue();
    assertThat(answers(address)).containsExactly("pod-1");
  }

  private ProxySettings settings(int node) {
    return ProxySettings.of(fleet.settings(node));
  }

  private static Struct pod(int number) {
    return Yaml.struct("metadata: {name: web, namespace: default, uid: p%d}".formatted(number));
  }
}
