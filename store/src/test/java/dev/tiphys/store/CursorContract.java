package dev.tiphys.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.store.StoreException.Reason;
import dev.tiphys.world.Gate;
import dev.tiphys.world.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/// What the [History] of a [Store] promises to those who follow it.
@NullUnmarked // a null fails the test
public interface CursorContract extends StoreWords {

  private Recorder fromNow(String prefix) {
    return Recorder.fromNow(store(), world(), prefix);
  }

  private Recorder after(long revision, String prefix) {
    return Recorder.after(revision, store(), world(), prefix);
  }

  @Test
  default void aCursorHandsOutEveryWriteToItsPrefix() throws Exception {
    put("/a/0", "before");
    Recorder recorder = fromNow("/a/");
    put("/a/1", "x");
    put("/b/1", "elsewhere");
    put("/a/1", "y");
    delete("/a/0");
    put("/a", "elsewhere");
    put("/a/2", "z");

    assertThat(recorder.awaitEvents(4).story())
        .containsExactly("/a/1=x", "/a/1=y", "-/a/0", "/a/2=z");
    assertThat(recorder.revisions()).containsExactly(3L, 5L, 6L, 8L);
  }

  @Test
  default void aCursorCanBeNarrowerThanItsKeyspace() throws Exception {
    Recorder recorder =
        new Recorder(
            world(),
            news -> store().history().keyspace("/a/").cursor("/a/x/", store().revision(), news));
    put("/a/y/1", "1");
    put("/a/x/1", "2");
    put("/a/x", "3");
    put("/a/x/2", "4");

    assertThat(recorder.awaitEvents(2).story()).containsExactly("/a/x/1=2", "/a/x/2=4");
  }

  @Test
  default void anEventTellsTheStatesBeforeAndAfter() throws Exception {
    Recorder recorder = fromNow("/");
    KeyValue first = put("/a", "1");
    KeyValue second = put("/a", "2");
    delete("/a");

    List<Event> events = recorder.awaitEvents(3).events();
    assertThat(events.get(0).previous()).isNull();
    assertThatIsSame(events.get(0).current(), first);
    assertThatIsSame(events.get(1).previous(), first);
    assertThatIsSame(events.get(1).current(), second);
    assertThatIsSame(events.get(2).previous(), second);
    assertThat(events.get(2).current()).isNull();
    assertThat(events.get(2).key()).isEqualTo("/a");
  }

  @Test
  default void aStateIsTheSameInstanceForAllWhoReadIt() throws Exception {
    Recorder one = fromNow("/");
    Recorder other = fromNow("/");
    KeyValue state = put("/a", "1");
    put("/a", "2");

    assertThat(one.awaitEvents(2).events()).isEqualTo(other.awaitEvents(2).events());
    assertThat(one.events().getFirst().current()).isSameAs(state);
    assertThat(one.events().getLast().previous()).isSameAs(state);
    assertThat(one.events().getLast().current()).isSameAs(store().get("/a"));
    assertThat(store().history().at(state.revision()).get("/a")).isSameAs(state);
  }

  @Test
  default void whatAWriteAttachesIsThereForAllWhoReadIt() throws Exception {
    Recorder recorder = fromNow("/");
    written(Write.create("/a", bytes("1")).withAttachment(revision -> "made at " + revision));

    assertThat(recorder.awaitEvents(1).events().getFirst().current().attachment())
        .isEqualTo("made at 2");
  }

  @Test
  default void aCursorCanBeginInThePast() throws Exception {
    for (int i = 2; i <= 20; i++) {
      put("/" + i % 3, "" + i);
    }
    Recorder recorder = after(4, "/");
    put("/last", "21");

    assertThat(recorder.awaitEvents(17).revisions())
        .isEqualTo(LongStream.rangeClosed(5, 21).boxed().toList());
    assertThat(recorder.events().getFirst().previous()).isNotNull();
  }

  @Test
  default void aCursorThatBeginsInTheFutureHandsOutNothingOlder() throws Exception {
    put("/a", "1"); // 2
    Recorder recorder = after(4, "/");
    assertThat(recorder.read().events()).isEmpty();
    put("/a", "2"); // 3
    put("/a", "3"); // 4
    put("/a", "4"); // 5

    assertThat(recorder.awaitEvents(1).story()).containsExactly("/a=4");
  }

