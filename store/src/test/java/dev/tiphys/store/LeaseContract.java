package dev.tiphys.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.store.StoreException.Reason;
import java.time.Duration;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/// What a [Store] promises about leases.
@NullUnmarked // a null fails the test
public interface LeaseContract extends StoreWords {

  /// How short a lease every engine can grant.
  Duration SHORT = Duration.ofSeconds(2);

  @Test
  default void theKeysOfALeaseAreDeletedWhenItsLifeIsOver() throws Exception {
    long lease = store().grantLease(SHORT);
    KeyValue tied = putTied("/tied", lease);
    put("/free", "1");
    Recorder recorder = Recorder.fromNow(store(), world(), "/");

    assertThat(tied.lease()).isEqualTo(lease);
    assertThat(recorder.awaitEvents(1).story()).containsExactly("-/tied");
    assertThatIsSame(recorder.events().getFirst().previous(), tied);
    assertThat(store().get("/tied")).isNull();
    assertThat(store().get("/free")).isNotNull();
    assertThat(store().revision()).isEqualTo(4);
  }

  @Test
  default void revokingALeaseDeletesItsKeys() throws Exception {
    long lease = store().grantLease(Duration.ofMinutes(1));
    putTied("/a", lease);
    putTied("/b", lease);
    put("/c", "1");
    Recorder recorder = Recorder.fromNow(store(), world(), "/");
    store().revokeLease(lease);

    assertThat(recorder.awaitEvents(2).story()).containsExactlyInAnyOrder("-/a", "-/b");
    assertThat(keys(store().snapshot().list("/", "", 10))).containsExactly("/c");
  }

  @Test
  default void aKeyIsTiedToTheLeaseOfItsNewestStateOnly() throws Exception {
    long lease = store().grantLease(Duration.ofMinutes(1));
    long other = store().grantLease(Duration.ofMinutes(1));
    putTied("/untied", lease);
    putTied("/elsewhere", lease);
    put("/untied", "2");
    putTied("/elsewhere", other);
    store().revokeLease(lease);

    assertThat(keys(store().snapshot().list("/", "", 10))).containsExactly("/elsewhere", "/untied");
  }

  @Test
  default void aLeaseThatIsRenewedLivesOn() throws Exception {
    long renewed = store().grantLease(Duration.ofSeconds(6));
    long forgotten = store().grantLease(Duration.ofSeconds(3));
    putTied("/renewed", renewed);
    putTied("/forgotten", forgotten);
    Recorder recorder = Recorder.fromNow(store(), world(), "/forgotten");
    assertThat(store().renewLease(renewed)).isTrue();
    recorder.awaitEvents(1);

    assertThat(store().renewLease(renewed)).isTrue();
    assertThat(store().renewLease(forgotten)).isFalse();
    assertThat(store().get("/renewed")).isNotNull();
  }

  @Test
  default void aLeaseThatIsGoneTakesNoKeys() {
    long lease = store().grantLease(Duration.ofMinutes(1));
    store().revokeLease(lease);

    assertThatThrown(() -> putTied("/a", lease), Reason.NO_LEASE);
    assertThatThrown(() -> putTied("/a", 12345), Reason.NO_LEASE);
    assertThat(store().renewLease(lease)).isFalse();
    assertThat(store().get("/a")).isNull();
    store().revokeLease(lease);
  }
}
