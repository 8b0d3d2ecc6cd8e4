package dev.tiphys.network.loadbalancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ElectionTest {
  private static final Struct SERVICE = Yaml.struct("spec: {type: LoadBalancer}");
  private static final Struct LOCAL =
      Yaml.struct("spec: {type: LoadBalancer, externalTrafficPolicy: Local}");

  private static Struct node(String name, String more) {
    return Yaml.struct(
        "{metadata: {name: %s%s}, status: {conditions: [{type: Ready, status: 'True'}]}}"
            .formatted(name, more));
  }

  private static List<Struct> nodes(String... names) {
    List<Struct> nodes = new ArrayList<>();
    for (String name : names) {
      nodes.add(node(name, ""));
    }
    return nodes;
  }

  @Test
  void addressesAreSharedOutAndMoveOnlyWithTheirNode() {
    Map<String, String> before = new HashMap<>();
    Set<String> winners = new HashSet<>();
    for (int i = 0; i < 60; i++) {
      String address = "192.0.2." + i;
      String winner = Election.winner(address, SERVICE, nodes("a", "b", "c"), List.of());
      before.put(address, winner);
      winners.add(winner);
    }
    assertThat(winners).containsExactlyInAnyOrder("a", "b", "c");

    before.forEach(
        (address, winner) -> {
          String now = Election.winner(address, SERVICE, nodes("c", "a"), List.of());
          assertThat(now).isEqualTo(winner.equals("b") ? now : winner);
        });
  }

  @Test
  void nodesThatAreExcludedDoNotAnswer() {
    Struct excluded =
        node("a", ", labels: {node.kubernetes.io/exclude-from-external-load-balancers: ''}");

    assertThat(Election.winner("192.0.2.1", SERVICE, List.of(excluded), List.of())).isNull();
  }

  @Test
  void whatMustStayOnItsNodeIsAnsweredWhereAnEndpointIs() {
    Struct slice =
        Yaml.struct(
            """
            endpoints:
            - {nodeName: a, conditions: {ready: false}}
            - {nodeName: b, conditions: {ready: true}}
            """);

    for (int i = 0; i < 20; i++) {
      assertThat(Election.winner("192.0.2." + i, LOCAL, nodes("a", "b", "c"), List.of(slice)))
          .isEqualTo("b");
    }
    assertThat(Election.winner("192.0.2.1", LOCAL, nodes("a", "b"), List.of())).isNull();
  }
}
