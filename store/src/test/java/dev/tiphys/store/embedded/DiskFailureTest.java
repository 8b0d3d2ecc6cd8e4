package dev.tiphys.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.store.StoreException;
import dev.tiphys.store.StoreException.Reason;
import dev.tiphys.store.Write;
import dev.tiphys.store.embedded.disk.Reserve;
import dev.tiphys.store.embedded.log.SegmentHeader;
import dev.tiphys.world.Task;
import dev.tiphys.world.VirtualWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A disk that is full, or fails.
@NullUnmarked // a null fails the test
class DiskFailureTest {

  private final VirtualWorld world = new VirtualWorld(3);
  private final SimulatedDisk disk = new SimulatedDisk();
  private EmbeddedStore store;
  private int written;

  @BeforeEach
  void open() {
    store = EmbeddedStore.open(disk, PowerLossTest.SMALL, world);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1 << 30}) // what the disk says that there is room for
  void aFullDiskTakesNoWritesUntilThereIsRoom(long said) throws Exception {
    write();
    disk.leaveRoom(3000, said);
    writeUntilItFails(Reason.NO_SPACE);
    int acknowledged = written;

    assertThat(store.revision()).isEqualTo(acknowledged + 1);
    assertThat(store.get("/1")).isNotNull();
    assertThat(store.snapshot().count("", "")).isEqualTo(acknowledged);
    assertThatThrownBy(this::write)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("disk is full")
        .hasMessageContaining("Free some space for");
    assertThat(store.isWritable()).isFalse();

    disk.leaveRoom(1 << 20, 1 << 20);
    assertThat(store.isWritable()).isTrue();
    for (int i = 0; i < 200; i++) {
      write();
    }
    assertThat(store.revision()).isEqualTo(acknowledged + 201);
    reopen(disk);
    assertThatAllIsThere();
  }

  @Test
  void onAFullDiskKeysCanBeDeletedUntilThereIsRoom() throws Exception {
    disk.leaveRoom(200_000, 200_000);
    assertThat(reasonOfFailure("/before")).isEqualTo(Reason.NO_SPACE);
    store.write(Write.delete("/before", Write.ANY));
    assertThat(store.snapshot().count("", "")).isZero();
    assertThatThrownBy(this::write).hasMessageContaining("the disk is full");
    assertThat(store.isWritable()).isFalse();

    store.compact(store.revision());
    world.settle();
    assertThat(store.isWritable()).isTrue();
    store.write(Write.create("/after", new byte[2000]));
    reopen(disk);
    assertThat(store.snapshot().count("", "")).isEqualTo(1);
  }

  @Test
  void whatLeadsToADeletionIsWrittenToAFullDisk() {
    disk.leaveRoom(50_000, 50_000);
    writeUntilItFails(Reason.NO_SPACE);

    store.write(Write.put("/1", new byte[300]).leadingToDeletion(true));
    assertThat(store.get("/1").value()).hasSize(300);
    assertThatThrownBy(() -> store.write(Write.put("/1", new byte[1])))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NO_SPACE));
    assertThatThrownBy(() -> store.grantLease(Duration.ofMinutes(1)))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NO_SPACE));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1 << 30}) // what the disk says that there is room for
  void deletionsAmongWritesThatFailAreMade(long said) throws Exception {
    for (int i = 0; i < 10; i++) {
      write();
    }
    disk.leaveRoom(0, said);
    List<Reason> reasons = new ArrayList<>();
    List<Task> tasks = new ArrayList<>();
    for (int i = 1; i <= 10; i++) {
      String key = "/new" + i;
      String old = "/" + i;
      tasks.add(world.start("writer", () -> reasons.add(reasonOfFailure(key))));
      tasks.add(world.start("deleter", () -> store.write(Write.delete(old, Write.ANY))));
    }
    for (Task task : tasks) {
      task.join();
    }

    assertThat(reasons).hasSize(10).containsOnly(Reason.NO_SPACE);
    for (int i = 1; i <= 10; i++) {
      assertThat(store.get("/" + i)).isNull();
    }
  }

  @Test
  void theReserveIsThereAfterReopeningAndRestoredWhenThereIsRoom() {
    assertThat(disk.names()).contains(Reserve.NAME);
    disk.leaveRoom(50_000, 50_000);
    writeUntilItFails(Reason.NO_SPACE);
    assertThat(disk.names()).doesNotContain(Reserve.NAME);
    reopen(disk);
    assertThat(disk.names()).doesNotContain(Reserve.NAME);
    assertThatAllIsThere();

    disk.leaveRoom(1 << 20, 1 << 20);
    write();
    assertThat(disk.names()).contains(Reserve.NAME);
    reopen(disk);
    assertThat(disk.names()).contains(Reserve.NAME);
  }

  @Test
  void whatWasAcknowledgedBeforeTheDiskWasFullIsThereAfterReopening() throws Exception {
    disk.leaveRoom(10_000, 1 << 30);
    writeUntilItFails(Reason.NO_SPACE);
    reopen(disk);

    assertThatAllIsThere();
  }

  @Test
  void everyoneWhoseWriteFailsIsTold() throws Exception {
    disk.leaveRoom(0, 0);
    List<Reason> reasons = new ArrayList<>();
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String key = "/" + i % 5;
      tasks.add(world.start("writer", () -> reasons.add(reasonOfFailure(key))));
    }
    for (Task task : tasks) {
      task.join();
    }

    assertThat(reasons).hasSize(20).containsOnly(Reason.NO_SPACE);
    assertThat(store.revision()).isEqualTo(1);
  }

  private Reason reasonOfFailure(String key) {
    try {
      while (true) {
        store.write(Write.put(key, new byte[2000]));
      }
    } catch (StoreException e) {
      return e.reason();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void afterAFailedSyncWritingGoesOnElsewhere(int failures) {
    for (int i = 0; i < 20; i++) {
      write();
    }
    disk.failSyncs(failures);
    int failed = 0;
    while (failed == 0 || written < 40) {
      try {
        write();
      } catch (StoreException e) {
        assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE);
        assertThat(store.revision()).isEqualTo(written + 1);
        failed++;
      }
    }

    SimulatedDisk left = disk.losePower(new SplittableRandom(failures));
    assertThat(disk.names()).contains(SegmentHeader.name(2));
    reopen(left);
    assertThatAllIsThere();
  }

  @Test
  void afterAFailedSyncTheStoreTriesWhetherItCanWriteAgain() {
    write();
    disk.failSyncs(2);
    assertThatThrownBy(this::write).isInstanceOf(StoreException.class);

    assertThat(store.isWritable()).isFalse();
    assertThat(store.isWritable()).isTrue();
    write();
    reopen(disk);
    assertThatAllIsThere();
  }

  @Test
  void aFailedCheckpointIsMadeLater() {
    for (int i = 0; i < 200; i++) {
      write();
    }
    disk.leaveRoom(0, 0);
    store.compact(store.revision() - 1);
    world.settle();
    assertThat(disk.names()).noneMatch(Checkpoint::isName);

    disk.leaveRoom(1 << 20, 1 << 30);
    write();
    store.compact(store.revision());
    world.settle();
    assertThat(disk.names()).anyMatch(Checkpoint::isName);
    reopen(disk);
    assertThatAllIsThere();
  }

  private void writeUntilItFails(Reason reason) {
    StoreException failure = null;
    while (failure == null) {
      try {
        write();
      } catch (StoreException e) {
        failure = e;
      }
    }
    assertThat(failure.reason()).isEqualTo(reason);
  }

  private void write() {
    store.write(Write.create("/" + (written + 1), new byte[100 + written % 1000]));
    written++;
  }

  private void reopen(SimulatedDisk from) {
    store.close();
    store = EmbeddedStore.open(from, PowerLossTest.SMALL, world);
  }

  private void assertThatAllIsThere() {
    assertThat(store.revision()).isEqualTo(written + 1);
    for (int i = 1; i <= written; i++) {
      assertThat(store.get("/" + i).value()).hasSize(100 + (i - 1) % 1000);
    }
  }
}
