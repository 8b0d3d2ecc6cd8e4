package dev.tiphys.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.store.Event;
import dev.tiphys.store.KeyValue;
import dev.tiphys.store.Recorder;
import dev.tiphys.store.StoreContract;
import dev.tiphys.store.StoreException;
import dev.tiphys.store.StoreException.Reason;
import dev.tiphys.store.Watcher;
import dev.tiphys.store.Write;
import dev.tiphys.store.WriteResult.Stale;
import dev.tiphys.world.Gate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/// What an [EmbeddedStore] promises beyond the contract of all stores.
@NullUnmarked // a null fails the test
abstract class EmbeddedContract extends StoreContract {

  @Test
  void aStateIsTheSameInstanceWhereverItIsMet() throws Exception {
    Recorder recorder = new Recorder(world);
    store.watch("/", 0, recorder);
    KeyValue state = put("/a", "1");
    KeyValue next = written(Write.replace("/a", bytes("2"), state.revision())).current();
    Event first = recorder.awaitEvents(2).events().get(0);
    Event second = recorder.events().get(1);

    assertThat(first.current()).isSameAs(state);
    assertThat(second.previous()).isSameAs(state);
    assertThat(second.current()).isSameAs(next);
    assertThat(store.get("/a")).isSameAs(next);
    assertThat(store.snapshot().list("/", "", 1).getFirst()).isSameAs(next);
    assertThat(store.snapshot(state.revision()).get("/a")).isSameAs(state);
    assertThat(((Stale) store.write(Write.create("/a", bytes("3")))).current()).isSameAs(next);
  }

  @Test
  void aWriteIsRememberedWithItsCause() throws Exception {
    Recorder recorder = new Recorder(world);
    store.watch("/", 0, recorder);
    KeyValue state = written(Write.create("/a", bytes("1")).withCause(17)).current();
    written(Write.delete("/a", state.revision()).withCause(18));

    assertThat(state.cause()).isEqualTo(17);
    assertThat(recorder.awaitEvents(2).events()).extracting(Event::cause).containsExactly(17L, 18L);
  }

  @Test
  void aWatchHearsThatTheRevisionMovesElsewhere() throws Exception {
    Recorder recorder = new Recorder(world);
    store.watch("/a/", 0, recorder);
    put("/b", "1");

    assertThat(recorder.awaitRevision(2).events()).isEmpty();
  }

  @Test
  void aSlowWatcherHoldsUpNobody() throws Exception {
    Gate gate = world.gate();
    Recorder slow = new Recorder(world);
    Recorder quick = new Recorder(world);
    store.watch("/", 0, slowly(gate, slow));
    store.watch("/", 0, quick);
    for (int i = 0; i < 1500; i++) {
      put("/a", "" + i);
    }

    assertThat(quick.awaitEvents(1500).events()).hasSize(1500);
    assertThat(slow.events()).isEmpty();
    for (int i = 0; i < 100; i++) { // more often than it is told
      gate.open();
      world.sleep(Duration.ofMillis(1));
    }
    assertThat(slow.awaitEvents(1500).events()).isEqualTo(quick.events());
  }

  @Test
  void aWatcherThatFallsBehindTheHistoryIsToldSo() throws Exception {
    Gate gate = world.gate();
    Recorder slow = new Recorder(world);
    store.watch("/", 0, slowly(gate, slow));
    for (int i = 0; i < 1500; i++) {
      put("/a", "" + i);
    }
    store.compact(store.revision());
    gate.open();

    assertThat(slow.awaitEnd().reason()).isEqualTo(Reason.COMPACTED);
    assertThat(slow.events()).hasSizeLessThan(1500);
  }

  private static Watcher slowly(Gate gate, Recorder recorder) {
    return new Watcher() {
      @Override
      public void happened(List<Event> events, long revision) {
        try {
          gate.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
        recorder.happened(events, revision);
      }

      @Override
      public void ended(StoreException reason) {
        recorder.ended(reason);
      }
    };
  }

  @Test
  void everyRevisionBetweenKeptSnapshotsCanBeRead() {
    SplittableRandom random = new SplittableRandom(11);
    List<List<String>> expected = new ArrayList<>(List.of(List.of(), List.of()));
    for (int i = 0; i < 1300; i++) {
      String key = "/" + random.nextInt(8);
      if (random.nextInt(4) == 0 && store.get(key) != null) {
        delete(key);
      } else {
        put(key, "" + i);
      }
      expected.add(texts(store.revision()));
    }

    for (int i = 0; i < 500; i++) {
      int revision = random.nextInt(1, expected.size());
      assertThat(texts(revision)).isEqualTo(expected.get(revision));
    }
  }
}
