package dev.tiphys.node.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.runtime.spec.SandboxSpec.Dns;
import dev.tiphys.object.encoding.Yaml;
import java.util.List;
import org.junit.jupiter.api.Test;

class NameServersTest {
  private static final NameServers NAMES =
      new NameServers(
          List.of("10.96.0.10"),
          "cluster.local",
          NameServers.parse(
              List.of("# by hand", "search lan", "nameserver 192.0.2.53", "options timeout:1")));

  private static Pod pod(String spec) {
    return new Pod(Yaml.struct("metadata: {name: a, namespace: web}\nspec: {%s}".formatted(spec)));
  }

  @Test
  void podsAskTheClusterFirst() {
    assertThat(NAMES.of(pod("dnsPolicy: ClusterFirst")))
        .isEqualTo(
            new Dns(
                List.of("10.96.0.10"),
                List.of("web.svc.cluster.local", "svc.cluster.local", "cluster.local", "lan"),
                List.of("ndots:5")));
  }

  @Test
  void podsOnTheNodesNetworkAskWhomTheNodeAsks() {
    assertThat(NAMES.of(pod("dnsPolicy: ClusterFirst, hostNetwork: true")).servers())
        .containsExactly("192.0.2.53");
    assertThat(NAMES.of(pod("dnsPolicy: ClusterFirstWithHostNet, hostNetwork: true")).servers())
        .containsExactly("10.96.0.10");
  }

  @Test
  void whatAPodSaysItselfIsAdded() {
    assertThat(
            NAMES.of(
                pod(
                    "dnsConfig: {nameservers: [1.1.1.1], searches: [x, cluster.local], options:"
                        + " [{name: ndots, value: '2'}, {name: debug}]}")))
        .isEqualTo(
            new Dns(
                List.of("10.96.0.10", "1.1.1.1"),
                List.of("web.svc.cluster.local", "svc.cluster.local", "cluster.local", "lan", "x"),
                List.of("ndots:2", "debug")));
  }

  @Test
  void nobodyIsAskedIfThePodWantsItSo() {
    assertThat(NAMES.of(pod("dnsPolicy: None, dnsConfig: {nameservers: [1.1.1.1]}")))
        .isEqualTo(new Dns(List.of("1.1.1.1"), List.of(), List.of()));
  }
}
