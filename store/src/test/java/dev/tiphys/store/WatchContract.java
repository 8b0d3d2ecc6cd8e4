package dev.tiphys.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.store.StoreException.Reason;
import dev.tiphys.world.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/// What a [Store] promises to those who watch.
@NullUnmarked // a null fails the test
public interface WatchContract extends StoreWords {

  @Test
  default void aWatchTellsOfEveryWriteToItsPrefix() throws Exception {
    Recorder recorder = new Recorder(world());
    put("/a/0", "before");
    store().watch("/a/", 0, recorder);
    put("/a/1", "x");
    put("/b/1", "not watched");
    put("/a/1", "y");
    delete("/a/0");
    put("/a", "not watched");
    put("/a/2", "z");

    assertThat(recorder.awaitEvents(4).story())
        .containsExactly("/a/1=x", "/a/1=y", "-/a/0", "/a/2=z");
    assertThat(revisions(recorder)).containsExactly(3L, 5L, 6L, 8L);
  }

  @Test
  default void anEventTellsTheStatesBeforeAndAfter() throws Exception {
    Recorder recorder = new Recorder(world());
    store().watch("/", 0, recorder);
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
  default void aWatchCanBeginInThePast() throws Exception {
    for (int i = 2; i <= 20; i++) {
      put("/" + i % 3, "" + i);
    }
    Recorder recorder = new Recorder(world());
    store().watch("/", 5, recorder);
    put("/last", "21");

    assertThat(revisions(recorder.awaitEvents(17)))
        .isEqualTo(LongStream.rangeClosed(5, 21).boxed().toList());
    assertThat(recorder.events().getFirst().previous()).isNotNull();
  }

  @Test
  default void aWatchCanBeginWithTheNextRevision() throws Exception {
    put("/a", "1");
    Recorder recorder = new Recorder(world());
    store().watch("/", store().revision() + 1, recorder);
    put("/a", "2");

    assertThat(recorder.awaitEvents(1).story()).containsExactly("/a=2");
  }

  @Test
  default void watchesThatBeginWhileWritesGoOnMissNothingAndTellNothingTwice() throws Exception {
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
      Recorder recorder = new Recorder(world());
      store().watch("/", 2, recorder);
      recorders.add(recorder);
      recorder.awaitEvents(i * 10);
    }
    writer.join();

    for (Recorder recorder : recorders) {
      assertThat(revisions(recorder.awaitEvents(writes)))
          .isEqualTo(LongStream.rangeClosed(2, writes + 1).boxed().toList());
    }
  }

  @Test
  default void everyWatchTellsTheWritesOfAllWritersInOneOrder() throws Exception {
    Recorder all = new Recorder(world());
    Recorder some = new Recorder(world());
    store().watch("", 0, all);
    store().watch("/1/", 0, some);
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

    assertThat(revisions(all.awaitEvents(200)))
        .isEqualTo(LongStream.rangeClosed(2, 201).boxed().toList());
    assertThat(some.awaitEvents(50).story())
        .isEqualTo(all.story().stream().filter(line -> line.startsWith("/1/")).toList());
  }

  @Test
  default void aClosedWatchIsToldOfNothingMore() throws Exception {
    Recorder closed = new Recorder(world());
    Recorder open = new Recorder(world());
    Watch watch = store().watch("/", 0, closed);
    store().watch("/", 0, open);
    put("/a", "1");
    closed.awaitEvents(1);
    watch.close();
    watch.close();
    put("/a", "2");
    open.awaitEvents(2);

    assertThat(closed.story()).containsExactly("/a=1");
  }

  @Test
  default void aWatchEndsWithTheStore() throws Exception {
    Recorder recorder = new Recorder(world());
    store().watch("/", 0, recorder);
    put("/a", "1");
    recorder.awaitEvents(1);
    store().close();

    assertThat(recorder.awaitEnd().reason()).isEqualTo(Reason.CLOSED);
  }

  @Test
  default void aWatchOfACompactedPastIsRefused() throws Exception {
    for (int i = 2; i <= 10; i++) {
      put("/a", "" + i);
    }
    store().compact(6);
    Recorder recorder = new Recorder(world());

    assertThat(endOfWatch(5)).isEqualTo(Reason.COMPACTED);
    assertThat(endOfWatch(6)).isEqualTo(Reason.COMPACTED);
    store().watch("/", 7, recorder);
    assertThat(revisions(recorder.awaitEvents(4))).containsExactly(7L, 8L, 9L, 10L);
  }

  /// An engine that is far away may learn only later that the past is gone.
  private Reason endOfWatch(long fromRevision) throws InterruptedException {
    Recorder recorder = new Recorder(world());
    try {
      store().watch("/", fromRevision, recorder);
    } catch (StoreException e) {
      return e.reason();
    }
    return recorder.awaitEnd().reason();
  }
}
