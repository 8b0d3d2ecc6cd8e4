package dev.tiphys.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/// What the indexes of a [History] promise. Here the first character of a value is what a state is
/// found by, and states whose value begins with a digit are not found.
@NullUnmarked // a null fails the test
public interface IndexContract extends StoreWords {

  private Index index() {
    return Objects.requireNonNull(
        store()
            .history()
            .keyspace("/a/")
            .index("first", state -> Character.isDigit(first(state)) ? null : "" + first(state)));
  }

  private char first(KeyValue state) {
    return text(state).charAt(0);
  }

  private List<String> found(Snapshot snapshot, String value) {
    List<KeyValue> candidates = index().find(snapshot, value);
    if (candidates == null) {
      candidates = snapshot.list("/a/", "", Integer.MAX_VALUE);
    }
    return candidates.stream()
        .filter(state -> text(state).startsWith(value))
        .map(KeyValue::key)
        .toList();
  }

  @Test
  default void anIndexFindsWhatWasThereBeforeItAndWhatCameLater() {
    put("/a/2", "x");
    put("/a/1", "xy");
    put("/a/3", "y");
    put("/b/1", "x");
    assertThat(keys(index().find(store().snapshot(), "x"))).containsExactly("/a/1", "/a/2");

    put("/a/0", "x");
    put("/a/2", "y");
    delete("/a/1");
    assertThat(keys(index().find(store().snapshot(), "x"))).containsExactly("/a/0");
    assertThat(keys(index().find(store().snapshot(), "y"))).containsExactly("/a/2", "/a/3");
    assertThat(index().find(store().snapshot(), "z")).isEmpty();
  }

  @Test
  default void anIndexFindsWhatHadTheValueAtAnEarlierRevision() {
    SplittableRandom random = new SplittableRandom(5);
    List<Snapshot> snapshots = new ArrayList<>();
    index();
    for (int i = 0; i < 200; i++) {
      put("/a/" + random.nextInt(20), "" + "xyz1".charAt(random.nextInt(4)));
      snapshots.add(store().snapshot());
    }

    for (Snapshot snapshot : snapshots) {
      for (String value : List.of("x", "y", "z")) {
        assertThat(found(snapshot, value))
            .isEqualTo(
                keys(
                    snapshot.list("/a/", "", Integer.MAX_VALUE).stream()
                        .filter(state -> text(state).equals(value))
                        .toList()));
      }
    }
  }

  @Test
  default void newsOfAnIndexAreWhatConcernsItsValue() throws Exception {
    Recorder recorder =
        new Recorder(world(), news -> index().cursor("x", "/a/", store().revision(), news));
    assertThat(recorder.read().events()).isEmpty();
    put("/a/1", "y"); // 2
    put("/a/2", "1"); // 3
    assertThat(recorder.read().events()).isEmpty();
    put("/a/1", "x"); // 4: comes to have the value
    put("/a/2", "y"); // 5
    put("/a/1", "y"); // 6: has it no more
    put("/a/3", "x"); // 7
    delete("/a/3"); // 8

    recorder.awaitEvents(4);
    assertThat(recorder.revisions()).contains(4L, 6L, 7L, 8L).isSorted();
    assertThat(recorder.position()).isEqualTo(8);
  }

  @Test
  default void aWordThatCannotBeComputedIsNone() {
    Index failing =
        store()
            .history()
            .keyspace("/a/")
            .index(
                "failing",
                state -> {
                  throw new IllegalStateException("undecodable: " + state);
                });
    put("/a/1", "x");

    assertThat(failing.find(store().snapshot(), "x")).isEmpty();
  }

  @Test
  default void thereIsRoomForSoManyIndexes() throws Exception {
    Keyspace keyspace = store().history().keyspace("/a/");
    List<Index> made =
        IntStream.range(0, Keyspace.INDEXES)
            .mapToObj(i -> keyspace.index("index " + i, this::text))
            .toList();

    assertThat(made).doesNotContainNull();
    assertThat(keyspace.index("index 0", this::text)).isSameAs(made.get(0));
    assertThat(keyspace.index("one more", this::text)).isNotNull();
    assertThat(keyspace.index("index 0", this::text)).isSameAs(made.get(0));
    put("/a/1", "x");
    Index gone = made.get(1); // asked for longest ago
    assertThat(gone.find(store().snapshot(), "x")).as("looked at in full").isNull();
    Recorder recorder =
        new Recorder(world(), news -> gone.cursor("x", "/a/", store().revision(), news));
    put("/a/2", "x");
    assertThat(recorder.awaitEvents(1).story()).containsExactly("/a/2=x");
  }

  @Test
  default void anIndexWithACursorDoesNotGiveWay() {
    Keyspace keyspace = store().history().keyspace("/a/");
    for (int i = 0; i < Keyspace.INDEXES; i++) {
      Index index = Objects.requireNonNull(keyspace.index("index " + i, this::text));
      assertThat(index.cursor("x", "/a/", store().revision(), world().gate())).isNotNull();
    }

    assertThat(keyspace.index("one more", this::text)).isNull();
  }
}
