package dev.tiphys.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.store.StoreException.Reason;
import dev.tiphys.store.WriteResult.Written;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/// What a [Store] promises to those who write, one at a time.
@NullUnmarked // a null fails the test
public interface WriteContract extends StoreWords {

  @Test
  default void anEmptyStoreIsAtRevisionOne() {
    assertThat(store().revision()).isEqualTo(1);
    assertThat(store().history().compacted()).isZero();
    assertThat(store().get("/a")).isNull();
    assertThat(store().snapshot().list("", "", Integer.MAX_VALUE)).isEmpty();
  }

  @Test
  default void everyWriteThatChangesSomethingGetsTheNextRevision() {
    assertThat(written(Write.create("/a", bytes("1"))).revision()).isEqualTo(2);
    assertThat(written(Write.replace("/a", bytes("2"), 2)).revision()).isEqualTo(3);
    assertThat(written(Write.create("/b", bytes("1"))).revision()).isEqualTo(4);
    assertThat(written(Write.delete("/a", 3)).revision()).isEqualTo(5);
    assertThat(store().revision()).isEqualTo(5);
  }

  @Test
  default void writingTheSameBytesAgainIsAChange() {
    put("/a", "1");

    assertThat(put("/a", "1").revision()).isEqualTo(3);
  }

  @Test
  default void deletingWhatDoesNotExistChangesNothing() {
    put("/a", "1");

    assertThat(written(Write.delete("/b", Write.ANY))).isEqualTo(new Written(2, null, null));
    assertThat(written(Write.delete("/b", Write.ABSENT))).isEqualTo(new Written(2, null, null));
    assertThat(store().revision()).isEqualTo(2);
  }

  @Test
  default void aStateKnowsWhenItsKeyWasCreatedAndHowOftenItWasWritten() {
    put("/other", "1");
    put("/a", "1");
    put("/a", "2");
    KeyValue third = put("/a", "3");

    assertThat(third.key()).isEqualTo("/a");
    assertThat(text(third)).isEqualTo("3");
    assertThat(third.createRevision()).isEqualTo(3);
    assertThat(third.revision()).isEqualTo(5);
    assertThat(third.version()).isEqualTo(3);
    assertThat(third.lease()).isZero();
    assertThatIsSame(store().get("/a"), third);
  }

  @Test
  default void aKeyThatIsCreatedAgainBeginsAnew() {
    put("/a", "1");
    put("/a", "2");
    delete("/a");
    KeyValue again = put("/a", "3");

    assertThat(again.createRevision()).isEqualTo(5);
    assertThat(again.version()).isEqualTo(1);
  }

  @Test
  default void aWriteTellsTheStateItMadeAndTheOneItReplaced() {
    KeyValue first = put("/a", "1");
    Written replaced = written(Write.replace("/a", bytes("2"), first.revision()));
    Written deleted = written(Write.delete("/a", replaced.revision()));

    assertThat(text(replaced.current())).isEqualTo("2");
    assertThatIsSame(replaced.previous(), first);
    assertThat(deleted.current()).isNull();
    assertThatIsSame(deleted.previous(), replaced.current());
  }

  @Test
  default void creatingWhatExistsIsStale() {
    KeyValue first = put("/a", "1");

    assertThatIsSame(stale(Write.create("/a", bytes("2"))).current(), first);
    assertThat(stale(Write.delete("/a", Write.ABSENT)).current()).isNotNull();
    assertThat(text(store().get("/a"))).isEqualTo("1");
    assertThat(store().revision()).isEqualTo(2);
  }

  @Test
  default void replacingAnotherStateThanTheExpectedOneIsStale() {
    KeyValue first = put("/a", "1");
    KeyValue second = put("/a", "2");

    assertThatIsSame(stale(Write.replace("/a", bytes("3"), first.revision())).current(), second);
    assertThatIsSame(stale(Write.delete("/a", first.revision())).current(), second);
    assertThat(store().revision()).isEqualTo(second.revision());
  }

  @Test
  default void replacingWhatDoesNotExistIsStale() {
    put("/a", "1");
    delete("/a");

    assertThat(stale(Write.replace("/a", bytes("2"), 2)).current()).isNull();
    assertThat(stale(Write.delete("/a", 2)).current()).isNull();
    assertThat(stale(Write.delete("/never", 2)).current()).isNull();
  }

  @Test
  default void aWriteThatExpectsNothingAlwaysHappens() {
    put("/a", "1");
    put("/a", "2");

    assertThat(written(Write.delete("/a", Write.ANY)).previous()).isNotNull();
    assertThat(store().get("/a")).isNull();
  }

  @Test
  default void aValueThatIsTooLargeIsRefused() {
    byte[] large = new byte[8 << 20];

    assertThatThrown(() -> store().write(Write.create("/a", large)), Reason.TOO_LARGE);
    assertThat(store().revision()).isEqualTo(1);
  }

  @Test
  default void aValueOfAMegabyteIsTaken() {
    byte[] large = new byte[1 << 20];
    large[77_777] = 7;
    written(Write.create("/a", large));
    written(Write.create("/empty", new byte[0]));

    assertThat(store().get("/a").value()).isEqualTo(large);
    assertThat(store().get("/empty").value()).isEmpty();
  }
}
