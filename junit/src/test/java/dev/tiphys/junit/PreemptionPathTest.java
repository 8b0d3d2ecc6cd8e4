package dev.tiphys.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.PatchType;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A Pod makes room for itself among those of ReplicaSets, which make theirs again.
class PreemptionPathTest {

  private static final String POD =
      """
      containers:
      - {name: c, image: "one:1", resources: {requests: {example.com/unit: UNITS}, limits: {example.com/unit: UNITS}}}
      """;

  private static String spec(int priority, int units) {
    return "priorityClassName: p" + priority + "\n" + POD.replace("UNITS", "" + units);
  }

  private static void keepOne(VirtualCluster cluster, int priority, int units) {
    cluster.create(
        ApiResource.REPLICA_SETS,
        """
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata: {name: set-PRIORITY, namespace: default}
        spec:
          replicas: 1
          selector: {matchLabels: {set: "PRIORITY"}}
          template:
            metadata: {labels: {set: "PRIORITY"}}
            spec:
        """
                .replace("PRIORITY", "" + priority)
            + spec(priority, units).indent(6));
    cluster.advance(Duration.ofSeconds(30));
  }

  /// Of 1,000 units 950 are taken; 500 more are needed. The two least important Pods have to go,
  /// and each is made again once and waits; the most important of the three stays.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void noMorePodsAreSentAwayThanMust(long seed) {
    try (VirtualCluster cluster = new VirtualCluster(seed)) {
      cluster.startNodes("simulated-", 1);
      Struct room =
          Yaml.struct(
              "{status: {capacity: {example.com/unit: 1000}, allocatable: {example.com/unit: 1000}}}");
      String node = Meta.of(node(cluster)).name();
      cluster.api().patch(ApiResource.NODES, "", node, "status", PatchType.STRATEGIC, room);
      for (int priority = 1; priority <= 4; priority++) {
        cluster.create(
            ApiResource.PRIORITY_CLASSES,
            "{metadata: {name: p" + priority + "}, value: " + priority + "}");
      }
      Map<String, Set<String>> made = new HashMap<>();
      Informer watched = new Informer(cluster.world(), cluster.api(), ApiResource.PODS);
      watched.listen(
          Informer.Listener.ofAll(
              pod ->
                  made.computeIfAbsent(Meta.of(pod).label("set"), _ -> new HashSet<>())
                      .add(Meta.of(pod).uid())));
      watched.start();
      keepOne(cluster, 1, 200);
      keepOne(cluster, 2, 300);
      keepOne(cluster, 3, 450);
      assertThat(cluster.objects(ApiResource.PODS, "set-"))
          .hasSize(3)
          .allMatch(pod -> pod.string("status", "phase").equals("Running"));

      cluster.create(
          ApiResource.PODS,
          "apiVersion: v1\nkind: Pod\nmetadata: {name: urgent, namespace: default}\nspec:\n"
              + spec(4, 500).indent(2));
      cluster.advance(Duration.ofMinutes(10));

      assertThat(cluster.objects(ApiResource.PODS, "urgent"))
          .allMatch(pod -> pod.string("status", "phase").equals("Running"));
      assertThat(made.get("1")).hasSize(2);
      assertThat(made.get("2")).hasSize(2);
      assertThat(made.get("3")).hasSize(1);
      watched.close();
    }
  }

  private static Struct node(VirtualCluster cluster) {
    return cluster.api().list(ApiResource.NODES, "", ListOptions.ALL).items().getFirst();
  }
}
