package dev.tiphys.controllers;

import static dev.tiphys.client.ApiResource.DEPLOYMENTS;
import static dev.tiphys.client.ApiResource.PODS;
import static dev.tiphys.client.ApiResource.REPLICA_SETS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.Informer;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RolloutTest {

  private TestCluster cluster = new TestCluster(1);

  @AfterEach
  void close() {
    cluster.close();
  }

  private void restart(long seed) {
    cluster.close();
    cluster = new TestCluster(seed);
  }

  private void deploy(int replicas, String more) {
    cluster.create(DEPLOYMENTS, Manifests.deployment(replicas, more));
    cluster.settle();
  }

  private static Struct withImage(Struct deployment, String image) {
    Struct container = deployment.structs("spec", "template", "spec", "containers").getFirst();
    return deployment.withAt(
        List.of(container.with("image", image)), "spec", "template", "spec", "containers");
  }

  private void image(String image) {
    cluster.change(DEPLOYMENTS, "web", deployment -> withImage(deployment, image));
  }

  private void scale(long replicas) {
    cluster.change(DEPLOYMENTS, "web", d -> d.withAt(replicas, "spec", "replicas"));
  }

  private Struct status() {
    return cluster.get(DEPLOYMENTS, "web").struct("status");
  }

  private String progressing() {
    Struct condition = Meta.condition(cluster.get(DEPLOYMENTS, "web"), "Progressing");
    return condition == null
        ? ""
        : condition.string("status")
            + " "
            + condition.string("reason")
            + " "
            + condition.string("message");
  }

  private List<Long> sizes() {
    return cluster.revisions().stream().map(set -> set.integer("spec", "replicas")).toList();
  }

  private static long ready(Informer pods) {
    return pods.list().stream()
        .filter(pod -> Meta.isTrue(pod, "Ready") && !Meta.of(pod).isBeingDeleted())
        .count();
  }

  private static long active(Informer pods) {
    return pods.list().stream().filter(pod -> !Meta.of(pod).isBeingDeleted()).count();
  }

  @Test
  void aDeploymentGetsItsPodsAndIsComplete() {
    deploy(3, "");
    Struct set = cluster.list(REPLICA_SETS).getFirst();
    String name = Meta.of(set).name();
    assertThat(Meta.of(set).annotations().toString())
        .isEqualTo(
            """
            {"deployment.kubernetes.io/desired-replicas":"3",\
            "deployment.kubernetes.io/max-replicas":"4",\
            "deployment.kubernetes.io/revision":"1"}""");
    assertThat(Meta.of(set).label("pod-template-hash")).isEqualTo(name.substring("web-".length()));
    assertThat(cluster.names(PODS)).hasSize(3).allMatch(pod -> pod.startsWith(name + "-"));
    assertThat(status().without("conditions").toString())
        .isEqualTo(
            """
            {"availableReplicas":3,"observedGeneration":1,"readyReplicas":3,"replicas":3,\
            "terminatingReplicas":0,"updatedReplicas":3}""");
    assertThat(progressing())
        .isEqualTo(
            "True NewReplicaSetAvailable ReplicaSet \"" + name + "\" has successfully progressed.");
    assertThat(Meta.isTrue(cluster.get(DEPLOYMENTS, "web"), "Available")).isTrue();
    assertThat(cluster.events("web"))
        .containsExactly("ScalingReplicaSet: Scaled up replica set " + name + " from 0 to 3");
    assertThat(cluster.events(name))
        .hasSize(3)
        .allMatch(event -> event.startsWith("SuccessfulCreate: Created pod: " + name));
    assertThat(
            Meta.of(cluster.get(DEPLOYMENTS, "web"))
                .annotation("deployment.kubernetes.io/revision"))
        .isEqualTo("1");
  }

  @Test
  void aClusterComesToRestWhenARolloutIsDone() {
    cluster.create(DEPLOYMENTS, Manifests.deployment(3, ""));
    long before = cluster.world.nanoTime();
    cluster.world.awaitQuiescent();
    assertThat(Duration.ofNanos(cluster.world.nanoTime() - before))
        .isLessThan(Duration.ofSeconds(5));
    assertThat(progressing()).startsWith("True NewReplicaSetAvailable");
  }

  @Seeds(8)
  void aRollingUpdateKeepsItsLimitsAtEveryStep(long seed) {
    restart(seed);
    deploy(10, "  strategy: {rollingUpdate: {maxSurge: 30%, maxUnavailable: 2}}");
    AtomicLong least = new AtomicLong(10);
    AtomicLong most = new AtomicLong(10);
    Informer watched =
        cluster.observe(
            PODS,
            pods -> {
              if (pods.synced()) {
                least.accumulateAndGet(ready(pods), Math::min);
                most.accumulateAndGet(active(pods), Math::max);
              }
            });
    cluster.world.settle();
    image("web:2");
    cluster.settle();
    assertThat(sizes()).containsExactly(0L, 10L);
    assertThat(status().integer("updatedReplicas")).isEqualTo(10);
    assertThat(least.get()).isGreaterThanOrEqualTo(8);
    assertThat(most.get()).isLessThanOrEqualTo(13);
    watched.close();
  }

  @Seeds(6)
  void limitsHoldAndTheRolloutEndsThoughRequestsAreLost(long seed) {
    cluster.close();
    cluster = new TestCluster(seed, ControllerSettings.DEFAULT, new Faults(0.1, 0));
    deploy(10, "  strategy: {rollingUpdate: {maxSurge: 30%, maxUnavailable: 2}}");
    cluster.settle();
    AtomicLong least = new AtomicLong(10);
    AtomicLong most = new AtomicLong(10);
    Informer watched =
        cluster.observe(
            PODS,
            pods -> {
              if (pods.synced()) {
                least.accumulateAndGet(ready(pods), Math::min);
                most.accumulateAndGet(active(pods), Math::max);
              }
            });
    cluster.world.settle();
    image("web:2");
    cluster.advance(Duration.ofMinutes(3));
    assertThat(sizes()).containsExactly(0L, 10L);
    assertThat(progressing()).startsWith("True NewReplicaSetAvailable");
    assertThat(least.get()).isGreaterThanOrEqualTo(8);
    assertThat(most.get()).isLessThanOrEqualTo(13);
    watched.close();
  }

  @Seeds(6)
  void everythingComesRightThoughAnswersAreLost(long seed) {
    cluster.close();
    cluster = new TestCluster(seed, ControllerSettings.DEFAULT, new Faults(0.05, 0.1));
    deploy(6, "");
    image("web:2");
    cluster.advance(Duration.ofMinutes(8));
    assertThat(cluster.list(PODS)).hasSize(6);
    assertThat(sizes()).containsExactly(0L, 6L);
    assertThat(progressing()).startsWith("True NewReplicaSetAvailable");
    cluster.delete(DEPLOYMENTS, "web");
    cluster.advance(Duration.ofMinutes(8));
    assertThat(cluster.list(REPLICA_SETS)).isEmpty();
    assertThat(cluster.list(PODS)).isEmpty();
  }

  @Seeds(4)
  void changesInQuickSuccessionEndWithTheLastTemplateAndNoPodTooMany(long seed) {
    restart(seed);
    deploy(5, "");
    for (int i = 2; i < 8; i++) {
      image("web:" + i);
      cluster.advance(Duration.ofMillis(700));
    }
    cluster.settle();
    assertThat(cluster.list(PODS))
        .hasSize(5)
        .allMatch(
            pod -> pod.structs("spec", "containers").getFirst().string("image").equals("web:7"));
    assertThat(progressing()).startsWith("True NewReplicaSetAvailable");
  }

  @Test
  void aRolloutThatIsStuckKeepsTheAvailablePods() {
    deploy(4, "");
    cluster.kubelet.letWork(pod -> false);
    image("web:broken");
    cluster.settle();
    assertThat(sizes()).containsExactly(3L, 2L);
    assertThat(progressing()).startsWith("True ReplicaSetUpdated");
    cluster.advance(Duration.ofSeconds(700));
    String name = Meta.of(cluster.revisions().getLast()).name();
    assertThat(progressing())
        .isEqualTo(
            "False ProgressDeadlineExceeded ReplicaSet \""
                + name
                + "\" has timed out progressing.");
    cluster.kubelet.letWork(pod -> true);
    cluster.settle();
    assertThat(progressing()).startsWith("True NewReplicaSetAvailable");
  }

  @Test
  void theProgressDeadlineIsNotExceededTooEarly() {
    cluster.kubelet.letWork(pod -> false);
    deploy(1, "");
    cluster.advance(Duration.ofSeconds(530));
    assertThat(progressing()).startsWith("True");
    cluster.advance(Duration.ofSeconds(20));
    assertThat(progressing()).startsWith("False ProgressDeadlineExceeded");
  }

  @Test
  void recreateEndsAllOldPodsBeforeItMakesNewOnes() {
    deploy(3, "  strategy: {type: Recreate}");
    cluster.kubelet.letEnd(pod -> false);
    image("web:2");
    cluster.settle();
    assertThat(sizes()).containsExactly(0L);
    assertThat(cluster.list(PODS)).hasSize(3).allMatch(pod -> Meta.of(pod).isBeingDeleted());
    cluster.kubelet.letEnd(pod -> true);
    cluster.settle();
    assertThat(sizes()).containsExactly(0L, 3L);
    assertThat(progressing()).startsWith("True NewReplicaSetAvailable");
  }

  @Test
  void aPausedDeploymentScalesAndDoesNotRoll() {
    deploy(2, "");
    cluster.change(DEPLOYMENTS, "web", d -> d.withAt(true, "spec", "paused"));
    cluster.settle();
    assertThat(progressing()).isEqualTo("Unknown DeploymentPaused Deployment is paused");
    image("web:2");
    scale(4);
    cluster.settle();
    assertThat(sizes()).containsExactly(4L);
    cluster.change(DEPLOYMENTS, "web", d -> d.with("spec", d.struct("spec").without("paused")));
    cluster.settle();
    assertThat(sizes()).containsExactly(0L, 4L);
    assertThat(progressing()).startsWith("True NewReplicaSetAvailable");
  }

  @Test
  void goingBackUsesTheOldReplicaSetAsTheNewestRevision() {
    deploy(2, "");
    String first = Meta.of(cluster.revisions().getFirst()).name();
    image("web:2");
    cluster.settle();
    image("web:1");
    cluster.settle();
    Struct newest = cluster.revisions().getLast();
    assertThat(cluster.revisions()).hasSize(2);
    assertThat(Meta.of(newest).name()).isEqualTo(first);
    assertThat(Meta.of(newest).annotation("deployment.kubernetes.io/revision")).isEqualTo("3");
    assertThat(Meta.of(newest).annotation("deployment.kubernetes.io/revision-history"))
        .isEqualTo("1");
    assertThat(
            Meta.of(cluster.get(DEPLOYMENTS, "web"))
                .annotation("deployment.kubernetes.io/revision"))
        .isEqualTo("3");
    assertThat(newest.integer("spec", "replicas")).isEqualTo(2);
  }

  @Test
  void scalingInTheMiddleOfARolloutKeepsTheProportion() {
    deploy(10, "  strategy: {rollingUpdate: {maxSurge: 3, maxUnavailable: 2}}");
    cluster.kubelet.letWork(pod -> false);
    image("web:2");
    cluster.settle();
    assertThat(sizes()).containsExactly(8L, 5L);
    scale(15);
    cluster.settle();
    assertThat(sizes()).containsExactly(11L, 7L);
    scale(0);
    cluster.settle();
    assertThat(sizes()).containsExactly(0L, 0L);
  }

  @Test
  void aHashThatIsTakenIsCountedAsACollision() {
    deploy(1, "");
    Struct first = cluster.revisions().getFirst();
    String stolen = Meta.of(first).name();
    cluster.delete(DEPLOYMENTS, "web");
    cluster.delete(REPLICA_SETS, stolen);
    cluster.settle();
    cluster.api.create(
        REPLICA_SETS,
        new dev.tiphys.object.StructBuilder()
            .add("apiVersion", "apps/v1")
            .add("kind", "ReplicaSet")
            .add("metadata", Struct.of("name", stolen, "namespace", "default"))
            .add(
                "spec",
                first
                    .struct("spec")
                    .withAt("other", "template", "metadata", "labels", "app")
                    .withAt("other", "selector", "matchLabels", "app"))
            .build());
    deploy(1, "");
    assertThat(status().integer("collisionCount")).isEqualTo(1);
    assertThat(cluster.names(REPLICA_SETS)).hasSize(2).contains(stolen);
    assertThat(progressing()).startsWith("True NewReplicaSetAvailable");
  }

  @Test
  void aTemplateIsRecognizedHoweverItIsWritten() {
    cluster.create(DEPLOYMENTS, Manifests.richDeployment());
    cluster.settle();
    cluster.restartControllers();
    cluster.change(DEPLOYMENTS, "web", d -> Meta.withAnnotation(d, "touched", "yes"));
    cluster.settle();
    assertThat(cluster.names(REPLICA_SETS)).hasSize(1);
    assertThat(status().has("collisionCount")).isFalse();
    assertThat(
            Meta.of(cluster.get(DEPLOYMENTS, "web"))
                .annotation("deployment.kubernetes.io/revision"))
        .isEqualTo("1");
    assertThat(Meta.of(cluster.revisions().getFirst()).annotation("touched")).isEqualTo("yes");
  }

  @Test
  void controllersThatStartInTheMiddleOfARolloutGoOnWithIt() {
    deploy(10, "");
    image("web:2");
    cluster.advance(Duration.ofMillis(1500));
    cluster.restartControllers();
    cluster.settle();
    assertThat(sizes()).containsExactly(0L, 10L);
    assertThat(cluster.list(PODS)).hasSize(10);
  }

  @Test
  void historyBeyondTheLimitIsDeleted() {
    deploy(1, "  revisionHistoryLimit: 2");
    for (int i = 2; i < 7; i++) {
      image("web:" + i);
      cluster.settle();
    }
    assertThat(
            cluster.revisions().stream()
                .map(set -> Meta.of(set).annotation("deployment.kubernetes.io/revision")))
        .containsExactly("4", "5", "6");
  }

  @Test
  void aReplicaSetThatWasThereBeforeIsReplacedAndItsRevisionCountedOn() {
    cluster.create(
        REPLICA_SETS,
        Manifests.replicaSet("before", 1)
            .replace(
                "namespace: default",
                "namespace: default, labels: {app: web}, annotations:"
                    + " {deployment.kubernetes.io/revision: '3546343826724305832'}")
            .replace("web:1", "web:0"));
    cluster.settle();
    deploy(1, "");
    assertThat(
            Meta.of(cluster.get(DEPLOYMENTS, "web"))
                .annotation("deployment.kubernetes.io/revision"))
        .isEqualTo("3546343826724305833");
    assertThat(cluster.names(REPLICA_SETS)).hasSize(2).contains("before");
    assertThat(cluster.get(REPLICA_SETS, "before").integer("spec", "replicas")).isZero();
    assertThat(progressing()).startsWith("True NewReplicaSetAvailable");
  }

  @Test
  void withoutHistoryAReplicaSetThatWasThereBeforeIsDeletedAndOnlyOnePodIsMade() {
    cluster.create(
        REPLICA_SETS,
        Manifests.replicaSet("before", 1)
            .replace("namespace: default", "namespace: default, labels: {app: web}")
            .replace("web:1", "web:0"));
    cluster.settle();
    Set<String> made = new HashSet<>();
    Informer watched =
        cluster.observe(PODS, pods -> pods.list().forEach(pod -> made.add(Meta.of(pod).uid())));
    deploy(1, "  revisionHistoryLimit: 0");
    assertThat(cluster.names(REPLICA_SETS)).hasSize(1).doesNotContain("before");
    assertThat(made).as("the one of before and the new one").hasSize(2);
    watched.close();
  }

  @Test
  void aRolloutThatIsStuckGivesWayToTheNextTemplate() {
    cluster.kubelet.letWork(
        pod -> !pod.structs("spec", "containers").getFirst().string("image").equals("web:bad"));
    deploy(
        1, "  minReadySeconds: 10\n  strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}");
    image("web:bad");
    cluster.settle();
    assertThat(sizes()).containsExactly(1L, 1L);
    assertThat(status().integer("availableReplicas")).isEqualTo(1);
    image("web:2");
    cluster.settle();
    assertThat(sizes()).containsExactly(0L, 0L, 1L);
    assertThat(cluster.list(PODS)).hasSize(1);
    assertThat(progressing()).startsWith("True NewReplicaSetAvailable");
  }

  @Test
  void aPodIsAvailableOnlyWhenItHasBeenReadyForLongEnough() {
    deploy(2, "  minReadySeconds: 120");
    assertThat(status().integer("readyReplicas")).isEqualTo(2);
    assertThat(status().integer("availableReplicas")).isZero();
    assertThat(Meta.condition(cluster.get(DEPLOYMENTS, "web"), "Available").string("reason"))
        .isEqualTo("MinimumReplicasUnavailable");
    cluster.advance(Duration.ofSeconds(70));
    assertThat(status().integer("availableReplicas")).isEqualTo(2);
    assertThat(progressing()).startsWith("True NewReplicaSetAvailable");
  }

  @Test
  void aReplicaSetThatNoLongerMatchesIsReleasedAndOneThatMatchesIsAdopted() {
    deploy(1, "");
    String name = Meta.of(cluster.revisions().getFirst()).name();
    cluster.change(REPLICA_SETS, name, set -> set.withAt("other", "metadata", "labels", "app"));
    cluster.world.settle();
    assertThat(Meta.of(cluster.get(REPLICA_SETS, name)).owners()).isEmpty();
    cluster.change(REPLICA_SETS, name, set -> set.withAt("web", "metadata", "labels", "app"));
    cluster.settle();
    assertThat(Meta.of(cluster.get(REPLICA_SETS, name)).owners()).hasSize(1);
  }

  @Test
  void whatAReplicaSetFailsWithIsToldByItsDeployment() {
    cluster.create(
        DEPLOYMENTS,
        Manifests.deployment(1, "")
            .replace("containers:", "priorityClassName: none\n      containers:"));
    cluster.settle();
    Struct failure = Meta.condition(cluster.get(DEPLOYMENTS, "web"), "ReplicaFailure");
    assertThat(failure.string("reason")).isEqualTo("FailedCreate");
    assertThat(failure.string("message")).contains("no PriorityClass with name none was found");
  }
}
