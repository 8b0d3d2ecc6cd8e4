package dev.tiphys.controllers.common;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.VirtualWorld;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ExpectationsTest {

  private static final ObjectKey OWNER = new ObjectKey("ns", "owner");
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final VirtualWorld world = new VirtualWorld(1);
  private final Expectations expectations = new Expectations(world);

  @Test
  void whatWasCreatedIsWaitedForUntilItIsSeen() {
    expectations.creating(OWNER);
    assertThat(expectations.wait(OWNER)).isEqualTo(PATIENCE);
    expectations.created(OWNER, "a");
    assertThat(expectations.wait(OWNER)).isEqualTo(PATIENCE);

    assertThat(expectations.seen(OWNER, "a")).isTrue();

    assertThat(expectations.wait(OWNER)).isZero();
  }

  @Test
  void whatIsSeenBeforeTheCallReturnsIsNotWaitedFor() {
    expectations.creating(OWNER);
    expectations.seen(OWNER, "a");

    expectations.created(OWNER, "a");

    assertThat(expectations.wait(OWNER)).isZero();
  }

  @Test
  void whatWasNotCreatedIsNotWaitedFor() {
    expectations.creating(OWNER);
    expectations.notCreated(OWNER);

    assertThat(expectations.wait(OWNER)).isZero();
  }

  @Test
  void whatIsNeverSeenIsGivenUpAfterFiveMinutesAndNotBefore() {
    expectations.creating(OWNER);
    expectations.created(OWNER, "a");
    world.advance(Duration.ofMinutes(2));
    expectations.deleting(OWNER, "b");
    assertThat(expectations.wait(OWNER)).isEqualTo(Duration.ofMinutes(3));

    world.advance(Duration.ofMinutes(3));
    assertThat(expectations.wait(OWNER)).isEqualTo(Duration.ofMinutes(2));

    world.advance(Duration.ofMinutes(2));
    assertThat(expectations.wait(OWNER)).isZero();
  }

  @Test
  void whatIsToBeDeletedIsWaitedForUntilItLeaves() {
    expectations.deleting(OWNER, "a");
    assertThat(expectations.seen(OWNER, "a")).isFalse();
    assertThat(expectations.wait(OWNER)).isPositive();

    expectations.leaving("a");

    assertThat(expectations.wait(OWNER)).isZero();
  }

  @Test
  void anOtherOwnerDoesNotWait() {
    expectations.deleting(OWNER, "a");

    assertThat(expectations.wait(new ObjectKey("ns", "other"))).isZero();
  }
}
