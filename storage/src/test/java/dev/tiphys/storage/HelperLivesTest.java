package dev.tiphys.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.defaults.DefaultObjects;
import dev.tiphys.client.placement.VolumeMatching;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.storage.host.ThisMachine;
import dev.tiphys.storage.provisioner.Provisioner;
import dev.tiphys.storage.provisioner.Unwritten;
import dev.tiphys.storage.resizer.Resizer;
import dev.tiphys.storage.sidecar.FakeDriver;
import dev.tiphys.storage.sidecar.Faults;
import dev.tiphys.storage.sidecar.LiveApi;
import dev.tiphys.storage.sidecar.StorageResources;
import dev.tiphys.storage.snapshotter.Snapshotter;
import dev.tiphys.world.Rounds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Lives of claims and snapshots while questions and answers are lost now and then and helpers are
/// restarted: claims grow, want less again and change their class; snapshots are taken and deleted.
class HelperLivesTest {

  /// What helpers report of faults is expected here. Held, since a logger that nothing holds
  /// forgets its level.
  private static final Logger LOG = Logger.getLogger("dev.tiphys");

  static {
    LOG.setLevel(Level.SEVERE);
  }

  private static final int STEPS = 60;
  private static final List<String> SIZES = List.of("1Gi", "2Gi", "3Gi", "100Gi");
  private static final Map<String, String> CLASSES = Map.of("thin", "true", "thick", "false");

  @TempDir Path notes;

  private LiveApi live;
  private Faults faults;
  private Random chance;
  private final FakeDriver driver = new FakeDriver("node-1", 40L << 30);
  private final Set<String> ready = new HashSet<>(); // handles of snapshots that must not be lost
  private DefaultObjects kinds;
  private Provisioner provisioner;
  private Resizer resizer;
  private Snapshotter snapshotter;
  private int named;

