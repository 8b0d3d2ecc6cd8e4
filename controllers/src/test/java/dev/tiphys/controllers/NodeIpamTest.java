package dev.tiphys.controllers;

import static dev.tiphys.client.ApiResource.NODES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NodeIpamTest {

  /// Room for the nodes that every test cluster has, and for one more.
  private static final int ROOM = TestKubelet.NODES.size() + 1;

  private static TestCluster withRoom(int nodes) {
    int bits = 32 - Integer.numberOfTrailingZeros(Integer.highestOneBit(nodes)) - 8;
    return new TestCluster(
        1,
        ControllerSettings.DEFAULT.withPodRanges(
            new PodRanges(List.of("10.244.0.0/" + bits), List.of(), 24, 64)));
  }

  private static String rangeOf(TestCluster cluster, String node) {
    Struct found = cluster.get(NODES, node);
    assertThat(found.strings("spec", "podCIDRs"))
        .isEqualTo(
            found.string("spec", "podCIDR").isEmpty()
                ? List.of()
                : List.of(found.string("spec", "podCIDR")));
    return found.string("spec", "podCIDR");
  }

  private static void node(TestCluster cluster, String name, Struct spec) {
    cluster.api.create(NODES, Struct.of("metadata", Struct.of("name", name), "spec", spec));
  }

  @Seeds(5)
  void eachNodeGetsARangeThatNoOtherHas(long seed) {
    try (TestCluster cluster =
        new TestCluster(seed, ControllerSettings.DEFAULT, new Faults(0.1, 0.1))) {
      for (int i = 0; i < 30; i++) {
        node(cluster, "more-" + i, Struct.EMPTY);
      }
      cluster.settle();
      cluster.restartControllers();
      for (int i = 30; i < 60; i++) {
        node(cluster, "more-" + i, Struct.EMPTY);
      }
      cluster.settle();
      cluster.settle();

      Set<String> ranges = new HashSet<>();
      for (String name : cluster.names(NODES)) {
        assertThat(ranges.add(rangeOf(cluster, name))).as(name).isTrue();
      }
      assertThat(ranges).allMatch(range -> range.matches("10\\.244\\.[0-9]+\\.0/24"));
    }
  }

  @Test
  void aRangeThatANodeBringsIsItsOwn() {
    try (TestCluster cluster = new TestCluster(1)) {
      Struct spec = Struct.of("podCIDR", "10.244.77.0/24", "podCIDRs", List.of("10.244.77.0/24"));
      node(cluster, "other", spec);
      cluster.settle();
      cluster.restartControllers();
      for (int i = 0; i < 100; i++) {
        node(cluster, "more-" + i, Struct.EMPTY);
      }
      cluster.settle();

      assertThat(rangeOf(cluster, "other")).isEqualTo("10.244.77.0/24");
      for (int i = 0; i < 100; i++) {
        assertThat(rangeOf(cluster, "more-" + i)).isNotIn("", "10.244.77.0/24");
      }
    }
  }

  @Test
  void aNodeThatGetsNoneIsToldAndGetsOneWhenAnotherIsGone() {
    int rooms = Integer.highestOneBit(ROOM);
    try (TestCluster cluster = withRoom(ROOM)) {
      int before = cluster.names(NODES).size();
      for (int i = before; i < rooms; i++) {
        node(cluster, "fits-" + i, Struct.EMPTY);
      }
      cluster.settle();
      node(cluster, "late", Struct.EMPTY);
      cluster.settle();
      assertThat(rangeOf(cluster, "late")).isEmpty();
      assertThat(cluster.events("late"))
          .contains("CIDRNotAvailable: Node late status is now: CIDRNotAvailable");

      String gone = cluster.names(NODES).getFirst();
      String range = rangeOf(cluster, gone);
      cluster.kubelet.lose(gone);
      cluster.delete(NODES, gone);
      cluster.settle();

      assertThat(rangeOf(cluster, "late")).isEqualTo(range);
    }
  }

  @Test
  void withoutRangesNodesGetNone() {
    try (TestCluster cluster =
        new TestCluster(
            1,
            ControllerSettings.DEFAULT.withPodRanges(
                new PodRanges(List.of(), List.of(), 24, 64)))) {
      cluster.settle();
      assertThat(rangeOf(cluster, TestKubelet.NODES.getFirst())).isEmpty();
    }
  }

  @Test
  void withTwoFamiliesANodeGetsARangeOfEach() {
    try (TestCluster cluster =
        new TestCluster(
            1,
            ControllerSettings.DEFAULT.withPodRanges(
                new PodRanges(List.of("10.244.0.0/16", "fd00:10:244::/56"), List.of(), 24, 64)))) {
      cluster.settle();
      List<String> ranges =
          cluster.get(NODES, TestKubelet.NODES.getFirst()).strings("spec", "podCIDRs");
      assertThat(ranges).hasSize(2);
      assertThat(ranges.get(1)).startsWith("fd00:10:244:").endsWith("/64");
    }
  }
}
