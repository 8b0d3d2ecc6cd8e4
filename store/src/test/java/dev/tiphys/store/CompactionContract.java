package dev.tiphys.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.store.StoreException.Reason;
import java.time.Duration;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/// What a [Store] promises about compaction, and about its end.
@NullUnmarked // a null fails the test
public interface CompactionContract extends StoreWords {

  @Test
  default void compactingGivesUpWhatWasReplaced() {
    put("/a", "1"); // 2
    put("/a", "2"); // 3
    put("/b", "1"); // 4
    delete("/b"); // 5
    put("/a", "3"); // 6
    store().compact(4);

    assertThat(store().history().compacted()).isEqualTo(4);
    assertThatThrown(() -> store().history().at(3).list("/", "", 10), Reason.COMPACTED);
    assertThat(texts(4)).containsExactly("/a=2", "/b=1");
    assertThat(texts(5)).containsExactly("/a=2");
    assertThat(texts(6)).containsExactly("/a=3");
    assertThat(text(store().get("/a"))).isEqualTo("3");
    assertThat(store().revision()).isEqualTo(6);
  }

  @Test
  default void compactingToWhatIsGivenUpAlreadyDoesNothing() {
    IntStream.range(0, 8).forEach(i -> put("/a", "" + i));
    store().compact(6);
    store().compact(6);
    store().compact(3);

    assertThat(store().history().compacted()).isEqualTo(6);
    assertThatThrown(() -> store().history().at(5).get("/a"), Reason.COMPACTED);
  }

  @Test
  default void theFutureCannotBeCompacted() {
    put("/a", "1");

    assertThatThrown(() -> store().compact(3), Reason.FUTURE);
    store().compact(2);
    assertThat(text(store().get("/a"))).isEqualTo("1");
  }

  @Test
  default void aClosedStoreRefusesEverything() {
    put("/a", "1");
    store().close();
    store().close();

    assertThatThrown(() -> store().get("/a"), Reason.CLOSED);
    assertThatThrown(() -> store().snapshot(), Reason.CLOSED);
    assertThatThrown(() -> store().revision(), Reason.CLOSED);
    assertThatThrown(() -> put("/a", "2"), Reason.CLOSED);
    assertThatThrown(() -> store().history(), Reason.CLOSED);
    assertThatThrown(() -> store().grantLease(Duration.ofMinutes(1)), Reason.CLOSED);
  }

  @Test
  default void theSizeIsKnown() {
    put("/a", "1");

    assertThat(store().size()).isPositive();
  }
}
