package dev.tiphys.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.store.StoreException;
import dev.tiphys.store.StoreException.Reason;
import dev.tiphys.store.Write;
import dev.tiphys.store.embedded.log.SegmentHeader;
import dev.tiphys.world.Task;
import dev.tiphys.world.VirtualWorld;
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
