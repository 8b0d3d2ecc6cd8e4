package dev.tiphys.network.pods;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.network.Prefix;
import dev.tiphys.network.links.Hop;
import dev.tiphys.object.encoding.Yaml;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PlanTest {
  private static final InetAddress OWN = InetAddress.ofLiteral("192.0.2.1");
  private static final Map<String, Hop> HOPS =
      Map.of(
          "192.0.2.1", new Hop.Here(),
          "192.0.2.2", new Hop.OnLink(7),
          "192.0.3.3", new Hop.Routed(),
          "fd00:3:0:0:0:0:0:3", new Hop.OnLink(7),
          "198.51.100.4", new Hop.OnLink(9));

  private static Plan plan(Remote... nodes) {
    return Plan.of(
        List.of(nodes), OWN, 7, to -> HOPS.getOrDefault(to.getHostAddress(), new Hop.Nowhere()));
  }

  private static Remote node(String range, String... addresses) {
    return new Remote(
        "other",
        List.of(Prefix.of(range)),
        Arrays.stream(addresses).map(InetAddress::ofLiteral).toList());
  }

  @Test
  void aNodeOnTheLinkIsReachedStraight() {
    assertThat(plan(node("10.244.2.0/24", "192.0.2.2")).straight())
        .containsExactly(
            new Plan.Straight(Prefix.of("10.244.2.0/24"), InetAddress.ofLiteral("192.0.2.2"), 7));
  }

  @Test
  void aNodeBehindARouterIsReachedByTheTunnel() {
    Plan plan = plan(node("10.244.3.0/24", "192.0.3.3"));

    assertThat(plan.straight()).isEmpty();
    assertThat(plan.machines().iterator().next().address().getHostAddress())
        .isEqualTo("10.244.3.0");
    assertThat(plan.ends().iterator().next().address().getHostAddress()).isEqualTo("192.0.3.3");
  }

  /// It would not see this node's address on its own link, and go by the tunnel.
  @Test
  void aNodeOnAnotherLinkOfThisOneIsReachedByTheTunnel() {
    assertThat(plan(node("10.244.4.0/24", "198.51.100.4")).straight()).isEmpty();
    assertThat(plan(node("10.244.4.0/24", "198.51.100.4")).tunnelled()).hasSize(1);
  }

  @Test
  void eachFamilyGoesItsOwnWay() {
    Remote both = node("fd00:10:244:3::/64", "192.0.3.3", "fd00:3::3");
    Remote ipv4Alone = node("fd00:10:244:3::/64", "192.0.3.3");

    assertThat(plan(both).straight()).hasSize(1);
    assertThat(plan(ipv4Alone).tunnelled()).hasSize(1);
  }

  @Test
  void whatIsHereOrNowhereHasNoRoute() {
    Plan plan = plan(node("10.244.9.0/24", "192.0.2.1"), node("10.244.8.0/24", "192.0.9.9"));

    assertThat(plan.straight()).isEmpty();
    assertThat(plan.tunnelled()).isEmpty();
    assertThat(plan.unreachable()).containsExactly("other");
  }

  @Test
  void nodesThatAreNoMachinesHaveNoPlace() {
    assertThat(
            Remote.of(
                Yaml.struct("status: {nodeInfo: {containerRuntimeVersion: 'simulated://1.0.0'}}")))
        .isNull();
    assertThat(Objects.requireNonNull(Remote.of(Yaml.struct("metadata: {name: a}"))).ranges())
        .isEmpty();
  }
}
