package dev.tiphys.controllers;

import static dev.tiphys.client.ApiResource.PERSISTENT_VOLUMES;
import static dev.tiphys.client.ApiResource.PERSISTENT_VOLUME_CLAIMS;
import static dev.tiphys.client.ApiResource.PODS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.world.Rounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VolumeBinderTest {

  private static final ApiResource CLASSES =
      new ApiResource(
          GroupVersion.parse("storage.k8s.io/v1"), "storageclasses", "StorageClass", false);

  private final TestCluster cluster = new TestCluster(1);

  @AfterEach
  void close() {
    cluster.close();
  }

  private static String volume(String name, String size, String more) {
    return """
        apiVersion: v1
        kind: PersistentVolume
        metadata: {name: %s}
        spec:
          capacity: {storage: %s}
          accessModes: [ReadWriteOnce]
          hostPath: {path: /tmp/x}
          %s
        """
        .formatted(name, size, more);
  }

  private static String claim(String name, String size, String more) {
    return """
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: %s, namespace: default}
        spec:
          accessModes: [ReadWriteOnce]
          resources: {requests: {storage: %s}}
          %s
        """
        .formatted(name, size, more);
  }

  private static String type(String name, String provisioner, String more) {
    return """
        apiVersion: storage.k8s.io/v1
        kind: StorageClass
        metadata: {name: %s%s}
        provisioner: %s
        """
        .formatted(name, more, provisioner);
  }

  private Struct claimNow(String name) {
    return cluster.get(PERSISTENT_VOLUME_CLAIMS, name);
  }

  private Struct volumeNow(String name) {
    return cluster.get(PERSISTENT_VOLUMES, name);
  }

  private String phase(ApiResource resource, String name) {
    return cluster.get(resource, name).string("status", "phase");
  }

  @Test
  void aClaimGetsTheSmallestVolumeThatIsLargeEnough() {
    cluster.create(PERSISTENT_VOLUMES, volume("large", "10Gi", ""));
    cluster.create(PERSISTENT_VOLUMES, volume("fitting", "5Gi", ""));
    cluster.create(PERSISTENT_VOLUMES, volume("small", "1Gi", ""));
    cluster.settle();
    assertThat(phase(PERSISTENT_VOLUMES, "small")).isEqualTo("Available");
    cluster.create(PERSISTENT_VOLUME_CLAIMS, claim("data", "3Gi", "storageClassName: ''"));
    cluster.settle();

    Struct claim = claimNow("data");
    Struct volume = volumeNow("fitting");
    assertThat(claim.string("spec", "volumeName")).isEqualTo("fitting");
    assertThat(claim.string("status", "phase")).isEqualTo("Bound");
    assertThat(claim.string("status", "capacity", "storage")).isEqualTo("5Gi");
    assertThat(claim.strings("status", "accessModes")).containsExactly("ReadWriteOnce");
    assertThat(Meta.of(claim).annotation("pv.kubernetes.io/bind-completed")).isEqualTo("yes");
    assertThat(Meta.of(claim).annotation("pv.kubernetes.io/bound-by-controller")).isEqualTo("yes");
    assertThat(volume.string("status", "phase")).isEqualTo("Bound");
    assertThat(volume.string("spec", "claimRef", "uid")).isEqualTo(Meta.of(claim).uid());
    assertThat(Meta.of(volume).annotation("pv.kubernetes.io/bound-by-controller")).isEqualTo("yes");
    assertThat(phase(PERSISTENT_VOLUMES, "large")).isEqualTo("Available");
  }

  @Test
  void aClaimWaitsForAVolumeThatSuitsItInEveryWay() {
    cluster.create(PERSISTENT_VOLUMES, volume("block", "5Gi", "volumeMode: Block"));
    cluster.create(PERSISTENT_VOLUMES, volume("classed", "5Gi", "storageClassName: fast"));
    cluster.create(
        PERSISTENT_VOLUME_CLAIMS,
        claim("data", "3Gi", "storageClassName: ''\n  selector: {matchLabels: {disk: ssd}}"));
    cluster.create(PERSISTENT_VOLUMES, volume("unlabelled", "5Gi", ""));
    cluster.settle();
    assertThat(phase(PERSISTENT_VOLUME_CLAIMS, "data")).isEqualTo("Pending");
    assertThat(cluster.events("data"))
        .contains(
            "FailedBinding: no persistent volumes available for this claim and no storage class is set");

    cluster.create(
        PERSISTENT_VOLUMES,
        volume("suiting", "5Gi", "")
            .replace("{name: suiting}", "{name: suiting, labels: {disk: ssd}}"));
    cluster.settle();
    assertThat(claimNow("data").string("spec", "volumeName")).isEqualTo("suiting");
  }

  @Test
  void aVolumeThatIsKeptForAClaimGoesToNoOther() {
    cluster.create(
        PERSISTENT_VOLUMES, volume("kept", "5Gi", "claimRef: {namespace: default, name: mine}"));
    cluster.create(PERSISTENT_VOLUME_CLAIMS, claim("other", "1Gi", "storageClassName: ''"));
    cluster.settle();
    assertThat(phase(PERSISTENT_VOLUME_CLAIMS, "other")).isEqualTo("Pending");
    cluster.create(PERSISTENT_VOLUME_CLAIMS, claim("mine", "1Gi", "storageClassName: ''"));
    cluster.settle();
    assertThat(claimNow("mine").string("spec", "volumeName")).isEqualTo("kept");
    assertThat(Meta.of(volumeNow("kept")).annotations().has("pv.kubernetes.io/bound-by-controller"))
        .isFalse();
  }

  @Test
  void aVolumeThatIsKeptForAClaimMayBeOfAnotherClass() {
    cluster.create(
        PERSISTENT_VOLUMES,
        volume("kept", "5Gi", "storageClassName: fast\n  claimRef: {namespace: default, name: a}"));
    cluster.create(PERSISTENT_VOLUME_CLAIMS, claim("a", "1Gi", "storageClassName: ''"));
    cluster.settle();
    assertThat(claimNow("a").string("spec", "volumeName")).isEqualTo("kept");
  }

  @Test
  void aVolumeThatIsKeptForAClaimMustDoWhatTheClaimAsksFor() {
    cluster.create(
        PERSISTENT_VOLUMES, volume("kept", "5Gi", "claimRef: {namespace: default, name: a}"));
    cluster.create(
        PERSISTENT_VOLUME_CLAIMS,
        claim("a", "1Gi", "storageClassName: ''").replace("ReadWriteOnce", "ReadWriteMany"));
    cluster.settle();
    assertThat(phase(PERSISTENT_VOLUME_CLAIMS, "a")).isEqualTo("Pending");
  }

  @Test
  void aVolumeThatCanDoMoreIsKeptForThoseThatNeedIt() {
    cluster.create(
        PERSISTENT_VOLUMES,
        volume("any", "1Gi", "").replace("[ReadWriteOnce]", "[ReadWriteOnce, ReadWriteMany]"));
    cluster.create(PERSISTENT_VOLUMES, volume("large", "9Gi", ""));
    cluster.settle();
    cluster.create(PERSISTENT_VOLUME_CLAIMS, claim("a", "1Gi", "storageClassName: ''"));
    cluster.settle();
    assertThat(claimNow("a").string("spec", "volumeName")).isEqualTo("large");
  }

  /// A volume that is there comes before a class that could make one.
  @Test
  void aClaimWithoutAClassTakesAVolumeWithoutOne() {
    cluster.create(PERSISTENT_VOLUME_CLAIMS, claim("a", "1Gi", ""));
    cluster.settle();
    cluster.stopControllers();
    cluster.create(PERSISTENT_VOLUMES, volume("there", "1Gi", ""));
    Struct there = volumeNow("there");
    cluster.api.update(PERSISTENT_VOLUMES, there.withAt("Available", "status", "phase"), "status");
    cluster.create(
        CLASSES,
        type(
            "standard",
            "example.com/a",
            ", annotations: {storageclass.kubernetes.io/is-default-class: 'true'}"));
    cluster.restartControllers();
    cluster.settle();
    assertThat(claimNow("a").string("spec", "volumeName")).isEqualTo("there");
    assertThat(claimNow("a").has("spec", "storageClassName")).isFalse();
  }

  @Test
  void aPairOfDifferentModesIsToldSo() {
    cluster.create(
        PERSISTENT_VOLUME_CLAIMS, claim("a", "1Gi", "storageClassName: ''\n  volumeMode: Block"));
    String uid = Meta.of(claimNow("a")).uid();
    cluster.create(
        PERSISTENT_VOLUMES,
        volume("files", "1Gi", "claimRef: {namespace: default, name: a, uid: " + uid + "}"));
    cluster.settle();
    assertThat(cluster.events("files"))
        .contains(
            "VolumeMismatch: Cannot bind PersistentVolume to requested PersistentVolumeClaim \"a\""
                + " due to incompatible volumeMode.");
    assertThat(cluster.events("a"))
        .contains(
            "VolumeMismatch: Cannot bind PersistentVolume \"files\" to requested"
                + " PersistentVolumeClaim due to incompatible volumeMode.");
  }

  /// The annotation was taken away that says that they were bound.
  @Test
  void aClaimWhoseVolumeWentToAnotherIsTold() {
    cluster.create(PERSISTENT_VOLUMES, volume("disk", "1Gi", ""));
    cluster.create(PERSISTENT_VOLUME_CLAIMS, claim("first", "1Gi", "storageClassName: ''"));
    cluster.settle();
    cluster.create(
        PERSISTENT_VOLUME_CLAIMS,
        claim("second", "1Gi", "storageClassName: ''\n  volumeName: disk")
            .replace(
                "namespace: default",
                "namespace: default, annotations: {pv.kubernetes.io/bound-by-controller: 'yes'}"));
    cluster.settle();
    assertThat(cluster.events("second"))
        .contains("FailedBinding: volume \"disk\" already bound to a different claim.");
    assertThat(phase(PERSISTENT_VOLUME_CLAIMS, "second")).isEqualTo("Pending");
  }

  /// What it takes to stand like this is a stop between two steps, or a user's hand.
  @Test
  void aPairGoesOnFromWhateverStepWasTheLast() {
    cluster.create(PERSISTENT_VOLUMES, volume("disk", "1Gi", ""));
    cluster.create(PERSISTENT_VOLUME_CLAIMS, claim("a", "1Gi", "storageClassName: ''"));
    cluster.settle();
    Struct claim = claimNow("a");
    List<Runnable> setbacks =
        List.of(
            () -> cluster.change(PERSISTENT_VOLUMES, "disk", v -> v.withoutAt("spec", "claimRef")),
            () ->
                cluster.api.update(
                    PERSISTENT_VOLUMES,
                    volumeNow("disk").withAt("Available", "status", "phase"),
                    "status"),
            () ->
                cluster.api.update(
                    PERSISTENT_VOLUME_CLAIMS,
                    claimNow("a").withAt("Pending", "status", "phase"),
                    "status"),
            () ->
                cluster.change(
                    PERSISTENT_VOLUME_CLAIMS,
                    "a",
                    c ->
                        c.withoutAt("metadata", "annotations", "pv.kubernetes.io/bind-completed")));
    for (Runnable setback : setbacks) {
      cluster.stopControllers();
      setback.run();
      cluster.restartControllers();
      cluster.settle();
      assertThat(volumeNow("disk").string("spec", "claimRef", "uid"))
          .isEqualTo(Meta.of(claim).uid());
      assertThat(phase(PERSISTENT_VOLUMES, "disk")).isEqualTo("Bound");
      assertThat(claimNow("a").struct("spec")).isEqualTo(claim.struct("spec"));
      assertThat(phase(PERSISTENT_VOLUME_CLAIMS, "a")).isEqualTo("Bound");
      assertThat(Meta.of(claimNow("a")).annotation("pv.kubernetes.io/bind-completed"))
          .isEqualTo("yes");
    }
  }

  @Test
  void aClaimThatNamesItsVolumeIsToldWhyItCannotHaveIt() {
    cluster.create(PERSISTENT_VOLUMES, volume("taken", "1Gi", ""));
    cluster.create(PERSISTENT_VOLUME_CLAIMS, claim("first", "1Gi", "storageClassName: ''"));
    cluster.create(PERSISTENT_VOLUMES, volume("tiny", "1Mi", ""));
    cluster.settle();
    cluster.create(
        PERSISTENT_VOLUME_CLAIMS,
        claim("late", "1Gi", "storageClassName: ''\n  volumeName: taken"));
    cluster.create(
        PERSISTENT_VOLUME_CLAIMS,
        claim("greedy", "1Gi", "storageClassName: ''\n  volumeName: tiny"));
    cluster.settle();
    assertThat(cluster.events("late"))
        .contains("FailedBinding: volume \"taken\" already bound to a different claim.");
    assertThat(cluster.events("greedy"))
        .contains(
            "VolumeMismatch: Cannot bind to requested volume \"tiny\": requested PV is too small");
    assertThat(phase(PERSISTENT_VOLUME_CLAIMS, "greedy")).isEqualTo("Pending");
  }

  @Test
  void theDefaultClassComesLateToo() {
    cluster.create(PERSISTENT_VOLUME_CLAIMS, claim("data", "1Gi", ""));
    cluster.create(PERSISTENT_VOLUME_CLAIMS, claim("none", "1Gi", "storageClassName: ''"));
    cluster.settle();
    String isDefault = ", annotations: {storageclass.kubernetes.io/is-default-class: 'true'}";
    cluster.create(CLASSES, type("old", "example.com/a", isDefault));
    cluster.advance(Duration.ofSeconds(2));
    assertThat(claimNow("data").string("spec", "storageClassName")).isEqualTo("old");
    cluster.create(CLASSES, type("new", "example.com/b", isDefault));
    cluster.advance(Duration.ofSeconds(2));
    Struct second = cluster.create(PERSISTENT_VOLUME_CLAIMS, claim("second", "1Gi", ""));
    assertThat(second.string("spec", "storageClassName")).isEqualTo("new");
    cluster.settle();
    assertThat(claimNow("none").string("spec", "storageClassName")).isEmpty();
    assertThat(Meta.of(claimNow("data")).annotation("volume.kubernetes.io/storage-provisioner"))
        .isEqualTo("example.com/a");
    assertThat(
            Meta.of(claimNow("data")).annotation("volume.beta.kubernetes.io/storage-provisioner"))
        .isEqualTo("example.com/a");
    assertThat(cluster.events("data"))
        .contains(
            "ExternalProvisioning: Waiting for a volume to be created either by the external provisioner"
                + " 'example.com/a' or manually by the system administrator. If volume creation is delayed,"
                + " please verify that the provisioner is running and correctly registered.");
  }

  @Test
  void aClaimMayWaitForItsFirstPod() {
    cluster.create(
        CLASSES, type("late", "example.com/a", "") + "volumeBindingMode: WaitForFirstConsumer\n");
    cluster.create(PERSISTENT_VOLUMES, volume("there", "1Gi", "storageClassName: late"));
    cluster.create(PERSISTENT_VOLUME_CLAIMS, claim("data", "1Gi", "storageClassName: late"));
    cluster.settle();
    assertThat(phase(PERSISTENT_VOLUME_CLAIMS, "data")).isEqualTo("Pending");
    assertThat(cluster.events("data"))
        .containsExactly(
            "WaitForFirstConsumer: waiting for first consumer to be created before binding");

    TestKubelet.NODES.forEach(cluster.kubelet::lose); // nothing binds the Pod
    cluster.create(
        PODS,
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: default}
        spec:
          containers: [{name: app, image: "web:1"}]
          volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
        """);
    cluster.settle();
    assertThat(cluster.events("data"))
        .contains("WaitForPodScheduled: waiting for pod web to be scheduled");

    cluster.change(
        PERSISTENT_VOLUME_CLAIMS,
        "data",
        each -> Meta.withAnnotation(each, "volume.kubernetes.io/selected-node", "node-0"));
    cluster.settle();
    assertThat(claimNow("data").string("spec", "volumeName")).isEqualTo("there");
  }

  @Test
  void aClassThatMakesNothingAndOneThatIsNotThereAreTold() {
    cluster.create(CLASSES, type("manual", "kubernetes.io/no-provisioner", ""));
    cluster.create(PERSISTENT_VOLUME_CLAIMS, claim("a", "1Gi", "storageClassName: manual"));
    cluster.create(PERSISTENT_VOLUME_CLAIMS, claim("b", "1Gi", "storageClassName: missing"));
    cluster.settle();
    assertThat(cluster.events("a"))
        .contains(
            "ProvisioningFailed: no volume plugin matched name: kubernetes.io/no-provisioner");
    assertThat(cluster.events("b"))
        .contains("ProvisioningFailed: storageclass.storage.k8s.io \"missing\" not found");
  }

  @Test
  void aVolumeThatIsKeptIsFreeOnceAnAdministratorSaysSo() {
    cluster.create(PERSISTENT_VOLUMES, volume("keep", "1Gi", ""));
    cluster.create(PERSISTENT_VOLUME_CLAIMS, claim("a", "1Gi", "storageClassName: ''"));
    cluster.settle();
    cluster.delete(PERSISTENT_VOLUME_CLAIMS, "a");
    cluster.settle();
    assertThat(phase(PERSISTENT_VOLUMES, "keep")).isEqualTo("Released");

    cluster.create(PERSISTENT_VOLUME_CLAIMS, claim("c", "1Gi", "storageClassName: ''"));
    cluster.settle();
    assertThat(phase(PERSISTENT_VOLUME_CLAIMS, "c")).isEqualTo("Pending");
    cluster.change(PERSISTENT_VOLUMES, "keep", each -> each.withoutAt("spec", "claimRef"));
    cluster.settle();
    assertThat(claimNow("c").string("spec", "volumeName")).isEqualTo("keep");
  }

  @Test
  void aClaimWhoseVolumeIsGoneHasLostIt() {
    cluster.create(PERSISTENT_VOLUMES, volume("disk", "1Gi", ""));
    cluster.create(PERSISTENT_VOLUME_CLAIMS, claim("data", "1Gi", "storageClassName: ''"));
    cluster.settle();
    cluster.delete(PERSISTENT_VOLUMES, "disk");
    cluster.settle();
    assertThat(volumeNow("disk").has("metadata", "deletionTimestamp")).isTrue(); // protected
    cluster.change(PERSISTENT_VOLUMES, "disk", each -> each.withoutAt("metadata", "finalizers"));
    cluster.settle();
    assertThat(phase(PERSISTENT_VOLUME_CLAIMS, "data")).isEqualTo("Lost");
    assertThat(cluster.events("data"))
        .contains(
            "ClaimLost: Bound claim has lost its PersistentVolume. Data on the volume is lost!");
  }

  private static List<Long> seeds() {
    return LongStream.rangeClosed(1, Rounds.of("tiphys.binders", 10)).boxed().toList();
  }

  /// Claims and volumes come and go, requests and answers are lost, controllers start anew: no
  /// volume ever belongs to two claims, none changes hands, and in the end all that can be bound
  /// are. Another number of seeds: `-Dtiphys.binders=500`.
  @ParameterizedTest
  @MethodSource("seeds")
  void noVolumeEverHasTwoClaims(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    try (TestCluster other =
        new TestCluster(seed, ControllerSettings.DEFAULT, new Faults(0.2, 0.2))) {
      Map<String, String> owners = new HashMap<>();
      List<String> wrong = new ArrayList<>();
      other.observe(
          PERSISTENT_VOLUME_CLAIMS,
          informer -> {
            Set<String> names = new HashSet<>();
            for (Struct claim : informer.list()) {
              String volume = claim.string("spec", "volumeName");
              if (!volume.isEmpty()) {
                String owner = owners.putIfAbsent(volume, Meta.of(claim).uid());
                if (!names.add(volume) || (owner != null && !owner.equals(Meta.of(claim).uid()))) {
                  wrong.add(volume);
                }
              }
            }
          });
      for (int i = 0; i < 6; i++) {
        other.create(PERSISTENT_VOLUMES, volume("v" + i, (1 + random.nextInt(3)) + "Gi", ""));
        other.create(PERSISTENT_VOLUME_CLAIMS, claim("c" + i, "1Gi", "storageClassName: ''"));
        other.advance(Duration.ofMillis(random.nextInt(500)));
        if (random.nextInt(5) == 0) {
          other.restartControllers();
        }
      }
      other.advance(Duration.ofMinutes(10));
      assertThat(wrong).isEmpty();
      assertThat(other.list(PERSISTENT_VOLUME_CLAIMS))
          .allMatch(claim -> claim.string("status", "phase").equals("Bound"));
      assertThat(other.list(PERSISTENT_VOLUMES))
          .allMatch(volume -> volume.string("status", "phase").equals("Bound"));
    }
  }
}
