package dev.tiphys.controllers;

import static dev.tiphys.client.ApiResource.CONTROLLER_REVISIONS;
import static dev.tiphys.client.ApiResource.PERSISTENT_VOLUMES;
import static dev.tiphys.client.ApiResource.PERSISTENT_VOLUME_CLAIMS;
import static dev.tiphys.client.ApiResource.PODS;
import static dev.tiphys.client.ApiResource.STATEFUL_SETS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.Informer;
import dev.tiphys.client.PatchType;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.schema.GroupVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatefulSetTest {

  private static final String CLAIMS =
      """
      volumeClaimTemplates:
      - metadata: {name: data}
        spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
      """;

  private static final ApiResource STORAGE_CLASSES =
      new ApiResource(
          GroupVersion.parse("storage.k8s.io/v1"), "storageclasses", "StorageClass", false);

  private TestCluster cluster = new TestCluster(1);

  @AfterEach
  void close() {
    cluster.close();
  }

  private void restart(long seed, Faults faults) {
    cluster.close();
    cluster = new TestCluster(seed, ControllerSettings.DEFAULT, faults);
  }

  private void create(int replicas, String more) {
    cluster.create(
        STATEFUL_SETS,
        """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: db, namespace: default}
        spec:
          replicas: %d
          serviceName: db
        %s
          selector: {matchLabels: {app: db}}
          template:
            metadata: {labels: {app: db}}
            spec:
              containers: [{name: app, image: "db:1"}]
        """
            .formatted(replicas, more.indent(2).stripTrailing()));
    cluster.settle();
  }

  private void set(Object value, String... path) {
    cluster.change(STATEFUL_SETS, "db", set -> set.withAt(value, path));
    cluster.settle();
  }

  private void scale(long replicas) {
    set(replicas, "spec", "replicas");
  }

  private void image(String image) {
    set(
        List.of(Struct.of("name", "app", "image", image)),
        "spec",
        "template",
        "spec",
        "containers");
  }

  private void annotate(String name) {
    set("true", "metadata", "annotations", name);
  }

  private void deletePod(String name) {
    cluster.delete(PODS, name, DeleteOptions.DEFAULT);
    cluster.settle();
  }

  private Struct status() {
    return cluster.get(STATEFUL_SETS, "db").struct("status");
  }

  private static String image(Struct pod) {
    return pod.structs("spec", "containers").getFirst().string("image");
  }

  private List<String> images() {
    return cluster.list(PODS).stream().map(StatefulSetTest::image).toList();
  }

  private static Predicate<Struct> good() {
    return pod -> !image(pod).endsWith("bad");
  }

  private List<String> ownersOf(String claim) {
    return Meta.of(cluster.get(PERSISTENT_VOLUME_CLAIMS, claim)).owners().stream()
        .map(owner -> owner.string("kind"))
        .toList();
  }

  private long updated() {
    return status().integer("updatedReplicas");
  }

  @Test
  void podsAreMadeOneAfterTheOtherWithNamesAndClaimsOfTheirOwn() {
    Set<String> seen = new LinkedHashSet<>();
    List<String> early = new ArrayList<>();
    Informer watched =
        cluster.observe(
            PODS,
            pods -> {
              for (Struct pod : pods.list()) {
                String name = Meta.of(pod).name();
                if (seen.add(name)) {
                  pods.list().stream()
                      .filter(other -> !Meta.of(other).name().equals(name))
                      .filter(other -> !Meta.isTrue(other, "Ready"))
                      .forEach(other -> early.add(name));
                }
              }
            });
    create(3, CLAIMS);
    assertThat(seen).containsExactly("db-0", "db-1", "db-2");
    assertThat(early).isEmpty();
    Struct pod = cluster.get(PODS, "db-1");
    String revision = status().string("currentRevision");
    assertThat(revision).startsWith("db-");
    assertThat(Meta.of(pod).labels().toString())
        .isEqualTo(
            """
            {"app":"db","apps.kubernetes.io/pod-index":"1","controller-revision-hash":"%s",\
            "statefulset.kubernetes.io/pod-name":"db-1"}"""
                .formatted(revision));
    assertThat(pod.string("spec", "hostname")).isEqualTo("db-1");
    assertThat(pod.string("spec", "subdomain")).isEqualTo("db");
    assertThat(pod.structs("spec", "volumes").getFirst().toString())
        .isEqualTo("{\"name\":\"data\",\"persistentVolumeClaim\":{\"claimName\":\"data-db-1\"}}");
    assertThat(cluster.names(PERSISTENT_VOLUME_CLAIMS))
        .containsExactly("data-db-0", "data-db-1", "data-db-2");
    Struct claim = cluster.get(PERSISTENT_VOLUME_CLAIMS, "data-db-0");
    assertThat(Meta.of(claim).labels().toString()).isEqualTo("{\"app\":\"db\"}");
    assertThat(Meta.of(claim).owners()).isEmpty();
    assertThat(status().toString())
        .isEqualTo(
            """
            {"availableReplicas":3,"collisionCount":0,"currentReplicas":3,\
            "currentRevision":"%s","observedGeneration":1,"readyReplicas":3,"replicas":3,\
            "updateRevision":"%s","updatedReplicas":3}"""
                .formatted(revision, revision));
    assertThat(cluster.events("db"))
        .containsExactlyInAnyOrder(
            "SuccessfulCreate: create Claim data-db-0 Pod db-0 in StatefulSet db success",
            "SuccessfulCreate: create Pod db-0 in StatefulSet db successful",
            "SuccessfulCreate: create Claim data-db-1 Pod db-1 in StatefulSet db success",
            "SuccessfulCreate: create Pod db-1 in StatefulSet db successful",
            "SuccessfulCreate: create Claim data-db-2 Pod db-2 in StatefulSet db success",
            "SuccessfulCreate: create Pod db-2 in StatefulSet db successful");
    watched.close();
  }

  @Test
  void aSmallerSetLosesItsLastPodsAndKeepsTheirClaims() {
    create(3, CLAIMS);
    String uid = Meta.of(cluster.get(PERSISTENT_VOLUME_CLAIMS, "data-db-2")).uid();
    scale(1);
    assertThat(cluster.names(PODS)).containsExactly("db-0");
    assertThat(cluster.names(PERSISTENT_VOLUME_CLAIMS)).hasSize(3);
    scale(3);
    assertThat(cluster.names(PODS)).containsExactly("db-0", "db-1", "db-2");
    assertThat(Meta.of(cluster.get(PERSISTENT_VOLUME_CLAIMS, "data-db-2")).uid()).isEqualTo(uid);
  }

  @Test
  void anOrderedSetWaitsForAPodThatIsNotReadyAndAParallelOneDoesNot() {
    cluster.kubelet.letWork(pod -> !Meta.of(pod).name().equals("db-1"));
    create(3, "");
    assertThat(cluster.names(PODS)).containsExactly("db-0", "db-1");
    cluster.delete(STATEFUL_SETS, "db");
    cluster.settle();
    assertThat(cluster.names(PODS)).isEmpty();
    create(3, "podManagementPolicy: Parallel");
    assertThat(cluster.names(PODS)).containsExactly("db-0", "db-1", "db-2");
    scale(0);
    assertThat(cluster.names(PODS)).isEmpty();
  }

  @Test
  void aSmallerOrderedSetWaitsForPodsThatAreNotReadyAndAParallelOneDoesNot() {
    create(3, "");
    cluster.names(PODS).forEach(pod -> report(pod, "False"));
    scale(0);
    assertThat(cluster.names(PODS)).containsExactly("db-0", "db-1", "db-2");
    report("db-2", "True");
    assertThat(cluster.names(PODS)).containsExactly("db-0", "db-1");
    report("db-1", "True"); // db-0 is the first of those that are not ready: nothing waits for it
    assertThat(cluster.names(PODS)).isEmpty();
    cluster.delete(STATEFUL_SETS, "db");
    cluster.settle();

    create(3, "podManagementPolicy: Parallel");
    cluster.names(PODS).forEach(pod -> report(pod, "False"));
    scale(0);
    assertThat(cluster.names(PODS)).isEmpty();
  }

  private void report(String name, String ready) {
    Struct condition = Struct.of("type", "Ready", "status", ready);
    Struct patch = Struct.of("status", Struct.of("conditions", List.of(condition)));
    cluster.api.patch(PODS, "default", name, "status", PatchType.STRATEGIC, patch);
    cluster.settle();
  }

  @Test
  void aRollingUpdateGoesFromTheHighestPodToThePartition() {
    create(4, "");
    String first = status().string("currentRevision");
    List<String> ended = new ArrayList<>();
    Informer watched =
        cluster.observe(
            PODS,
            pods ->
                pods.list().stream()
                    .filter(pod -> Meta.of(pod).isBeingDeleted())
                    .map(pod -> Meta.of(pod).name())
                    .filter(name -> !ended.contains(name))
                    .forEach(ended::add));
    set(2L, "spec", "updateStrategy", "rollingUpdate", "partition");
    image("db:2");
    assertThat(images()).containsExactly("db:1", "db:1", "db:2", "db:2");
    assertThat(ended).containsExactly("db-3", "db-2");
    assertThat(updated()).isEqualTo(2);
    assertThat(status().string("currentRevision")).isEqualTo(first);
    deletePod("db-0");
    assertThat(images()).containsExactly("db:1", "db:1", "db:2", "db:2");
    set(0L, "spec", "updateStrategy", "rollingUpdate", "partition");
    assertThat(images()).containsOnly("db:2");
    assertThat(ended).containsExactly("db-3", "db-2", "db-0", "db-1");
    assertThat(status().string("currentRevision"))
        .isEqualTo(status().string("updateRevision"))
        .isNotEqualTo(first);
    watched.close();
  }

  @Test
  void anOldTemplateBecomesTheNewestRevisionAgain() {
    create(1, "revisionHistoryLimit: 1");
    String first = status().string("updateRevision");
    image("db:2");
    Struct revision = cluster.get(CONTROLLER_REVISIONS, first);
    cluster.api.patch(
        STATEFUL_SETS, "default", "db", "", PatchType.STRATEGIC, revision.struct("data"));
    cluster.settle();
    assertThat(images()).containsExactly("db:1");
    assertThat(status().string("updateRevision")).isEqualTo(first);
    assertThat(cluster.get(CONTROLLER_REVISIONS, first).integer("revision")).isEqualTo(3);
    image("db:3");
    image("db:4");
    assertThat(cluster.list(CONTROLLER_REVISIONS)).hasSize(2);
  }

  @Test
  void onDeleteLeavesPodsUntilTheyAreDeleted() {
    create(2, "updateStrategy: {type: OnDelete}");
    image("db:2");
    assertThat(images()).containsOnly("db:1");
    deletePod("db-1");
    assertThat(images()).containsExactly("db:1", "db:2");
  }

  @Test
  void aPodCountsOnceItHasBeenReadyForLongEnough() {
    create(2, "minReadySeconds: 100");
    assertThat(cluster.names(PODS)).containsExactly("db-0");
    assertThat(status().integer("readyReplicas")).isEqualTo(1);
    assertThat(status().integer("availableReplicas")).isZero();
    cluster.advance(Duration.ofSeconds(200));
    assertThat(status().integer("availableReplicas")).isEqualTo(2);
  }

  @Seeds(6)
  void neverMorePodsAreUnavailableThanMayBe(long seed) {
    restart(seed, new Faults(0.05, 0.05));
    create(
        6,
        """
        podManagementPolicy: Parallel
        updateStrategy: {rollingUpdate: {maxUnavailable: 2}}
        """);
    cluster.advance(Duration.ofMinutes(5));
    AtomicLong least = new AtomicLong(6);
    Informer watched =
        cluster.observe(
            PODS,
            pods -> {
              if (pods.synced()) {
                long available =
                    pods.list().stream()
                        .filter(pod -> Meta.isTrue(pod, "Ready"))
                        .filter(pod -> !Meta.of(pod).isBeingDeleted())
                        .count();
                least.accumulateAndGet(available, Math::min);
              }
            });
    cluster.world.settle();
    image("db:2");
    cluster.restartControllers();
    cluster.advance(Duration.ofMinutes(8));
    assertThat(images()).hasSize(6).containsOnly("db:2");
    assertThat(least.get()).isEqualTo(4);
    watched.close();
  }

  @Seeds(8)
  void whateverIsLostOrRestartedThereIsOnePodOfEachOrdinalInTheEnd(long seed) {
    restart(seed, new Faults(0.05, 0.1));
    create(3, CLAIMS);
    scale(5);
    image("db:2");
    cluster.restartControllers();
    scale(2);
    image("db:3");
    scale(4);
    cluster.advance(Duration.ofMinutes(10));
    assertThat(cluster.names(PODS)).containsExactly("db-0", "db-1", "db-2", "db-3");
    assertThat(images()).containsOnly("db:3");
    assertThat(status().string("currentRevision")).isEqualTo(status().string("updateRevision"));
    cluster.delete(STATEFUL_SETS, "db");
    cluster.advance(Duration.ofMinutes(10));
    assertThat(cluster.list(PODS)).isEmpty();
    assertThat(cluster.list(CONTROLLER_REVISIONS)).isEmpty();
    assertThat(cluster.list(PERSISTENT_VOLUME_CLAIMS)).hasSizeBetween(4, 5);
  }

  @Test
  void aPodThatBlocksAnOrderedUpdateMakesRoomOnlyForAPersonOrIfTheSetAsksForIt() {
    cluster.kubelet.letWork(good());
    create(3, "");
    image("db:bad");
    assertThat(images()).containsExactly("db:1", "db:1", "db:bad");
    image("db:1");
    assertThat(images()).containsExactly("db:1", "db:1", "db:bad");
    deletePod("db-2");
    assertThat(images()).containsOnly("db:1");
    assertThat(updated()).isEqualTo(3);
    assertThat(status().integer("readyReplicas")).isEqualTo(3);
    assertThat(status().string("currentRevision")).isEqualTo(status().string("updateRevision"));
    annotate("statefulset.tiphys.dev/replace-broken-pods");
    image("db:also-bad");
    assertThat(images()).containsExactly("db:1", "db:1", "db:also-bad");
    image("db:2");
    assertThat(images()).containsOnly("db:2");
    assertThat(status().integer("readyReplicas")).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aParallelSetWhoseFirstTemplateIsBrokenIsRepairedByTheSecond(int replicas) {
    cluster.kubelet.letWork(good());
    for (String most : List.of("1", "2")) {
      create(
          replicas,
          "podManagementPolicy: Parallel\nupdateStrategy: {rollingUpdate: {maxUnavailable: %s}}"
              .formatted(most));
      image("db:bad");
      image("db:2");
      assertThat(images()).hasSize(replicas).containsOnly("db:2");
      assertThat(status().integer("readyReplicas")).isEqualTo(replicas);
      cluster.delete(STATEFUL_SETS, "db");
      cluster.settle();
    }
  }

  @Test
  void aPodThatIsDeletedInTheMiddleOfAnUpdateComesBackUpdated() {
    create(3, "");
    cluster.change(
        STATEFUL_SETS,
        "db",
        set ->
            set.withAt(
                List.of(Struct.of("name", "app", "image", "db:2")),
                "spec",
                "template",
                "spec",
                "containers"));
    cluster.advance(Duration.ofMillis(300));
    deletePod("db-0");
    assertThat(images()).containsOnly("db:2");
    assertThat(updated()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Succeeded", "Failed"})
  void aPodThatHasEndedIsMadeAnew(String phase) {
    create(1, CLAIMS);
    Struct pod = cluster.get(PODS, "db-0");
    cluster.api.update(PODS, pod.withAt(phase, "status", "phase"), "status");
    cluster.settle();
    Struct next = cluster.get(PODS, "db-0");
    assertThat(Meta.of(next).uid()).isNotEqualTo(Meta.of(pod).uid());
    assertThat(Meta.isTrue(next, "Ready")).isTrue();
    assertThat(cluster.events("db"))
        .contains(
            phase.equals("Failed")
                ? "RecreatingFailedPod: StatefulSet default/db is recreating failed Pod db-0"
                : "RecreatingTerminatedPod: StatefulSet default/db is recreating terminated Pod db-0");
  }

  @Test
  void claimsStayUnlessTheSetSaysOtherwise() {
    create(3, CLAIMS);
    assertThat(ownersOf("data-db-0")).isEmpty();
    set("Delete", "spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted");
    assertThat(ownersOf("data-db-0")).containsExactly("StatefulSet");
    set("Retain", "spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted");
    assertThat(ownersOf("data-db-0")).isEmpty();
    set("Delete", "spec", "persistentVolumeClaimRetentionPolicy", "whenScaled");
    scale(2);
    assertThat(cluster.names(PERSISTENT_VOLUME_CLAIMS)).containsExactly("data-db-0", "data-db-1");
    set("Delete", "spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted");
    cluster.delete(STATEFUL_SETS, "db");
    cluster.settle();
    assertThat(cluster.names(PERSISTENT_VOLUME_CLAIMS)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void claimsGrowWithTheirTemplateWhereTheSetAsksForItAndTheClassLetsThem(boolean may) {
    cluster.create(
        STORAGE_CLASSES,
        """
        metadata: {name: fast}
        provisioner: test
        allowVolumeExpansion: %s
        """
            .formatted(may));
    for (String name : List.of("one", "two")) {
      cluster.create(
          PERSISTENT_VOLUMES,
          """
          metadata: {name: %s}
          spec:
            capacity: {storage: 1Gi}
            accessModes: [ReadWriteOnce]
            storageClassName: fast
            hostPath: {path: /x}
          """
              .formatted(name));
    }
    create(2, CLAIMS.replace("accessModes", "storageClassName: fast, accessModes"));
    annotate("statefulset.tiphys.dev/grow-claims");
    Struct template =
        cluster.get(STATEFUL_SETS, "db").structs("spec", "volumeClaimTemplates").getFirst();
    set(
        List.of(template.withAt("3Gi", "spec", "resources", "requests", "storage")),
        "spec",
        "volumeClaimTemplates");
    assertThat(cluster.list(PERSISTENT_VOLUME_CLAIMS))
        .extracting(claim -> claim.string("spec", "resources", "requests", "storage"))
        .hasSize(2)
        .containsOnly(may ? "3Gi" : "1Gi");
    scale(3);
    assertThat(cluster.list(PODS)).hasSize(3);
    assertThat(cluster.events("db"))
        .filteredOn(event -> event.startsWith("FailedUpdate: grow Claim data-db-0"))
        .hasSize(may ? 0 : 1);
  }

  @Test
  void ordinalsThatDoNotBeginAtZero() {
    create(
        3,
        "ordinals: {start: 1}\npersistentVolumeClaimRetentionPolicy: {whenScaled: Delete}\n"
            + CLAIMS);
    assertThat(cluster.names(PODS)).containsExactly("db-1", "db-2", "db-3");
    scale(2);
    assertThat(cluster.names(PODS)).containsExactly("db-1", "db-2");
    assertThat(cluster.names(PERSISTENT_VOLUME_CLAIMS)).containsExactly("data-db-1", "data-db-2");
    set(0L, "spec", "ordinals", "start");
    assertThat(cluster.names(PODS)).containsExactly("db-0", "db-1");
    assertThat(cluster.names(PERSISTENT_VOLUME_CLAIMS)).containsExactly("data-db-0", "data-db-1");
  }

  @Test
  void aClaimThatGoesWithItsPodIsMadeAnewForTheNextOne() {
    create(1, CLAIMS);
    String uid = Meta.of(cluster.get(PERSISTENT_VOLUME_CLAIMS, "data-db-0")).uid();
    cluster.delete(PERSISTENT_VOLUME_CLAIMS, "data-db-0");
    cluster.settle();
    assertThat(Meta.of(cluster.get(PERSISTENT_VOLUME_CLAIMS, "data-db-0")).isBeingDeleted())
        .isTrue();
    deletePod("db-0");
    Struct claim = cluster.get(PERSISTENT_VOLUME_CLAIMS, "data-db-0");
    assertThat(Meta.of(claim).uid()).isNotEqualTo(uid);
    assertThat(Meta.of(claim).isBeingDeleted()).isFalse();
    assertThat(Meta.isTrue(cluster.get(PODS, "db-0"), "Ready")).isTrue();
  }

  @Test
  void aPodOfItsNamesIsAdoptedAndGetsItsLabelsAndAnyOtherStaysAlone() {
    for (String name : List.of("db-0", "other")) {
      cluster.create(
          PODS,
          """
          metadata: {name: %s, namespace: default, labels: {app: db}}
          spec: {containers: [{name: app, image: "db:1"}]}
          """
              .formatted(name));
    }
    cluster.settle();
    create(1, "updateStrategy: {type: OnDelete}");
    Meta adopted = Meta.of(cluster.get(PODS, "db-0"));
    assertThat(adopted.owners()).hasSize(1);
    assertThat(adopted.label("statefulset.kubernetes.io/pod-name")).isEqualTo("db-0");
    assertThat(Meta.of(cluster.get(PODS, "other")).owners()).isEmpty();
    assertThat(cluster.events("db"))
        .contains("SuccessfulUpdate: update Pod db-0 in StatefulSet db successful");
  }

  @Test
  void aSetThatAsksForItSaysWhichPodBlocks() {
    cluster.kubelet.letWork(pod -> !Meta.of(pod).name().equals("db-1"));
    create(3, "");
    assertThat(status().has("conditions")).isFalse();
    annotate("statefulset.tiphys.dev/report-blocked");
    Struct condition = Meta.condition(cluster.get(STATEFUL_SETS, "db"), "tiphys.dev/Blocked");
    assertThat(condition.string("status")).isEqualTo("True");
    assertThat(condition.string("message")).startsWith("Pod db-1 is not available");
    cluster.kubelet.letWork(pod -> true);
    cluster.settle();
    condition = Meta.condition(cluster.get(STATEFUL_SETS, "db"), "tiphys.dev/Blocked");
    assertThat(condition.string("status")).isEqualTo("False");
  }
}
