package dev.tiphys.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.store.Recorder;
import dev.tiphys.store.StoreException;
import dev.tiphys.store.Write;
import dev.tiphys.store.WriteResult;
import dev.tiphys.store.WriteResult.Stale;
import dev.tiphys.store.WriteResult.Written;
import dev.tiphys.world.Gate;
import dev.tiphys.world.VirtualWorld;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What can be seen of a write that is on its way to a disk that takes its time.
class DurabilityTest {

  private final VirtualWorld world = new VirtualWorld(4);
  private final SimulatedDisk disk = new SimulatedDisk();
  private final Gate sync = world.gate();
  private final List<Object> answers = new ArrayList<>();
  private EmbeddedStore store;
  private Recorder recorder;

  @BeforeEach
  void holdTheDisk() {
    store = EmbeddedStore.open(disk, PowerLossTest.SMALL, world);
    recorder = Recorder.fromNow(store, world, "");
    disk.holdSyncs(sync);
  }

  @AfterEach
  void close() {
    disk.holdSyncs(null);
    sync.open();
    store.close();
  }

  @Test
  void aWriteIsSeenOnlyOnceItIsOnDisk() {
    start(Write.create("/a", new byte[1]));

    assertThat(answers).isEmpty();
    assertThat(recorder.read().events()).isEmpty();
    assertThat(store.get("/a")).isNull();
    assertThat(store.revision()).isEqualTo(1);

    letOneSyncThrough();
    assertThat(answers).hasSize(1).hasOnlyElementsOfType(Written.class);
    assertThat(recorder.read().events()).hasSize(1);
    assertThat(store.get("/a")).isNotNull();
  }

  @Test
  void whatComesWhileTheDiskIsBusyGoesToItTogether() {
    start(Write.create("/a", new byte[1]));
    for (int i = 0; i < 10; i++) {
      start(Write.create("/b" + i, new byte[1]));
    }
    letOneSyncThrough();
    assertThat(store.revision()).isEqualTo(2);

    letOneSyncThrough();
    assertThat(store.revision()).isEqualTo(12);
    assertThat(answers).hasSize(11).hasOnlyElementsOfType(Written.class);
  }

  @Test
  void aWriteCanRestOnOneThatIsNotOnDiskYet() {
    start(Write.create("/a", new byte[1]));
    start(Write.replace("/a", new byte[2], 2));
    start(Write.replace("/a", new byte[3], 3));
    letOneSyncThrough();
    letOneSyncThrough();

    assertThat(answers).hasSize(3).hasOnlyElementsOfType(Written.class);
    assertThat(store.history().at(4).get("/a")).isSameAs(store.get("/a"));
  }

  @Test
  void nobodyIsToldOfAConflictThatIsNotOnDisk() {
    start(Write.create("/a", new byte[1]));
    start(Write.create("/a", new byte[2]));
    start(Write.delete("/a", 77));
    assertThat(answers).isEmpty();

    letOneSyncThrough();
    assertThat(answers).hasSize(3);
    assertThat(answers.subList(1, 3)).hasOnlyElementsOfType(Stale.class);
  }

  @Test
  void aConflictThatNeverReachesTheDiskIsNone() {
    start(Write.create("/a", new byte[1]));
    start(Write.create("/a", new byte[2]));
    disk.failSyncs(1);
    disk.holdSyncs(null);
    letOneSyncThrough();

    assertThat(answers).hasSize(2);
    assertThat(answers.getFirst()).isInstanceOf(StoreException.class);
    assertThat(answers.getLast()).isInstanceOf(Written.class);
    assertThat(recorder.read().events()).hasSize(1);
    assertThat(store.revision()).isEqualTo(2);
  }

  private void start(Write write) {
    world.start("writer", () -> answers.add(answer(write)));
    world.settle();
  }

  private Object answer(Write write) {
    try {
      WriteResult result = store.write(write);
      return result;
    } catch (StoreException e) {
      return e;
    }
  }

  private void letOneSyncThrough() {
    sync.open();
    world.settle();
  }
}
