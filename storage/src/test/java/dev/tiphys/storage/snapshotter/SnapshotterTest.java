package dev.tiphys.storage.snapshotter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.defaults.DefaultObjects;
import dev.tiphys.grpc.GrpcException;
import dev.tiphys.grpc.GrpcStatus;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.storage.StorageDefaults;
import dev.tiphys.storage.host.ThisMachine;
import dev.tiphys.storage.provisioner.Provisioner;
import dev.tiphys.storage.provisioner.Unwritten;
import dev.tiphys.storage.sidecar.FakeDriver;
import dev.tiphys.storage.sidecar.LiveApi;
import dev.tiphys.storage.sidecar.StorageResources;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Snapshots of claims: taken, bound, restored, deleted.
class SnapshotterTest {

  @TempDir Path notes;
  private final LiveApi live = new LiveApi(7);
  private final FakeDriver driver = new FakeDriver("node-1", 10L << 30);
  private DefaultObjects classes;
  private Provisioner provisioner;
  private Snapshotter snapshotter;
  private String volume;

  @BeforeEach
  void start() {
    classes = StorageDefaults.of(live.world, live.of("storage"));
    classes.start();
    live.advance(Duration.ofSeconds(3));
    provisioner =
        new Provisioner(
            live.world,
            live.of("provisioner"),
            driver,
            FakeDriver.SETTINGS,
            new Unwritten(new ThisMachine(), notes));
    provisioner.start();
    snapshotter = new Snapshotter(live.world, live.of("snapshotter"), driver, FakeDriver.SETTINGS);
    snapshotter.start();
    live.claim("data", "standard", "1Mi", "node-1", "");
    live.settle();
    volume = live.bind("data").string("spec", "volumeName");
    live.settle();
  }

  @AfterEach
  void stop() {
    snapshotter.close();
    provisioner.close();
    classes.close();
    live.close();
  }

  private void take(String more) {
    live.api.create(
        StorageResources.VOLUME_SNAPSHOTS,
        Yaml.struct(
            """
            apiVersion: snapshot.storage.k8s.io/v1
            kind: VolumeSnapshot
            metadata: {name: s, namespace: default}
            spec: {source: {%s}}
            """
                .formatted(more)));
    live.settle();
  }

  private Struct snapshot() {
    return live.api.get(StorageResources.VOLUME_SNAPSHOTS, "default", "s");
  }

  private List<Struct> contents() {
    return live.api.list(StorageResources.SNAPSHOT_CONTENTS, "", ListOptions.ALL).items();
  }

  private void delete() {
    live.api.delete(StorageResources.VOLUME_SNAPSHOTS, "default", "s", DeleteOptions.DEFAULT);
    live.settle();
  }

  @Test
  void aSnapshotIsTakenAndBound() {
    take("persistentVolumeClaimName: data");

    Struct status = snapshot().struct("status");
    assertThat(status.bool("readyToUse")).isTrue();
    assertThat(status.string("restoreSize")).isEqualTo("1Mi");
    assertThat(snapshot().string("spec", "volumeSnapshotClassName")).isEqualTo("standard");
    assertThat(Meta.of(snapshot()).finalizers())
        .containsExactly(
            "snapshot.storage.kubernetes.io/volumesnapshot-as-source-protection",
            "snapshot.storage.kubernetes.io/volumesnapshot-bound-protection");
    assertThat(driver.snapshots).containsEntry("snapshot-" + Meta.of(snapshot()).uid(), volume);
    Struct content = contents().getFirst();
    assertThat(Meta.of(content).name()).isEqualTo("snapcontent-" + Meta.of(snapshot()).uid());
    assertThat(status.string("boundVolumeSnapshotContentName")).isEqualTo(Meta.of(content).name());
    assertThat(content.string("spec", "source", "volumeHandle")).isEqualTo(volume);
    assertThat(live.events("s"))
        .contains(
            "CreatingSnapshot Waiting for a snapshot default/s to be created by the CSI driver.",
            "SnapshotCreated Snapshot default/s was successfully created by the CSI driver.",
            "SnapshotReady Snapshot default/s is ready to use.");
  }

  @Test
  void aSnapshotIsRestoredIntoANewClaim() {
    take("persistentVolumeClaimName: data");
    live.claim(
        "restored",
        "standard",
        "1Mi",
        "node-1",
        "dataSource: {apiGroup: snapshot.storage.k8s.io, kind: VolumeSnapshot, name: s}");
    live.settle();

    assertThat(driver.last.getVolumeContentSource().getSnapshot().getSnapshotId())
        .isEqualTo("snapshot-" + Meta.of(snapshot()).uid());
  }

