package dev.tiphys.node.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void restsGrowUpToFiveMinutes() {
    List<Long> rests = new ArrayList<>();
    Backoff known = null;
    Instant now = START;
    for (int i = 0; i < 8; i++) {
      Instant until = Backoff.until(known, now);
      rests.add(until == null ? 0 : Duration.between(now, until).toSeconds());
      Instant again = until == null ? now : until;
      known = Backoff.next(known, now, again);
      now = again;
    }

    assertThat(rests).containsExactly(0L, 10L, 20L, 40L, 80L, 160L, 300L, 300L);
  }

  @Test
  void whoWasWellForTenMinutesStartsAnew() {
    Backoff known = Backoff.next(null, START, START);
    Instant failed = START.plus(Duration.ofMinutes(10)).plusSeconds(1);

    assertThat(Backoff.until(known, failed)).isNull();
    assertThat(Backoff.next(known, failed, failed).delay()).isEqualTo(Duration.ofSeconds(10));
  }
}
