package dev.tiphys.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.store.Event;
import dev.tiphys.store.KeyValue;
import dev.tiphys.store.Recorder;
import dev.tiphys.store.StoreContract;
import dev.tiphys.store.Write;
import dev.tiphys.store.WriteResult.Stale;
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
  void aStaleWriteTellsTheInstanceThatReadersSee() {
    KeyValue state = put("/a", "1");

    assertThat(((Stale) store.write(Write.create("/a", bytes("3")))).current()).isSameAs(state);
    assertThat(store.snapshot().list("/", "", 1).getFirst()).isSameAs(state);
  }

  @Test
  void aWriteIsRememberedWithItsCause() throws Exception {
    Recorder recorder = Recorder.fromNow(store, world, "/");
    KeyValue state = written(Write.create("/a", bytes("1")).withCause(17)).current();
    written(Write.delete("/a", state.revision()).withCause(18));

    assertThat(state.cause()).isEqualTo(17);
    assertThat(recorder.awaitEvents(2).events()).extracting(Event::cause).containsExactly(17L, 18L);
  }

  @Test
  void whatWasMadeOfOldEventsAndReplacedStatesIsDropped() {
    KeyValue first = put("/a", "1");
    first.attach("decoded");
    KeyValue live = put("/live", "1");
    live.attach("decoded");
    KeyValue tied = putTied("/tied", store.grantLease(Duration.ofHours(1)));
    tied.attach("decoded");
    Recorder recorder = Recorder.fromNow(store, world, "/");
    put("/a", "2");
    recorder.read().events().getFirst().attach("encoded");
    for (int i = 0; i < 2047; i++) {
      put("/b", "" + i);
    }
    assertThat(first.attachment()).isEqualTo("decoded");
    assertThat(tied.attachment()).isNull();

    put("/b", "last");
    assertThat(first.attachment()).isNull();
    assertThat(recorder.events().getFirst().attachment()).isNull();
    assertThat(live.attachment()).isEqualTo("decoded");
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
