package dev.tiphys.controllers;

import static dev.tiphys.client.ApiResource.CONTROLLER_REVISIONS;
import static dev.tiphys.client.ApiResource.DAEMON_SETS;
import static dev.tiphys.client.ApiResource.NODES;
import static dev.tiphys.client.ApiResource.PODS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.Informer;
import dev.tiphys.client.PatchType;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DaemonSetTest {

  private TestCluster cluster = new TestCluster(1);

  @AfterEach
  void close() {
    cluster.close();
  }

  private void restart(long seed, Faults faults) {
    cluster.close();
    cluster = new TestCluster(seed, ControllerSettings.DEFAULT, faults);
  }

  private void create(String more, String pod) {
    cluster.create(
        DAEMON_SETS,
        """
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: agent, namespace: default}
        spec:
        %s
          selector: {matchLabels: {app: agent}}
          template:
            metadata: {labels: {app: agent}}
            spec:
        %s
              containers: [{name: app, image: "agent:1"}]
        """
            .formatted(more.indent(2).stripTrailing(), pod.indent(6).stripTrailing()));
    cluster.settle();
  }

  private void image(String image) {
    cluster.change(
        DAEMON_SETS,
        "agent",
        set ->
            set.withAt(
                List.of(Struct.of("name", "app", "image", image)),
                "spec",
                "template",
                "spec",
                "containers"));
    cluster.settle();
  }

  private Struct status() {
    return cluster.get(DAEMON_SETS, "agent").struct("status");
  }

  private static String image(Struct pod) {
    return pod.structs("spec", "containers").getFirst().string("image");
  }

  private List<String> images() {
    return cluster.list(PODS).stream().map(DaemonSetTest::image).toList();
  }

  private Map<String, Long> perNode() {
    return cluster.list(PODS).stream()
        .collect(
            Collectors.groupingBy(pod -> pod.string("spec", "nodeName"), Collectors.counting()));
  }

  private void taint(String node, String effect) {
    Struct taint =
        new StructBuilder().add("key", "dedicated").add("value", "x").add("effect", effect).build();
    cluster.change(NODES, node, object -> object.withAt(List.of(taint), "spec", "taints"));
    cluster.settle();
  }

  private void untaint(String node) {
    cluster.change(NODES, node, object -> object.withoutAt("spec", "taints"));
    cluster.settle();
  }

  @Test
  void eachNodeGetsAPodThatIsMeantForIt() {
    create("", "");
    assertThat(perNode()).isEqualTo(Map.of("node-0", 1L, "node-1", 1L, "node-2", 1L));
    Struct pod = cluster.list(PODS).getFirst();
    assertThat(Meta.of(pod).name()).matches("agent-[a-z0-9]{5}");
    Struct revision = cluster.list(CONTROLLER_REVISIONS).getFirst();
    String hash = Meta.of(revision).label("controller-revision-hash");
    assertThat(Meta.of(revision).name()).isEqualTo("agent-" + hash);
    assertThat(Meta.of(pod).labels().toString())
        .isEqualTo(
            """
            {"app":"agent","controller-revision-hash":"%s","pod-template-generation":"1"}"""
                .formatted(hash));
    assertThat(pod.struct("spec", "affinity").toString())
        .isEqualTo(
            """
            {"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":\
            {"nodeSelectorTerms":[{"matchFields":[{"key":"metadata.name","operator":"In",\
            "values":["%s"]}]}]}}}"""
                .formatted(pod.string("spec", "nodeName")));
    assertThat(pod.structs("spec", "tolerations"))
        .extracting(each -> each.string("key") + ":" + each.string("effect"))
        .containsExactly(
            "node.kubernetes.io/not-ready:NoExecute",
            "node.kubernetes.io/unreachable:NoExecute",
            "node.kubernetes.io/disk-pressure:NoSchedule",
            "node.kubernetes.io/memory-pressure:NoSchedule",
            "node.kubernetes.io/pid-pressure:NoSchedule",
            "node.kubernetes.io/unschedulable:NoSchedule");
    assertThat(status().toString())
        .isEqualTo(
            """
            {"currentNumberScheduled":3,"desiredNumberScheduled":3,"numberAvailable":3,\
            "numberMisscheduled":0,"numberReady":3,"observedGeneration":1,\
            "updatedNumberScheduled":3}""");
    assertThat(cluster.events("agent"))
        .hasSize(3)
        .allMatch(event -> event.startsWith("SuccessfulCreate: Created pod: agent-"));
  }

  @Test
  void onlyNodesThatItSelectsRunIt() {
    create("", "nodeSelector: {disk: ssd}");
    assertThat(cluster.list(PODS)).isEmpty();
    assertThat(status().integer("desiredNumberScheduled")).isZero();
    cluster.change(NODES, "node-1", node -> node.withAt("ssd", "metadata", "labels", "disk"));
    cluster.settle();
    // The test's scheduler does not know labels: it is the Pod's creation that counts here.
    assertThat(cluster.list(PODS)).hasSize(1);
    assertThat(status().integer("desiredNumberScheduled")).isEqualTo(1);
    cluster.change(NODES, "node-1", node -> node.withAt("hdd", "metadata", "labels", "disk"));
    cluster.settle();
    assertThat(cluster.list(PODS)).isEmpty();
    Struct disk = Struct.of("disk", "hdd");
    cluster.change(
        DAEMON_SETS, "agent", set -> set.withAt(disk, "spec", "template", "spec", "nodeSelector"));
    cluster.settle();
    assertThat(cluster.list(PODS)).hasSize(1);
    assertThat(status().integer("desiredNumberScheduled")).isEqualTo(1);
  }

  @Test
  void aPodThatIsDeletedComesBack() {
    create("", "");
    String gone = cluster.names(PODS).getFirst();
    cluster.delete(PODS, gone);
    cluster.settle();
    assertThat(cluster.names(PODS)).hasSize(3).doesNotContain(gone);
    assertThat(perNode()).isEqualTo(Map.of("node-0", 1L, "node-1", 1L, "node-2", 1L));
    assertThat(status().integer("numberAvailable")).isEqualTo(3);
  }

  @Test
  void taintsDecideWhoComesAndWhoStays() {
    taint("node-0", "NoSchedule");
    create("", "");
    assertThat(perNode()).containsOnlyKeys("node-1", "node-2");
    assertThat(status().integer("desiredNumberScheduled")).isEqualTo(2);
    untaint("node-0");
    assertThat(perNode()).containsOnlyKeys("node-0", "node-1", "node-2");
    taint("node-0", "NoSchedule");
    assertThat(perNode()).containsOnlyKeys("node-0", "node-1", "node-2");
    assertThat(status().integer("numberMisscheduled")).isEqualTo(1);
    taint("node-0", "NoExecute");
    assertThat(perNode()).containsOnlyKeys("node-1", "node-2");
  }

  @Test
  void aNodeThatComesGetsItsPod() {
    create("", "");
    cluster.create(
        NODES,
        """
        metadata: {name: node-9}
        status: {conditions: [{type: Ready, status: "True"}]}
        """);
    cluster.advance(Duration.ofSeconds(5));
    assertThat(cluster.list(PODS)).hasSize(4);
    assertThat(status().integer("desiredNumberScheduled")).isEqualTo(4);
    assertThat(status().integer("numberUnavailable")).isEqualTo(1);
    cluster.delete(NODES, "node-9");
    cluster.settle();
    assertThat(cluster.list(PODS)).hasSize(3);
  }

  @Seeds(8)
  void whateverIsLostNoNodeRunsTwoAndAnUpdateKeepsItsLimit(long seed) {
    restart(seed, new Faults(0.1, 0));
    AtomicLong most = new AtomicLong();
    AtomicLong least = new AtomicLong(3);
    create("", "");
    cluster.advance(Duration.ofMinutes(3));
    Informer watched =
        cluster.observe(
            PODS,
            pods -> {
              if (pods.synced()) {
                Map<String, Long> active =
                    pods.list().stream()
                        .filter(pod -> !Meta.of(pod).isBeingDeleted())
                        .collect(
                            Collectors.groupingBy(
                                pod -> pod.string("spec", "nodeName"), Collectors.counting()));
                active.remove("");
                active.values().forEach(count -> most.accumulateAndGet(count, Math::max));
                long ready =
                    pods.list().stream()
                        .filter(pod -> Meta.isTrue(pod, "Ready"))
                        .filter(pod -> !Meta.of(pod).isBeingDeleted())
                        .count();
                least.accumulateAndGet(ready, Math::min);
              }
            });
    cluster.world.settle();
    image("agent:2");
    cluster.restartControllers();
    cluster.advance(Duration.ofMinutes(5));
    assertThat(images()).hasSize(3).containsOnly("agent:2");
    assertThat(most.get()).isEqualTo(1);
    assertThat(least.get()).isEqualTo(2);
    watched.close();
  }

  @Seeds(3)
  void aSurgeStartsTheNewPodBesideTheOldOne(long seed) {
    restart(seed, Faults.NONE);
    create("updateStrategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}", "");
    AtomicLong least = new AtomicLong(3);
    AtomicLong most = new AtomicLong(3);
    Informer watched =
        cluster.observe(
            PODS,
            pods -> {
              if (pods.synced()) {
                Predicate<Struct> ready = pod -> Meta.isTrue(pod, "Ready");
                Predicate<Struct> stays = pod -> !Meta.of(pod).isBeingDeleted();
                least.accumulateAndGet(
                    pods.list().stream().filter(ready.and(stays)).count(), Math::min);
                most.accumulateAndGet(pods.list().stream().filter(stays).count(), Math::max);
              }
            });
    cluster.world.settle();
    image("agent:2");
    assertThat(images()).hasSize(3).containsOnly("agent:2");
    assertThat(least.get()).isEqualTo(3);
    assertThat(most.get()).isEqualTo(4);
    watched.close();
  }

  @Test
  void podsThatAreOfNoUseAreReplacedAtOnceAndAnUpdateThatFailsStops() {
    cluster.kubelet.letWork(pod -> !image(pod).endsWith("bad"));
    create("", "");
    image("agent:bad");
    assertThat(images()).containsExactlyInAnyOrder("agent:1", "agent:1", "agent:bad");
    image("agent:2");
    assertThat(images()).containsOnly("agent:2");
  }

  @Test
  void goingBackInTheMiddleOfAnUpdateReplacesOnlyWhatItHadReached() {
    cluster.kubelet.letWork(pod -> !image(pod).endsWith("bad"));
    create("", "");
    image("agent:bad");
    List<String> untouched =
        cluster.list(PODS).stream()
            .filter(pod -> image(pod).equals("agent:1"))
            .map(pod -> Meta.of(pod).uid())
            .toList();
    assertThat(untouched).hasSize(2);
    image("agent:1");
    assertThat(images()).containsOnly("agent:1");
    assertThat(cluster.list(PODS))
        .hasSize(3)
        .extracting(pod -> Meta.of(pod).uid())
        .containsAll(untouched);
    assertThat(status().integer("numberAvailable")).isEqualTo(3);
  }

  @Test
  void aRevisionThatAnotherProgramMadeIsOneOfThem() {
    create("", "");
    Struct first = cluster.list(CONTROLLER_REVISIONS).getFirst();
    Struct copy =
        Struct.of(
            "metadata",
            new StructBuilder()
                .add("name", "agent-copy")
                .add("namespace", "default")
                .add("labels", Struct.of("app", "agent", "controller-revision-hash", "copy"))
                .add("ownerReferences", Meta.of(first).owners())
                .build(),
            "data",
            first.struct("data"),
            "revision",
            2L);
    cluster.api.create(CONTROLLER_REVISIONS, copy);
    cluster.settle();
    cluster.delete(CONTROLLER_REVISIONS, Meta.of(first).name());
    cluster.settle();
    assertThat(cluster.names(CONTROLLER_REVISIONS)).containsExactly("agent-copy");
    image("agent:2");
    assertThat(cluster.list(CONTROLLER_REVISIONS))
        .extracting(revision -> revision.integer("revision"))
        .containsExactlyInAnyOrder(2L, 3L);
    assertThat(images()).containsOnly("agent:2");
  }

  @Test
  void onDeleteLeavesPodsUntilTheyAreDeletedAndAnOldTemplateCanComeBack() {
    create("updateStrategy: {type: OnDelete}\nrevisionHistoryLimit: 1", "");
    Struct first = cluster.list(CONTROLLER_REVISIONS).getFirst();
    image("agent:2");
    assertThat(images()).containsOnly("agent:1");
    cluster.delete(PODS, cluster.names(PODS).getFirst());
    cluster.settle();
    assertThat(images()).containsExactlyInAnyOrder("agent:1", "agent:1", "agent:2");
    assertThat(status().integer("updatedNumberScheduled")).isEqualTo(1);
    cluster.api.patch(
        DAEMON_SETS, "default", "agent", "", PatchType.STRATEGIC, first.struct("data"));
    cluster.settle();
    assertThat(status().integer("updatedNumberScheduled")).isEqualTo(2);
    assertThat(cluster.get(CONTROLLER_REVISIONS, Meta.of(first).name()).integer("revision"))
        .isEqualTo(3);
  }

  @Test
  void aPodThatHasEndedIsReplacedLaterAndLater() {
    cluster.kubelet.letWork(_ -> false);
    create("", "nodeName: node-1");
    List<Long> stays = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Struct pod = cluster.list(PODS).getFirst();
      cluster.api.update(PODS, pod.withAt("Failed", "status", "phase"), "status");
      long quarters = 0;
      cluster.advance(Duration.ofMillis(100));
      while (quarters < 100 && cluster.names(PODS).equals(List.of(Meta.of(pod).name()))) {
        cluster.advance(Duration.ofMillis(250));
        quarters++;
      }
      stays.add(Math.round(quarters / 4.0));
    }
    assertThat(stays).containsExactly(0L, 1L, 2L, 4L, 8L);
    assertThat(cluster.events("agent"))
        .anyMatch(
            event ->
                event.matches(
                    "FailedDaemonPod: Found failed daemon pod default/agent-.* on node node-1, will try to kill it"));
  }
}
