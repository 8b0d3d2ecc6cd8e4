package dev.tiphys.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class TimestampsTest {

  private static final Instant TIME = Instant.parse("2026-02-03T04:05:06.789012345Z");

  @Test
  void secondsAreCutNotRounded() {
    assertThat(Timestamps.seconds(TIME)).isEqualTo("2026-02-03T04:05:06Z");
    assertThat(Timestamps.micros(TIME)).isEqualTo("2026-02-03T04:05:06.789012Z");
    assertThat(Timestamps.micros(Instant.EPOCH)).isEqualTo("1970-01-01T00:00:00.000000Z");
  }

  @Test
  void anyOffsetIsRead() {
    assertThat(Timestamps.parse("2026-02-03T05:05:06+01:00"))
        .isEqualTo(Instant.parse("2026-02-03T04:05:06Z"));
    assertThatThrownBy(() -> Timestamps.parse("yesterday"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Timestamps.of(Null.NULL)).isNull();
    assertThat(Timestamps.of("yesterday")).isNull();
  }
}
