package dev.tiphys.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.ListOptions;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever happens in whatever order: no node is given more than it has, and in the end no Pod
/// waits that has room.
class SchedulerSimulationTest {

  private static final int STEPS = 80;
  private static final long NODE_CPU = 4_000;
  private static final String APART =
      "'affinity':{'podAntiAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':"
          + "[{'labelSelector':{'matchLabels':{'app':'db'}},"
          + "'topologyKey':'kubernetes.io/hostname'}]}}";

  private int names;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void nodesAreFilledButNotOverfilled(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    try (TestCluster cluster = new TestCluster(seed)) {
      cluster.nodes(2);
      names = 2;
      for (int step = 0; step < STEPS; step++) {
        happen(cluster, random);
        if (random.nextInt(3) == 0) {
          cluster.world.advance(Duration.ofMillis(random.nextInt(3_000)));
          checkThatNothingIsOverfilled(cluster, seed);
        }
      }
      cordonAll(cluster);
      cluster.settle();
      checkThatNothingIsOverfilled(cluster, seed);
      checkThatNoPodWaitsThatHasRoom(cluster, seed);
    }
  }

  private void happen(TestCluster cluster, SplittableRandom random) {
    switch (random.nextInt(10)) {
      case 0 -> {
        String name = "node-" + names++;
        cluster.node(name, "'kubernetes.io/hostname':'" + name + "'");
      }
      case 1 -> {
        Struct node = any(cluster, ApiResource.NODES, random);
        if (node != null) {
          cluster.taint(
              Meta.of(node).name(),
              random.nextBoolean() ? "{'key':'broken','effect':'NoSchedule'}" : "");
        }
      }
      case 2, 3 -> {
        Struct pod = any(cluster, ApiResource.PODS, random);
        if (pod != null) {
          cluster.delete(Meta.of(pod).name());
        }
      }
      case 4 -> cluster.restart(new FailingApi(cluster.api, random.nextInt(4)).api());
      case 5 -> cluster.pod("db-" + names++, "'app':'db'", APART);
      default -> cluster.podWithCpu("web-" + names++, 250 * (1 + random.nextInt(12)) + "m", "");
    }
  }

  private static Struct any(TestCluster cluster, ApiResource kind, SplittableRandom random) {
    List<Struct> all = list(cluster, kind);
    return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
  }

  private static List<Struct> list(TestCluster cluster, ApiResource kind) {
    return cluster.api.list(kind, "", ListOptions.ALL).items();
  }

  /// Leaves one node that takes Pods, so that what fits can be told without knowing the scheduler.
  private static void cordonAll(TestCluster cluster) {
    List<Struct> nodes = list(cluster, ApiResource.NODES);
    for (Struct node : nodes) {
      cluster.taint(
          Meta.of(node).name(),
          node == nodes.getFirst() ? "" : "{'key':'broken','effect':'NoSchedule'}");
    }
    for (Struct pod : list(cluster, ApiResource.PODS)) {
      if (pod.string("spec", "nodeName").equals(Meta.of(nodes.getFirst()).name())
          && pod.string("metadata", "namespace").equals("default")) {
        cluster.api.delete(
            ApiResource.PODS, "default", Meta.of(pod).name(), DeleteOptions.withGrace(0));
      }
    }
  }

  private static Map<String, Long> used(TestCluster cluster) {
    Map<String, Long> used = new HashMap<>();
    for (Struct pod : list(cluster, ApiResource.PODS)) {
      used.merge(pod.string("spec", "nodeName"), cpu(pod), Long::sum);
    }
    return used;
  }

  private static long cpu(Struct pod) {
    Struct container = pod.structs("spec", "containers").getFirst();
    return Quantity.from(container.get("resources", "requests", "cpu")).milli();
  }

  private static void checkThatNothingIsOverfilled(TestCluster cluster, long seed) {
    Map<String, Long> used = used(cluster);
    used.remove("");
    assertThat(used.values()).as("seed %d", seed).allMatch(cpu -> cpu <= NODE_CPU);
    List<String> hostsOfDatabases =
        list(cluster, ApiResource.PODS).stream()
            .filter(pod -> Meta.of(pod).label("app").equals("db"))
            .map(pod -> pod.string("spec", "nodeName"))
            .filter(node -> !node.isEmpty())
            .toList();
    assertThat(hostsOfDatabases).as("seed %d", seed).doesNotHaveDuplicates();
  }

  private static void checkThatNoPodWaitsThatHasRoom(TestCluster cluster, long seed) {
    String open = Meta.of(list(cluster, ApiResource.NODES).getFirst()).name();
    long free = NODE_CPU - used(cluster).getOrDefault(open, 0L);
    boolean database = false;
    for (Struct pod : list(cluster, ApiResource.PODS)) {
      database |=
          Meta.of(pod).label("app").equals("db") && pod.string("spec", "nodeName").equals(open);
    }
    for (Struct pod : list(cluster, ApiResource.PODS)) {
      if (pod.string("spec", "nodeName").isEmpty()) {
        boolean apart = Meta.of(pod).label("app").equals("db");
        boolean fits = apart ? !database : cpu(pod) <= free;
        assertThat(fits).as("seed %d: %s fits", seed, Meta.of(pod).name()).isFalse();
      }
    }
  }
}
