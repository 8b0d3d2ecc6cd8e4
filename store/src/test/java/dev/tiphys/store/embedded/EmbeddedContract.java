package dev.tiphys.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.store.Event;
import dev.tiphys.store.KeyValue;
import dev.tiphys.store.Recorder;
import dev.tiphys.store.StoreContract;
import dev.tiphys.store.Write;
import dev.tiphys.store.WriteResult.Stale;
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
}