  @Test
  default void aCursorThatHasHandedOutEverythingIsWhereTheHistoryIs() throws Exception {
    Recorder recorder = fromNow("/a/");
    put("/a/1", "1"); // 2
    put("/b/1", "1"); // 3

    assertThat(recorder.awaitEvents(1).position()).isEqualTo(3);
    put("/b/2", "1"); // 4
    assertThat(recorder.position()).isEqualTo(4);
    put("/a/1", "2"); // 5
    assertThat(recorder.position()).isEqualTo(4);
    assertThat(recorder.read().position()).isEqualTo(5);
  }

  @Test
  default void cursorsThatBeginWhileWritesGoOnMissNothingAndHandOutNothingTwice() throws Exception {
    int writes = 300;
    List<Recorder> recorders = new ArrayList<>();
    Task writer =
        world()
            .start(
                "writer",
                () -> {
                  for (int i = 0; i < writes; i++) {
                    put("/" + i % 10, "" + i);
                  }
                });
    for (int i = 0; i < 12; i++) {
      recorders.add(after(1, "/").awaitEvents(i * 10));
    }
    writer.join();

    for (Recorder recorder : recorders) {
      assertThat(recorder.awaitEvents(writes).revisions())
          .isEqualTo(LongStream.rangeClosed(2, writes + 1).boxed().toList());
    }
  }

  @Test
  default void everyCursorHandsOutTheWritesOfAllWritersInOneOrder() throws Exception {
    Recorder all = fromNow("");
    Recorder some = fromNow("/1/");
    List<Task> writers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String prefix = "/" + i + "/";
      writers.add(
          world()
              .start(
                  "writer " + i,
                  () -> {
                    for (int j = 0; j < 50; j++) {
                      put(prefix + j % 5, "" + j);
                    }
                  }));
    }
    for (Task writer : writers) {
      writer.join();
    }

    assertThat(all.awaitEvents(200).revisions())
        .isEqualTo(LongStream.rangeClosed(2, 201).boxed().toList());
    assertThat(some.awaitEvents(50).story())
        .isEqualTo(all.story().stream().filter(line -> line.startsWith("/1/")).toList());
  }

  @Test
  default void aClosedCursorHandsOutNothingMore() throws Exception {
    Recorder closed = fromNow("/");
    Recorder open = fromNow("/");
    put("/a", "1");
    closed.awaitEvents(1).close();
    closed.close();
    put("/a", "2");
    open.awaitEvents(2);

    assertThat(closed.read().story()).containsExactly("/a=1");
  }

  @Test
  default void closingACursorWakesItsReader() throws Exception {
    Gate news = world().gate();
    Cursor cursor = store().history().keyspace("/").cursor("/", store().revision(), news);
    cursor.close();

    news.await();
    assertThat(cursor.poll(1)).isEmpty();
  }

  @Test
  default void aCursorEndsWithTheStore() throws Exception {
    Recorder recorder = fromNow("/");
    put("/a", "1");
    recorder.awaitEvents(1);
    store().close();

    assertThat(recorder.awaitEnd().reason()).isEqualTo(Reason.CLOSED);
  }

  @Test
  default void aCursorInACompactedPastIsRefused() throws Exception {
    for (int i = 2; i <= 10; i++) {
      put("/a", "" + i);
    }
    Recorder behind = after(5, "/");
    store().compact(6);

    assertThatThrown(() -> after(4, "/"), Reason.COMPACTED);
    assertThatThrown(() -> after(5, "/"), Reason.COMPACTED);
    assertThat(behind.awaitEnd().reason()).isEqualTo(Reason.COMPACTED);
    assertThat(after(6, "/").awaitEvents(4).revisions()).containsExactly(7L, 8L, 9L, 10L);
  }

  @Test
  default void aCursorThatIsUpToDateOutlivesACompaction() throws Exception {
    Recorder recorder = fromNow("/a");
    recorder.read();
    for (int i = 2; i <= 10; i++) {
      put("/b", "" + i);
    }
    store().compact(10);
    put("/a", "1");

    assertThat(recorder.awaitEvents(1).story()).containsExactly("/a=1");
  }
}
