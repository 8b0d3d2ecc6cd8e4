package dev.tiphys.storage.provisioner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.ListOptions;
import dev.tiphys.grpc.GrpcException;
import dev.tiphys.grpc.GrpcStatus;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.storage.host.ThisMachine;
import dev.tiphys.storage.sidecar.FakeDriver;
import dev.tiphys.storage.sidecar.LiveApi;
import dev.tiphys.storage.sidecar.SidecarSettings;
import dev.tiphys.storage.sidecar.StorageResources;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Claims become volumes on nodes, and volumes that were given back go.
class ProvisionerTest {

  private static final long LARGE = 10L << 30;

  @TempDir Path notes;
  private LiveApi live = new LiveApi(3);
  private final FakeDriver driver = new FakeDriver("node-1", LARGE);
  private final List<AutoCloseable> running = new ArrayList<>();

  private void start(FakeDriver of, String node) {
    Provisioner provisioner =
        new Provisioner(
            live.world,
            live.of("provisioner-" + node),
            of,
            FakeDriver.of(node),
            new Unwritten(new ThisMachine(), notes.resolve(node)));
    running.add(provisioner);
    provisioner.start();
    live.settle();
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : running) {
      each.close();
    }
    live.close();
  }

  private List<Struct> volumes() {
    return live.api.list(ApiResource.PERSISTENT_VOLUMES, "", ListOptions.ALL).items();
  }

  @Test
  void aClaimForThisNodeGetsAVolume() {
    live.storageClass(
        "fast",
        "WaitForFirstConsumer",
        "mountOptions: [noatime]\nparameters: {backing: image, csi.storage.k8s.io/fstype: ext4}");
    start(driver, "node-1");
    Struct claim = live.claim("data", "fast", "1Gi", "node-1", "");
    live.settle();

    String name = "pvc-" + Meta.of(claim).uid();
    Struct volume = live.api.get(ApiResource.PERSISTENT_VOLUMES, "", name);
    assertThat(driver.last.getParametersMap()).containsOnlyKeys("backing");
    assertThat(driver.last.getVolumeCapabilities(0).getMount().getFsType()).isEqualTo("ext4");
    assertThat(Meta.of(volume).finalizers())
        .contains("external-provisioner.volume.kubernetes.io/finalizer");
    assertThat(Meta.of(volume).annotation("pv.kubernetes.io/provisioned-by"))
        .isEqualTo("local.tiphys.dev");
    assertThat(volume.string("spec", "claimRef", "uid")).isEqualTo(Meta.of(claim).uid());
    assertThat(volume.string("spec", "capacity", "storage")).isEqualTo("1Gi");
    assertThat(volume.string("spec", "csi", "fsType")).isEqualTo("ext4");
    assertThat(volume.strings("spec", "mountOptions")).containsExactly("noatime");
    assertThat(volume.string("spec", "persistentVolumeReclaimPolicy")).isEqualTo("Delete");
    assertThat(FakeDriver.SETTINGS.nodeOf(volume)).isEqualTo("node-1");
    assertThat(live.events("data"))
        .contains(
            "Provisioning External provisioner is provisioning volume for claim \"default/data\"",
            "ProvisioningSucceeded Successfully provisioned volume " + name);
  }

  @Test
  void aClaimForAnotherNodeOrForNoneYetIsLeftAlone() {
    live.storageClass("fast", "WaitForFirstConsumer", "");
    start(driver, "node-1");
    live.claim("elsewhere", "fast", "1Gi", "node-2", "");
    live.claim("waits", "fast", "1Gi", "", "");
    live.settle();

    assertThat(driver.calls).isEmpty();
  }

  @Test
  void whatWasMadeForAClaimThatWentWhileNothingRanIsDeleted() throws Exception {
    live.storageClass("fast", "WaitForFirstConsumer", "");
    driver.failsAfterwards = "CreateVolume"::equals;
    start(driver, "node-1");
    live.claim("data", "fast", "1Gi", "node-1", "");
    live.settle();
    assertThat(driver.volumes).hasSize(1);
    running.removeLast().close();

    live.api.delete(ApiResource.PERSISTENT_VOLUME_CLAIMS, "default", "data", DeleteOptions.DEFAULT);
    live.settle();
    driver.failsAfterwards = _ -> false;
    start(driver, "node-1");

    assertThat(driver.volumes).isEmpty();
    assertThat(notes.resolve("node-1")).isEmptyDirectory();
  }

  @Test
  void aVolumeThatBecameAnObjectOutlivesTheProcessThatMadeIt() throws Exception {
    live.storageClass("fast", "WaitForFirstConsumer", "");
    start(driver, "node-1");
    Struct claim = live.claim("data", "fast", "1Gi", "node-1", "");
    live.settle();
    running.removeLast().close();
    String volume = "pvc-" + Meta.of(claim).uid();
    // As if it had died between writing the object and striking out the note.
    new Unwritten(new ThisMachine(), notes.resolve("node-1")).put(ObjectKey.of(claim), volume);
    live.api.delete(ApiResource.PERSISTENT_VOLUME_CLAIMS, "default", "data", DeleteOptions.DEFAULT);
    live.settle();
    start(driver, "node-1");

    assertThat(driver.volumes).containsOnlyKeys(volume);
    assertThat(notes.resolve("node-1")).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void ofSeveralNodesOneMakesTheVolumeOfAClaimThatDoesNotWait(long seed) {
    live.close();
    live = new LiveApi(seed);
    live.storageClass("now", "Immediate", "");
    FakeDriver second = new FakeDriver("node-2", LARGE);
    FakeDriver full = new FakeDriver("node-3", 0);
    start(driver, "node-1");
    start(second, "node-2");
    start(full, "node-3");
    live.claim("data", "now", "1Gi", "", "");
    live.advance(Duration.ofSeconds(2));

    assertThat(driver.volumes.size() + second.volumes.size()).isEqualTo(1);
    assertThat(full.calls.keySet()).containsExactly("GetCapacity");
    assertThat(volumes()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16})
  void howeverCallsFailEachClaimGetsOneVolumeAndGivesItBack(long seed) {
    live.close();
    live = new LiveApi(seed);
    live.storageClass("now", "Immediate", "");
    Random chance = new Random(seed);
    List<FakeDriver> drivers = new ArrayList<>();
    for (String node : List.of("node-1", "node-2", "node-3")) {
      FakeDriver of = new FakeDriver(node, LARGE);
      of.failsAfterwards = _ -> chance.nextInt(3) == 0;
      drivers.add(of);
      start(of, node);
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      names.add("data-" + i);
      live.claim("data-" + i, "now", "1Gi", "", "");
      live.advance(Duration.ofMillis(chance.nextInt(500)));
    }
    live.advance(Duration.ofMinutes(20));
    assertThat(volumes()).hasSize(12);
    assertThat(drivers.stream().mapToInt(each -> each.volumes.size()).sum()).isEqualTo(12);

    for (String name : names) {
      String volume = live.bind(name).string("spec", "volumeName");
      release(volume);
      unprotect(volume);
    }
    live.advance(Duration.ofMinutes(20));
    assertThat(volumes()).isEmpty();
    assertThat(drivers).allMatch(each -> each.volumes.isEmpty());
  }

  @Test
  void aNodeWithoutRoomGivesTheClaimBack() {
    live.storageClass("fast", "WaitForFirstConsumer", "");
    driver.room = 0;
    start(driver, "node-1");
    live.claim("data", "fast", "1Gi", "node-1", "");
    live.settle();

    assertThat(Meta.of(live.claim("data")).annotations().names())
        .doesNotContain("volume.kubernetes.io/selected-node");
    assertThat(live.events("data"))
        .contains("ProvisioningFailed rpc error: code = ResourceExhausted desc = not enough space");
  }

  @Test
  void anAnswerThatWasLostLeavesOneVolume() {
    live.storageClass("fast", "WaitForFirstConsumer", "");
    start(driver, "node-1");
    driver.failsAfterwards = name -> driver.calls.get(name) < 3;
    live.claim("data", "fast", "1Gi", "node-1", "");
    live.advance(Duration.ofSeconds(10));

    assertThat(driver.calls).containsEntry("CreateVolume", 3);
    assertThat(driver.volumes).hasSize(1);
    assertThat(volumes()).hasSize(1);
  }

  @Test
  void whatWasMadeForAClaimThatIsGoneIsDeleted() {
    live.storageClass("fast", "WaitForFirstConsumer", "");
    start(driver, "node-1");
    driver.failsAfterwards = "CreateVolume"::equals;
    live.claim("data", "fast", "1Gi", "node-1", "");
    live.settle();
    assertThat(driver.volumes).hasSize(1);

    live.api.update(
        ApiResource.PERSISTENT_VOLUME_CLAIMS,
        SidecarSettings.withoutFinalizer(live.claim("data"), "kubernetes.io/pvc-protection"));
    live.api.delete(ApiResource.PERSISTENT_VOLUME_CLAIMS, "default", "data", DeleteOptions.DEFAULT);
    live.advance(Duration.ofSeconds(5));

    assertThat(driver.volumes).isEmpty();
  }

  @Test
  void whatIsWrongWithARequestIsSaidAndTriedAgainSlowly() {
    live.storageClass("fast", "WaitForFirstConsumer", "");
    start(driver, "node-1");
    driver.refusal = new GrpcException(GrpcStatus.INVALID_ARGUMENT, "no such backing");
    live.claim("data", "fast", "1Gi", "node-1", "");
    live.advance(Duration.ofMinutes(4));

    assertThat(driver.calls).containsEntry("CreateVolume", 1);
    assertThat(live.events("data"))
        .contains(
            "ProvisioningFailed Volume provisioning failed with infeasible error. Retries will be"
                + " delayed. rpc error: code = InvalidArgument desc = no such backing");
  }

  @Test
  void aVolumeIsMadeWithTheAttributesThatItsClaimAsksFor() {
    live.storageClass("fast", "WaitForFirstConsumer", "parameters: {backing: image}");
    live.attributesClass("thin", "local.tiphys.dev", "overcommit", "true");
    start(driver, "node-1");
    live.claim("data", "fast", "1Gi", "node-1", "volumeAttributesClassName: thin");
    live.settle();

    assertThat(driver.last.getParametersMap()).containsOnlyKeys("backing");
    assertThat(driver.last.getModifiableParametersMap()).isEqualTo(Map.of("overcommit", "true"));
    assertThat(volumes())
        .singleElement()
        .extracting(volume -> volume.string("spec", "volumeAttributesClassName"))
        .isEqualTo("thin");
  }

  @Test
  void aClassOfAttributesThatIsMissingIsWaitedFor() {
    live.storageClass("fast", "WaitForFirstConsumer", "");
    start(driver, "node-1");
    live.claim("data", "fast", "1Gi", "node-1", "volumeAttributesClassName: thin");
    live.settle();
    assertThat(driver.calls).isEmpty();
    assertThat(live.events("data"))
        .contains("ProvisioningFailed volumeattributesclasses.storage.k8s.io \"thin\" not found");

    live.attributesClass("thin", "local.tiphys.dev", "overcommit", "true");
    live.advance(Duration.ofSeconds(10));

    assertThat(volumes()).hasSize(1);
  }

  @Test
  void aClassOfAttributesOfAnotherDriverIsRefused() {
    live.storageClass("fast", "WaitForFirstConsumer", "");
    live.attributesClass("gold", "other.example", "tier", "gold");
    start(driver, "node-1");
    live.claim("data", "fast", "1Gi", "node-1", "volumeAttributesClassName: gold");
    live.settle();

    assertThat(driver.calls).isEmpty();
    assertThat(live.events("data"))
        .contains(
            "ProvisioningFailed VAC gold referenced in PVC is for driver other.example which does"
                + " not match driver name local.tiphys.dev");
  }

  private String bound(String policy) {
    live.storageClass("fast", "WaitForFirstConsumer", "reclaimPolicy: " + policy);
    start(driver, "node-1");
    live.claim("data", "fast", "1Gi", "node-1", "");
    live.settle();
    String name = live.bind("data").string("spec", "volumeName");
    live.settle();
    return name;
  }

  private void release(String volume) {
    Struct present = live.api.find(ApiResource.PERSISTENT_VOLUMES, "", volume);
    if (present != null) {
      live.api.update(
          ApiResource.PERSISTENT_VOLUMES, present.withAt("Released", "status", "phase"), "status");
    }
    live.settle();
  }

  /// What protects volumes lets this one go.
  private void unprotect(String volume) {
    Struct present = live.api.find(ApiResource.PERSISTENT_VOLUMES, "", volume);
    if (present != null) {
      live.api.update(
          ApiResource.PERSISTENT_VOLUMES,
          SidecarSettings.withoutFinalizer(present, "kubernetes.io/pv-protection"));
    }
    live.settle();
  }

  @Test
  void aVolumeThatWasGivenBackIsDeletedWithItsStorage() {
    String name = bound("Delete");
    release(name);
    unprotect(name);

    assertThat(driver.volumes).isEmpty();
    assertThat(volumes()).isEmpty();
  }

  @Test
  void aVolumeWhoseObjectIsDeletedFirstWaitsForItsClaim() {
    String name = bound("Delete");
    live.api.delete(ApiResource.PERSISTENT_VOLUMES, "", name, DeleteOptions.DEFAULT);
    live.settle();
    unprotect(name);
    assertThat(driver.volumes).hasSize(1);
    assertThat(volumes()).hasSize(1);

    release(name);

    assertThat(driver.volumes).isEmpty();
    assertThat(volumes()).isEmpty();
  }

  @Test
  void aVolumeThatIsRetainedKeepsItsStorage() {
    String name = bound("Retain");
    live.api.delete(ApiResource.PERSISTENT_VOLUMES, "", name, DeleteOptions.DEFAULT);
    release(name);
    unprotect(name);

    assertThat(driver.volumes).hasSize(1);
    assertThat(volumes()).isEmpty();
  }

  @Test
  void storageThatCannotBeDeletedIsToldAndTriedAgain() {
    String name = bound("Delete");
    driver.refusal = new GrpcException(GrpcStatus.FAILED_PRECONDITION, "in use");
    release(name);
    assertThat(live.events(name))
        .contains("VolumeFailedDelete rpc error: code = FailedPrecondition desc = in use");

    driver.refusal = null;
    unprotect(name);
    live.advance(Duration.ofSeconds(10));

    assertThat(volumes()).isEmpty();
  }

  @Test
  void aCloneIsMadeOfTheSourcesVolume() {
    String source = bound("Delete");
    live.claim(
        "copy", "fast", "2Gi", "node-1", "dataSource: {kind: PersistentVolumeClaim, name: data}");
    live.settle();

    assertThat(driver.last.getVolumeContentSource().getVolume().getVolumeId()).isEqualTo(source);
    live.claim(
        "small", "fast", "1Mi", "node-1", "dataSource: {kind: PersistentVolumeClaim, name: data}");
    live.settle();
    assertThat(live.events("small"))
        .anyMatch(
            event ->
                event.contains(
                    "error, new PVC request must be greater than or equal in size to the specified"
                        + " PVC data source, requested 1Mi but source is 1Gi"));
  }

  @Test
  void theSchedulerLearnsHowMuchRoomThereIs() throws Exception {
    live.storageClass("fast", "WaitForFirstConsumer", "");
    CapacityReporter reporter =
        new CapacityReporter(live.world, live.of("provisioner"), driver, FakeDriver.SETTINGS);
    running.add(reporter);
    reporter.start();
    live.settle();

    List<Struct> told =
        live.api.list(StorageResources.CAPACITIES, "kube-system", ListOptions.ALL).items();
    assertThat(told).hasSize(1);
    assertThat(told.getFirst().string("capacity")).isEqualTo("10Gi");
    assertThat(told.getFirst().string("storageClassName")).isEqualTo("fast");
    driver.room = 1L << 30;
    live.advance(Duration.ofMinutes(1));
    assertThat(
            live.api
                .list(StorageResources.CAPACITIES, "kube-system", ListOptions.ALL)
                .items()
                .getFirst()
                .string("capacity"))
        .isEqualTo("1Gi");
    live.api.delete(StorageResources.CLASSES, "", "fast", DeleteOptions.DEFAULT);
    live.settle();
    assertThat(live.api.list(StorageResources.CAPACITIES, "kube-system", ListOptions.ALL).items())
        .isEmpty();
  }
}
