package dev.tiphys.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.store.StoreException.Reason;
import dev.tiphys.world.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/// What a [Store] promises to those who read.
@NullUnmarked // a null fails the test
public interface ReadContract extends StoreWords {

  @Test
  default void aListIsInTheOrderOfKeys() {
    for (String key : List.of("/b", "/a/2", "/a", "/a/10", "/a.b", "/ä", "/a/1")) {
      put(key, "1");
    }

    assertThat(keys(store().snapshot().list("/", "", 100)))
        .containsExactly("/a", "/a.b", "/a/1", "/a/10", "/a/2", "/b", "/ä");
    assertThat(keys(store().snapshot().list("/a/", "", 100)))
        .containsExactly("/a/1", "/a/10", "/a/2");
  }

  @Test
  default void aListCanBeReadPageByPage() {
    List<String> all = IntStream.range(0, 100).mapToObj("/p/%03d"::formatted).toList();
    all.forEach(key -> put(key, "1"));
    put("/q", "1");
    Snapshot snapshot = store().snapshot();

    List<String> read = new ArrayList<>();
    String after = "";
    for (List<KeyValue> page = snapshot.list("/p/", after, 7);
        !page.isEmpty();
        page = snapshot.list("/p/", after, 7)) {
      assertThat(page.size()).isLessThanOrEqualTo(7);
      read.addAll(keys(page));
      after = read.getLast();
      assertThat(snapshot.count("/p/", after)).isEqualTo(100 - read.size());
      put("/p/" + after + "x", "added while reading");
    }

    assertThat(read).isEqualTo(all);
  }

  @Test
  default void aCountAgreesWithTheList() {
    for (String key : List.of("/a", "/b/1", "/b/2", "/b/3", "/c")) {
      put(key, "1");
    }
    Snapshot snapshot = store().snapshot();

    assertThat(snapshot.count("", "")).isEqualTo(5);
    assertThat(snapshot.count("/b/", "")).isEqualTo(3);
    assertThat(snapshot.count("/b/", "/b/1")).isEqualTo(2);
    assertThat(snapshot.count("/b/", "/b/3")).isZero();
    assertThat(snapshot.count("/d", "")).isZero();
  }

  @Test
  default void everyRevisionCanStillBeRead() {
    put("/a", "1"); // 2
    put("/b", "1"); // 3
    put("/a", "2"); // 4
    delete("/b"); // 5
    put("/c", "1"); // 6

    assertThat(texts(1)).isEmpty();
    assertThat(texts(2)).containsExactly("/a=1");
    assertThat(texts(3)).containsExactly("/a=1", "/b=1");
    assertThat(texts(4)).containsExactly("/a=2", "/b=1");
    assertThat(texts(5)).containsExactly("/a=2");
    assertThat(texts(6)).containsExactly("/a=2", "/c=1");
    assertThat(text(store().history().at(3).get("/a"))).isEqualTo("1");
    assertThat(store().history().at(2).get("/b")).isNull();
    assertThat(store().history().at(3).count("/", "")).isEqualTo(2);
    assertThat(store().history().at(4).revision()).isEqualTo(4);
  }

  @Test
  default void aSnapshotDoesNotSeeLaterWrites() {
    put("/a", "1");
    Snapshot before = store().snapshot();
    put("/a", "2");
    put("/b", "1");

    assertThat(text(before.get("/a"))).isEqualTo("1");
    assertThat(keys(before.list("", "", 10))).containsExactly("/a");
    assertThat(before.revision()).isEqualTo(2);
  }

  @Test
  default void theFutureCannotBeRead() {
    put("/a", "1");

    assertThatThrown(() -> store().history().at(3).get("/a"), Reason.FUTURE);
  }

  @Test
  default void aRevisionCanBeWaitedFor() throws Exception {
    put("/a", "1");
    Task writer = world().start("writer", () -> put("/a", "2"));

    assertThat(store().history().await(3, Duration.ofSeconds(20))).isTrue();
    assertThat(store().history().newest().revision()).isEqualTo(3);
    assertThat(store().history().await(4, Duration.ofMillis(10))).isFalse();
    writer.join();
  }
}