  @Test
  void aSnapshotIsDeletedWithWhatTheDriverTook() {
    take("persistentVolumeClaimName: data");
    delete();

    assertThat(driver.snapshots).isEmpty();
    assertThat(contents()).isEmpty();
    assertThat(live.api.list(StorageResources.VOLUME_SNAPSHOTS, "", ListOptions.ALL).items())
        .isEmpty();
  }

  @Test
  void aSnapshotThatIsRetainedStaysAndCanBeBoundAgain() {
    live.api.update(
        StorageResources.SNAPSHOT_CLASSES,
        live.api
            .get(StorageResources.SNAPSHOT_CLASSES, "", "standard")
            .with("deletionPolicy", "Retain"));
    take("persistentVolumeClaimName: data");
    String handle = contents().getFirst().string("status", "snapshotHandle");
    delete();
    assertThat(driver.snapshots).hasSize(1);
    assertThat(contents()).hasSize(1);

    live.api.create(
        StorageResources.SNAPSHOT_CONTENTS,
        Yaml.struct(
            """
            apiVersion: snapshot.storage.k8s.io/v1
            kind: VolumeSnapshotContent
            metadata: {name: again}
            spec:
              deletionPolicy: Delete
              driver: local.tiphys.dev
              source: {snapshotHandle: %s}
              volumeSnapshotRef: {name: s, namespace: default}
            """
                .formatted(handle)));
    take("volumeSnapshotContentName: again");
    live.advance(Duration.ofSeconds(5));

    assertThat(snapshot().bool("status", "readyToUse")).isTrue();
    assertThat(snapshot().string("status", "boundVolumeSnapshotContentName")).isEqualTo("again");

    // What an administrator has made goes, too, and takes nothing along that it should not.
    delete();
    live.advance(Duration.ofSeconds(5));
    assertThat(live.api.find(StorageResources.VOLUME_SNAPSHOTS, "default", "s")).isNull();
    assertThat(live.api.find(StorageResources.SNAPSHOT_CONTENTS, "", "again")).isNull();
    assertThat(driver.snapshots).isEmpty();
  }

  @Test
  void whatTheDriverRefusesIsSaidAndTriedAgain() {
    driver.refusal = new GrpcException(GrpcStatus.RESOURCE_EXHAUSTED, "not enough space");
    take("persistentVolumeClaimName: data");
    assertThat(snapshot().bool("status", "readyToUse")).isFalse();
    assertThat(snapshot().string("status", "error", "message")).contains("not enough space");

    driver.refusal = null;
    live.advance(Duration.ofSeconds(10));

    assertThat(snapshot().bool("status", "readyToUse")).isTrue();
    assertThat(snapshot().has("status", "error")).isFalse();
  }

  @Test
  void anAnswerThatWasLostLeavesOneSnapshot() {
    driver.failsAfterwards = name -> name.equals("CreateSnapshot") && driver.calls.get(name) < 3;
    take("persistentVolumeClaimName: data");
    live.advance(Duration.ofSeconds(10));

    assertThat(driver.snapshots).hasSize(1);
    assertThat(snapshot().bool("status", "readyToUse")).isTrue();
  }

  @Test
  void whatAnAdministratorDeletesOrChangesStaysSo() {
    live.api.delete(StorageResources.CLASSES, "", "standard", DeleteOptions.DEFAULT);
    live.api.update(
        StorageResources.SNAPSHOT_CLASSES,
        live.api
            .get(StorageResources.SNAPSHOT_CLASSES, "", "standard")
            .with("deletionPolicy", "Retain"));
    try (DefaultObjects next = StorageDefaults.of(live.world, live.of("storage"))) {
      next.start();
      live.advance(Duration.ofSeconds(3));
    }

    assertThat(live.api.find(StorageResources.CLASSES, "", "standard")).isNull();
    assertThat(
            live.api
                .get(StorageResources.SNAPSHOT_CLASSES, "", "standard")
                .string("deletionPolicy"))
        .isEqualTo("Retain");
    assertThat(live.api.find(ApiResource.CONFIG_MAPS, "kube-system", "tiphys-storage")).isNotNull();
  }
}
