package dev.tiphys.apiserver.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.world.VirtualWorld;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FailedLoginsTest {

  private final VirtualWorld world = new VirtualWorld(1);
  private final FailedLogins failures = new FailedLogins(world);

  @Test
  void anAddressMayFailForAWhileAndIsForgivenInTime() throws Exception {
    InetAddress guesser = InetAddress.getByName("192.0.2.1");
    InetAddress other = InetAddress.getByName("192.0.2.2");
    for (int i = 0; i < FailedLogins.BURST; i++) {
      failures.add(guesser);
      assertThat(failures.isOver(guesser)).isFalse();
    }

    failures.add(guesser);

    assertThat(failures.isOver(guesser)).isTrue();
    assertThat(failures.isOver(other)).isFalse();
    world.advance(Duration.ofSeconds(1));
    assertThat(failures.isOver(guesser)).isFalse();
  }
}
