package dev.tiphys.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.world.VirtualWorld;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LivenessTest {

  private final VirtualWorld world = new VirtualWorld(1);

  LivenessTest() {
    world.advance(Duration.ofDays(1)); // the clock of a machine that has run for a while
  }

  @Test
  void aConnectionIsNotStalledJustAfterItBegan() {
    Liveness liveness = new Liveness(world);
    liveness.answerBegun();

    assertThat(liveness.isOver(0)).isFalse();
    world.advance(Timeouts.STALLED);
    assertThat(liveness.isOver(0)).isTrue();
  }

  @Test
  void anAnswerThatGetsOnIsNotStalled() {
    Liveness liveness = new Liveness(world);
    liveness.answerBegun();
    world.advance(Timeouts.STALLED.minusSeconds(1));
    assertThat(liveness.isOver(1000)).isFalse();
    world.advance(Timeouts.STALLED.minusSeconds(1));

    assertThat(liveness.isOver(1000)).isFalse();
    world.advance(Duration.ofSeconds(1));
    assertThat(liveness.isOver(1000)).isTrue();
    liveness.answerEnded();
    assertThat(liveness.isOver(0)).isFalse();
  }

  @Test
  void whatIsWaitedForMustCome() {
    Liveness liveness = new Liveness(world);
    liveness.await(Duration.ofSeconds(10));
    assertThat(liveness.isOver(0)).isFalse();
    world.advance(Duration.ofSeconds(10));
    assertThat(liveness.isOver(0)).isTrue();
    liveness.rest();
    assertThat(liveness.isOver(0)).isFalse();
  }
}
