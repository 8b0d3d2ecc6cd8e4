package dev.tiphys.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.scheduler.events.Resource;
import dev.tiphys.world.Rounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Gangs that come and go in random order, on nodes that have room for a few of them: none is ever
/// scheduled in part, and none waits for ever where there is room for it.
final class GangSimulationTest {

  private static final ApiResource GROUPS = Resource.POD_GROUP.kind();
  private static final int RUNS = Rounds.of("tiphys.gangs", 30);
  private static final int STEPS = 40;

  /// A gang of Pods that each ask for one CPU.
  private record Gang(String name, int least, List<String> pods) {}

  private static final class Run {
    private final SplittableRandom random;
    private final TestCluster cluster;
    private final Map<String, Gang> gangs = new HashMap<>();
    private int made;
    private int room;

    Run(long seed, TestCluster cluster) {
      this.random = new SplittableRandom(seed);
      this.cluster = cluster;
    }

    void step() {
      switch (random.nextInt(8)) {
        case 0 -> {
          if (room < 12) {
            cluster.node("node-" + made++, "");
            room += 4;
          }
        }
        case 1, 2 -> {
          Gang gang = new Gang("g" + made++, 1 + random.nextInt(5), new ArrayList<>());
          gangs.put(gang.name, gang);
          cluster.api.create(
              GROUPS,
              TestCluster.json(
                  "{'metadata':{'name':'%s','namespace':'default'},'spec':{'schedulingPolicy':{'gang':{'minCount':%d}}}}"
                      .formatted(gang.name, gang.least)));
        }
        case 3, 4, 5, 6 -> {
          Gang gang = any();
          if (gang != null && gang.pods.size() < gang.least + 1) {
            String pod = gang.name + "-" + made++;
            gang.pods.add(pod);
            cluster.podWithCpu(pod, "1", "'schedulingGroup':{'podGroupName':'" + gang.name + "'}");
          }
        }
        default -> {
          Gang gang = any();
          if (gang != null) {
            gang.pods.forEach(cluster::delete);
            gang.pods.clear();
          }
        }
      }
      switch (random.nextInt(4)) {
        case 0 -> cluster.settle();
        case 1 -> cluster.world.advance(Duration.ofMillis(random.nextInt(3000)));
        default -> {}
      }
    }

    private Gang any() {
      List<Gang> all = List.copyOf(gangs.values());
      return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
    }

    private Map<String, Integer> placed() {
      Map<String, Integer> placed = new HashMap<>();
      for (Struct pod : cluster.api.list(ApiResource.PODS, "default", ListOptions.ALL).items()) {
        if (!pod.string("spec", "nodeName").isEmpty()) {
          placed.merge(pod.string("spec", "schedulingGroup", "podGroupName"), 1, Integer::sum);
        }
      }
      return placed;
    }

    /// Once nothing is on its way any more, no gang is there in part.
    void check(String when) {
      Map<String, Integer> placed = placed();
      for (Gang gang : gangs.values()) {
        int count = placed.getOrDefault(gang.name, 0);
        assertThat(count == 0 || count >= gang.least)
            .as("%s: %s has %d of %d", when, gang.name, count, gang.least)
            .isTrue();
      }
    }

    /// No gang waits that there is room for.
    void checkProgress(String when) {
      Map<String, Integer> placed = placed();
      int free = room - placed.values().stream().mapToInt(Integer::intValue).sum();
      for (Gang gang : gangs.values()) {
        boolean waits = placed.getOrDefault(gang.name, 0) == 0 && gang.pods.size() >= gang.least;
        assertThat(waits && gang.least <= free)
            .as("%s: %s waits for %d, %d are free", when, gang, gang.least, free)
            .isFalse();
        if (placed.getOrDefault(gang.name, 0) >= gang.least && !gang.pods.isEmpty()) {
          Struct group = cluster.api.get(GROUPS, "default", gang.name);
          assertThat(Meta.isTrue(group, "PodGroupScheduled")).as("%s: %s", when, gang).isTrue();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 1000, 2000, 3000})
  void noGangIsScheduledInPartOrForgotten(long first) {
    for (long seed = first; seed < first + RUNS; seed++) {
      try (TestCluster cluster =
          new TestCluster(seed, FeatureGates.parse("GenericWorkload=true,GangScheduling=true"))) {
        Run run = new Run(seed, cluster);
        for (int step = 0; step < STEPS; step++) {
          run.step();
          if (step % 8 == 0) {
            cluster.settle();
            run.check("seed " + seed + " step " + step);
          }
        }
        cluster.settle();
        cluster.world.advance(Duration.ofSeconds(30));
        cluster.settle();
        run.check("seed " + seed);
        run.checkProgress("seed " + seed);
      }
    }
  }
}
