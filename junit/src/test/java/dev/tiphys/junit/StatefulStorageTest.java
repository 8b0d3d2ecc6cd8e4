package dev.tiphys.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.PatchType;
import dev.tiphys.node.simulated.SimulatedNodes;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A StatefulSet with a disk for each Pod, on nodes that can have two disks each.
class StatefulStorageTest {

  private final VirtualCluster cluster = new VirtualCluster(1);
  private final NetworkDisks disks = new NetworkDisks(cluster);

  @BeforeEach
  void aClass() {
    cluster.create(
        NetworkDisks.CLASSES,
        """
        metadata: {name: disks}
        provisioner: disks.example.com
        volumeBindingMode: WaitForFirstConsumer
        """);
  }

  @AfterEach
  void close() {
    disks.close();
    cluster.close();
  }

  private SimulatedNodes nodes(String prefix, int count) {
    SimulatedNodes nodes = cluster.startNodes(prefix, count);
    for (int i = 0; i < count; i++) {
      String name = prefix + i;
      Struct annotations =
          Struct.of("volumes.kubernetes.io/controller-managed-attach-detach", "true");
      patch(
          ApiResource.NODES,
          "",
          name,
          Struct.of("metadata", Struct.of("annotations", annotations)));
      cluster.create(
          NetworkDisks.NODES_OF_DRIVERS,
          """
          metadata: {name: NODE}
          spec: {drivers: [{name: disks.example.com, nodeID: NODE, allocatable: {count: 2}}]}
          """
              .replace("NODE", name));
    }
    return nodes;
  }

  private void patch(ApiResource resource, String namespace, String name, Struct patch) {
    cluster.api().patch(resource, namespace, name, "", PatchType.MERGE, patch);
  }

  private void set(int replicas, String whenScaled, String whenDeleted) {
    cluster.create(
        ApiResource.STATEFUL_SETS,
        """
        metadata: {name: db, namespace: default}
        spec:
          replicas: REPLICAS
          serviceName: db
          persistentVolumeClaimRetentionPolicy: {whenScaled: SCALED, whenDeleted: DELETED}
          selector: {matchLabels: {app: db}}
          template:
            metadata: {labels: {app: db}}
            spec:
              containers: [{name: c, image: "db:1"}]
          volumeClaimTemplates:
          - metadata: {name: data}
            spec:
              storageClassName: disks
              accessModes: [ReadWriteOnce]
              resources: {requests: {storage: 1Gi}}
        """
            .replace("REPLICAS", Integer.toString(replicas))
            .replace("SCALED", whenScaled)
            .replace("DELETED", whenDeleted));
    minutes(2);
  }

  private void scale(int replicas) {
    patch(
        ApiResource.STATEFUL_SETS,
        "default",
        "db",
        Struct.of("spec", Struct.of("replicas", (long) replicas)));
    minutes(3);
  }

  private void minutes(int count) {
    cluster.advance(Duration.ofMinutes(count));
  }

  /// The nodes of the Pods that are ready.
  private Map<String, String> ready() {
    return cluster
        .objects(ApiResource.PODS, "db-")
        .filter(pod -> Meta.isTrue(pod, "Ready"))
        .collect(
            Collectors.toMap(pod -> Meta.of(pod).name(), pod -> pod.string("spec", "nodeName")));
  }

  /// Each Pod that is ready has its disk, and no other Pod has it.
  private void assertThatDisksFollowTheirPods() {
    ready()
        .forEach(
            (pod, node) ->
                assertThat(disks.nodesOf(disks.byClaim().get("data-" + pod)))
                    .as(pod)
                    .containsExactly(node));
  }

  @Test
  void eachPodHasADiskAndANodeNoMoreThanItTakes() {
    nodes("node-", 3);
    set(7, "Retain", "Retain");

    // Six disks fit; the seventh Pod waits for room, and its claim for the Pod.
    assertThat(ready()).hasSize(6);
    assertThat(
            ready().values().stream()
                .collect(Collectors.groupingBy(node -> node, Collectors.counting()))
                .values())
        .containsExactly(2L, 2L, 2L);
    assertThatDisksFollowTheirPods();
    Struct waiting = cluster.api().get(ApiResource.PODS, "default", "db-6");
    Struct condition = Meta.condition(waiting, "PodScheduled");
    assertThat(condition).isNotNull();
    assertThat(condition.string("message")).contains("node(s) exceed max volume count");
    assertThat(
            cluster
                .api()
                .get(ApiResource.PERSISTENT_VOLUME_CLAIMS, "default", "data-db-6")
                .string("status", "phase"))
        .isEqualTo("Pending");

    nodes("more-", 1);
    minutes(2);

    assertThat(ready()).hasSize(7).containsEntry("db-6", "more-0");
    assertThatDisksFollowTheirPods();
  }

  @Test
  void aPodThatComesBackFindsItsDisk() {
    nodes("node-", 3);
    set(3, "Retain", "Retain");
    Map<String, String> before = disks.byClaim();
    assertThat(before.keySet()).containsExactly("data-db-0", "data-db-1", "data-db-2");

    scale(1);
    assertThat(ready()).hasSize(1);
    assertThat(disks.byClaim()).isEqualTo(before);
    assertThat(disks.nodesOf(before.get("data-db-2"))).isEmpty();

    scale(3);
    assertThat(ready()).hasSize(3);
    assertThat(disks.byClaim()).isEqualTo(before);
    assertThatDisksFollowTheirPods();
  }

  @Test
  void disksGoWithTheirPodsWhereThatIsThePolicy() {
    nodes("node-", 3);
    set(3, "Delete", "Delete");
    Map<String, String> before = disks.byClaim();

    scale(1);
    assertThat(disks.byClaim()).isEqualTo(Map.of("data-db-0", before.get("data-db-0")));

    scale(2);
    assertThat(disks.byClaim()).containsKeys("data-db-0", "data-db-1").hasSize(2);
    assertThat(disks.byClaim().get("data-db-1")).isNotEqualTo(before.get("data-db-1"));

    cluster.api().delete(ApiResource.STATEFUL_SETS, "default", "db", DeleteOptions.DEFAULT);
    minutes(5);
    assertThat(disks.byClaim()).isEmpty();
    assertThat(cluster.objects(ApiResource.PERSISTENT_VOLUME_CLAIMS, "")).isEmpty();
    assertThat(attachments()).isEmpty();
  }

  private List<Struct> attachments() {
    return cluster.api().list(NetworkDisks.ATTACHMENTS, "", ListOptions.ALL).items();
  }

  @Test
  void aPodOfANodeOutOfServiceMovesWithItsDisk() {
    SimulatedNodes dying = nodes("dying-", 1);
    set(1, "Retain", "Retain");
    Map<String, String> before = disks.byClaim();
    assertThat(ready()).isEqualTo(Map.of("db-0", "dying-0"));
    nodes("living-", 2);

    dying.close();
    minutes(10); // the Pod is to go, but no node can say that it has

    assertThat(disks.nodesOf(before.get("data-db-0"))).containsExactly("dying-0");
    Struct node = cluster.api().get(ApiResource.NODES, "", "dying-0");
    List<Object> taints = new ArrayList<>(node.list("spec", "taints"));
    taints.add(
        Struct.of("key", "node.kubernetes.io/out-of-service", "value", "x", "effect", "NoExecute"));
    cluster.api().update(ApiResource.NODES, node.withAt(List.copyOf(taints), "spec", "taints"));
    minutes(3);

    assertThat(ready().get("db-0")).startsWith("living-");
    assertThat(disks.byClaim()).isEqualTo(before);
    assertThatDisksFollowTheirPods();
  }
}