  private static LongStream seeds() {
    return LongStream.rangeClosed(1, Rounds.of("tiphys.helpers", 10));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void nothingIsLostNorStuckWhateverFails(long seed) {
    live = new LiveApi(seed);
    faults = new Faults(seed, 0.1);
    chance = new Random(seed);
    kinds = StorageDefaults.of(live.world, live.of("storage"));
    kinds.start();
    live.advance(Duration.ofSeconds(3));
    live.storageClass("fast", "WaitForFirstConsumer", "");
    CLASSES.forEach(
        (name, value) -> live.attributesClass(name, "local.tiphys.dev", "overcommit", value));
    live.attributesClass("odd", "local.tiphys.dev", "colour", "red");
    driver.failsBefore = _ -> faults.strike();
    driver.failsAfterwards = _ -> faults.strike();
    startHelpers();
    for (int i = 0; i < STEPS; i++) {
      step();
      live.advance(Duration.ofMillis(chance.nextInt(5000)));
      rememberSnapshots();
      assertThat(driver.snapshots.keySet()).containsAll(ready);
    }
    faults.end();
    calm();
    assertRight();
    stopHelpers();
    kinds.close();
    live.close();
  }

  private void startHelpers() {
    provisioner =
        new Provisioner(
            live.world,
            faults.before(live.of("provisioner")),
            driver,
            FakeDriver.SETTINGS,
            new Unwritten(new ThisMachine(), notes));
    resizer =
        new Resizer(live.world, faults.before(live.of("resizer")), driver, FakeDriver.SETTINGS);
    snapshotter =
        new Snapshotter(
            live.world, faults.before(live.of("snapshotter")), driver, FakeDriver.SETTINGS);
    provisioner.start();
    resizer.start();
    snapshotter.start();
    live.settle();
  }

  private void stopHelpers() {
    snapshotter.close();
    resizer.close();
    provisioner.close();
    live.settle();
  }

  private void step() {
    switch (chance.nextInt(10)) {
      case 0, 1 -> {
        named++;
        live.claim("c" + named, "fast", "1Gi", "node-1", "volumeAttributesClassName: thin");
      }
      case 2, 3 -> ask(any(bound()), any(SIZES));
      case 4 -> change(any(bound()), any(List.of("thin", "thick", "odd")));
      case 5, 6 -> snapshot(any(bound()));
      case 7 -> deleteSnapshot();
      case 8 -> {
        stopHelpers();
        startHelpers();
      }
      default -> live.advance(Duration.ofMinutes(chance.nextInt(8)));
    }
    live.settle();
    bindAndResize();
  }

  private <T> T any(List<T> all) {
    return all.isEmpty() ? null : all.get(chance.nextInt(all.size()));
  }

  private List<Struct> claims() {
    return live.api.list(ApiResource.PERSISTENT_VOLUME_CLAIMS, "", ListOptions.ALL).items();
  }

  private List<Struct> bound() {
    return claims().stream()
        .filter(claim -> claim.string("status", "phase").equals("Bound"))
        .toList();
  }

  private List<Struct> snapshots() {
    return live.api.list(StorageResources.VOLUME_SNAPSHOTS, "", ListOptions.ALL).items();
  }

  /// Asks for another size, if the claim may: not for less than it has.
  private void ask(Struct claim, String size) {
    if (claim != null
        && VolumeMatching.quantity(size)
                .compareTo(VolumeMatching.quantity(claim.get("status", "capacity", "storage")))
            > 0) {
      live.api.update(
          ApiResource.PERSISTENT_VOLUME_CLAIMS,
          claim.withAt(size, "spec", "resources", "requests", "storage"));
    }
  }

  private void change(Struct claim, String type) {
    if (claim != null) {
      live.api.update(
          ApiResource.PERSISTENT_VOLUME_CLAIMS,
          claim.withAt(type, "spec", "volumeAttributesClassName"));
    }
  }

  private void snapshot(Struct claim) {
    if (claim != null) {
      named++;
      live.api.create(
          StorageResources.VOLUME_SNAPSHOTS,
          Yaml.struct(
              """
              apiVersion: snapshot.storage.k8s.io/v1
              kind: VolumeSnapshot
              metadata: {name: s%d, namespace: default}
              spec: {source: {persistentVolumeClaimName: %s}}
              """
                  .formatted(named, Meta.of(claim).name())));
    }
  }

  private void deleteSnapshot() {
    Struct one = any(snapshots());
    if (one != null) {
      ready.remove(handle(one));
      live.api.delete(
          StorageResources.VOLUME_SNAPSHOTS, "default", Meta.of(one).name(), DeleteOptions.DEFAULT);
    }
  }

  private static String handle(Struct snapshot) {
    return "snapshot-" + Meta.of(snapshot).uid();
  }

  private void rememberSnapshots() {
    snapshots().stream()
        .filter(each -> each.bool("status", "readyToUse") && !Meta.of(each).isBeingDeleted())
        .forEach(each -> ready.add(handle(each)));
  }

  /// What the binder and the nodes do.
  private void bindAndResize() {
    for (Struct claim : claims()) {
      String name = Meta.of(claim).name();
      String volume = "pvc-" + Meta.of(claim).uid();
      Struct made = live.api.find(ApiResource.PERSISTENT_VOLUMES, "", volume);
      if (made == null) {
        continue;
      }
      if (!claim.string("status", "phase").equals("Bound")) {
        Struct _ = live.bind(name);
      } else if (claim
          .string("status", "allocatedResourceStatuses", "storage")
          .equals("NodeResizePending")) {
        Struct status =
            claim
                .struct("status")
                .with("capacity", made.struct("spec", "capacity"))
                .without("allocatedResourceStatuses")
                .without("conditions");
        live.api.update(
            ApiResource.PERSISTENT_VOLUME_CLAIMS, claim.with("status", status), "status");
      }
    }
    live.settle();
  }

  /// What claims want is possible now, and there is time for it.
  private void calm() {
    driver.room = 1L << 50;
    live.advance(Duration.ofMinutes(30));
    bindAndResize();
    for (Struct claim : bound()) {
      if (claim.string("spec", "volumeAttributesClassName").equals("odd")) {
        change(claim, "thick");
      }
    }
    live.advance(Duration.ofMinutes(30));
    bindAndResize();
    live.advance(Duration.ofMinutes(10));
  }

  private void assertRight() {
    for (Struct claim : claims()) {
      String volume = claim.string("spec", "volumeName");
      Struct status = claim.struct("status");
      assertThat(status.string("phase")).as("%s", claim).isEqualTo("Bound");
      long wanted =
          VolumeMatching.quantity(claim.get("spec", "resources", "requests", "storage")).units();
      assertThat(driver.volumes.get(volume)).as("%s", claim).isGreaterThanOrEqualTo(wanted);
      assertThat(VolumeMatching.quantity(status.get("capacity", "storage")).units())
          .as("%s", claim)
          .isGreaterThanOrEqualTo(wanted);
      assertThat(status.has("modifyVolumeStatus")).as("%s", claim).isFalse();
      String type = claim.string("spec", "volumeAttributesClassName");
      assertThat(status.string("currentVolumeAttributesClassName")).isEqualTo(type);
      assertThat(driver.attributes).containsEntry(volume, Map.of("overcommit", CLASSES.get(type)));
    }
    assertThat(snapshots()).allMatch(each -> each.bool("status", "readyToUse"));
    assertThat(driver.snapshots.keySet())
        .isEqualTo(snapshots().stream().map(HelperLivesTest::handle).collect(Collectors.toSet()));
    assertThat(live.api.list(StorageResources.SNAPSHOT_CONTENTS, "", ListOptions.ALL).items())
        .hasSameSizeAs(snapshots());
  }
}
