package dev.tiphys.preview;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.PatchType;
import dev.tiphys.junit.VirtualCluster;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.scheduler.config.SchedulerConfiguration;
import dev.tiphys.world.Rounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a preview says is what happens: clusters with a few random workloads, the one before the
/// other when there is too little room, a random change, and in the end as many Pods running and
/// waiting as was said. Another number of seeds: `-Dtiphys.previews=200`.
final class TruthTest {

  private static final Duration SPAN = Duration.ofMinutes(15);
  private static final List<String> NAMES = List.of("a", "b", "c");

  private static String deployment(SplittableRandom random, String name) {
    return """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: %1$s, namespace: default}
        spec:
          replicas: %2$d
          selector: {matchLabels: {app: %1$s}}
          strategy: {type: %3$s}
          template:
            metadata: {labels: {app: %1$s}}
            spec:
              priorityClassName: %1$s
              containers:
              - {name: main, image: "%1$s:%4$d", resources: {requests: {cpu: "2"}}}
        """
        .formatted(
            name,
            1 + random.nextInt(6),
            name.equals("b") ? "Recreate" : "RollingUpdate",
            random.nextInt(3));
  }

  private static void apply(VirtualCluster cluster, String manifest) {
    Struct object = Yaml.struct(manifest);
    cluster
        .api()
        .patch(
            ApiResource.DEPLOYMENTS,
            "default",
            Meta.of(object).name(),
            "",
            PatchType.APPLY,
            object);
  }

  /// How many Pods of each workload run, and how many do not.
  private static Map<String, List<Long>> count(VirtualCluster cluster) {
    Map<String, List<Long>> counts = new TreeMap<>();
    for (String name : NAMES) {
      List<Struct> pods = cluster.objects(ApiResource.PODS, name + "-").toList();
      long ready = pods.stream().filter(pod -> Meta.isTrue(pod, "Ready")).count();
      counts.put("deployments.apps/" + name, List.of(ready, pods.size() - ready));
    }
    return counts;
  }

  /// What these become by what a report says.
  private static Map<String, List<Long>> after(Map<String, List<Long>> before, Struct report) {
    Map<String, List<Long>> counts = new TreeMap<>(before);
    for (Struct each : report.structs("workloads")) {
      long freed = each.integer("started") + each.integer("waited");
      long gained = each.integer("created") - each.integer("removed");
      counts.computeIfPresent(
          each.string("workload"),
          (_, count) -> List.of(count.getFirst() + gained + freed, count.getLast() - freed));
    }
    for (Struct each : report.structs("pending")) {
      counts.computeIfPresent(
          each.string("workload"),
          (_, count) -> List.of(count.getFirst() - 1, count.getLast() + 1));
    }
    return counts;
  }

  private static List<Long> seeds() {
    List<Long> seeds = new ArrayList<>();
    for (long seed = 1; seed <= Rounds.of("tiphys.previews", 5); seed++) {
      seeds.add(seed);
    }
    return seeds;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whatIsSaidHappens(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    try (VirtualCluster cluster = new VirtualCluster(seed)) {
      for (String name : NAMES) {
        cluster.create(
            ApiResource.PRIORITY_CLASSES,
            "{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: %s}, value: %d}"
                .formatted(name, NAMES.indexOf(name)));
      }
      cluster.startNodes("node-", 1 + random.nextInt(3));
      NAMES.forEach(name -> apply(cluster, deployment(random, name)));
      cluster.advance(SPAN);
      String change = deployment(random, NAMES.get(random.nextInt(NAMES.size())));

      Struct report =
          Preview.of(
              ClusterCopy.of(cluster.api()),
              new PreviewRequest(
                  List.of(Yaml.struct(change)),
                  false,
                  "default",
                  cluster.world().now(),
                  SPAN,
                  SchedulerConfiguration.DEFAULT));
      Map<String, List<Long>> said = after(count(cluster), report);
      apply(cluster, change);
      cluster.advance(SPAN);

      assertThat(said).as(Yaml.text(report)).isEqualTo(count(cluster));
    }
  }
}
