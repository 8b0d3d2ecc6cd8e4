package dev.tiphys.node.volumes.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.world.VirtualWorld;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetriesTest {

  @Test
  void whatFailsRestsLongerEachTime() {
    VirtualWorld world = new VirtualWorld(1);
    Retries retries = new Retries(world);
    assertThat(retries.isDue("a")).isTrue();
    for (long seconds : new long[] {5, 10, 20, 40, 80, 160, 300, 300}) {
      retries.failed("a");
      world.advance(Duration.ofSeconds(seconds - 1));
      assertThat(retries.isDue("a")).as("after %d s", seconds - 1).isFalse();
      assertThat(retries.isDue("b")).isTrue();
      world.advance(Duration.ofSeconds(1));
      assertThat(retries.isDue("a")).as("after %d s", seconds).isTrue();
    }
    retries.succeeded("a");
    retries.failed("a");
    world.advance(Duration.ofSeconds(5));
    assertThat(retries.isDue("a")).isTrue();
  }
}
