package dev.tiphys.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.store.StoreException.Reason;
import dev.tiphys.store.WriteResult.Stale;
import dev.tiphys.store.WriteResult.Written;
import dev.tiphys.world.World;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.NullUnmarked;

/// The words that the contract of a [Store] is written with.
@NullUnmarked // a null fails the test
public interface StoreWords {

  /// The world that the store lives in, and the test with it.
  World world();

  Store store();

  default KeyValue put(String key, String value) {
    return written(Write.put(key, bytes(value))).current();
  }

  default KeyValue putTied(String key, long lease) {
    return written(Write.put(key, bytes("tied")).withLease(lease)).current();
  }

  default void delete(String key) {
    written(Write.delete(key, Write.ANY));
  }

  default Written written(Write write) {
    WriteResult result = store().write(write);
    assertThat(result).isInstanceOf(Written.class);
    return (Written) result;
  }

  default Stale stale(Write write) {
    WriteResult result = store().write(write);
    assertThat(result).isInstanceOf(Stale.class);
    return (Stale) result;
  }

  default List<String> texts(long revision) {
    return store().history().at(revision).list("", "", Integer.MAX_VALUE).stream()
        .map(state -> state.key() + "=" + text(state))
        .toList();
  }

  default List<String> keys(List<KeyValue> states) {
    return states.stream().map(KeyValue::key).toList();
  }

  default byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  default String text(KeyValue state) {
    return new String(state.value(), StandardCharsets.UTF_8);
  }

  default void assertThatIsSame(KeyValue actual, KeyValue expected) {
    assertThat(describe(actual)).isEqualTo(describe(expected));
  }

  /// All of a state but its cause, which not every engine remembers.
  default String describe(KeyValue state) {
    return "%s=%s created=%d revision=%d version=%d lease=%d"
        .formatted(
            state.key(),
            text(state),
            state.createRevision(),
            state.revision(),
            state.version(),
            state.lease());
  }

  default void assertThatThrown(ThrowingCallable call, Reason reason) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }
}
