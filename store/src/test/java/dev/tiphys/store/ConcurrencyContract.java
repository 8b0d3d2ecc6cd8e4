package dev.tiphys.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.store.WriteResult.Stale;
import dev.tiphys.store.WriteResult.Written;
import dev.tiphys.world.Task;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/// What a [Store] promises to many at once.
@NullUnmarked // a null fails the test
public interface ConcurrencyContract extends StoreWords {

  @Test
  default void noUpdateIsLostBetweenWriters() throws Exception {
    put("/counter", "0");
    List<Long> revisions = Collections.synchronizedList(new ArrayList<>());
    List<Task> writers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      writers.add(
          world()
              .start("writer " + i, () -> IntStream.range(0, 25).forEach(_ -> count(revisions))));
    }
    for (Task writer : writers) {
      writer.join();
    }

    assertThat(text(store().get("/counter"))).isEqualTo("200");
    assertThat(revisions)
        .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(3, 202).boxed().toList());
  }

  /// Counts one further.
  private void count(List<Long> revisions) {
    KeyValue current = store().get("/counter");
    while (true) {
      byte[] next = bytes("" + (Integer.parseInt(text(current)) + 1));
      switch (store().write(Write.replace("/counter", next, current.revision()))) {
        case Written written -> {
          revisions.add(written.revision());
          assertThat(store().get("/counter").revision()).isGreaterThanOrEqualTo(written.revision());
          return;
        }
        case Stale stale -> {
          assertThat(stale.current().revision()).isGreaterThan(current.revision());
          current = stale.current();
        }
      }
    }
  }

  @Test
  default void ofManyWhoCreateAKeyOneSucceeds() throws Exception {
    for (int round = 0; round < 20; round++) {
      String key = "/" + round;
      List<WriteResult> results = Collections.synchronizedList(new ArrayList<>());
      List<Task> writers = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        byte[] value = bytes("" + i);
        writers.add(
            world().start("writer", () -> results.add(store().write(Write.create(key, value)))));
      }
      for (Task writer : writers) {
        writer.join();
      }

      assertThat(results.stream().filter(result -> result instanceof Written)).hasSize(1);
      KeyValue winner = store().get(key);
      for (WriteResult result : results) {
        if (result instanceof Stale(KeyValue current)) {
          assertThatIsSame(current, winner);
        }
      }
    }
  }

  @Test
  default void readersSeeRevisionsOnlyGrowAndSnapshotsStandStill() throws Exception {
    List<Task> tasks = new ArrayList<>();
    tasks.add(
        world()
            .start(
                "writer",
                () -> {
                  for (int i = 0; i < 200; i++) {
                    put("/left", "" + i);
                    put("/right", "" + i);
                  }
                }));
    for (int i = 0; i < 2; i++) {
      tasks.add(world().start("reader", this::readPairs));
    }
    for (Task task : tasks) {
      task.join();
    }
  }

  private void readPairs() {
    long last = 0;
    for (int i = 0; i < 100; i++) {
      Snapshot snapshot = store().snapshot();
      assertThat(snapshot.revision()).isGreaterThanOrEqualTo(last);
      last = snapshot.revision();
      KeyValue left = snapshot.get("/left");
      KeyValue right = snapshot.get("/right");
      if (right != null) {
        assertThat(Integer.parseInt(text(left)) - Integer.parseInt(text(right))).isIn(0, 1);
      }
    }
  }
}
