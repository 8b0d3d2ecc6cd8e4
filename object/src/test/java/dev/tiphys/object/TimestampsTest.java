package dev.tiphys.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "yesterday; as \"2006-01-02T15:04:05Z07:00\": cannot parse \"yesterday\" as \"2006\"",
        "2026-01; as \"2006-01-02T15:04:05Z07:00\": cannot parse \"\" as \"-\"",
        "2026-01-01 00:00:00Z; as \"2006-01-02T15:04:05Z07:00\": cannot parse \" 00:00:00Z\" as \"T\"",
        "2026-01-01T00:00Z; as \"2006-01-02T15:04:05Z07:00\": cannot parse \"Z\" as \":\"",
        "2026-01-01T00:00:00; as \"2006-01-02T15:04:05Z07:00\": cannot parse \"\" as \"Z07:00\"",
        "2026-13-01T00:00:00Z; : month out of range",
        "2026-02-30T00:00:00Z; : day out of range",
        "2026-02-03T24:00:00Z; : hour out of range",
        "2026-02-03T00:00:00Zx; : extra text: \"x\"",
      })
  void whatIsNoTimeIsRefusedInGosWords(String text, String problem) {
    assertThatThrownBy(() -> Timestamps.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "parsing time \"" + text + "\"" + (problem.startsWith(":") ? "" : " ") + problem);
  }

  @Test
  void microsecondsHaveSixDigits() {
    assertThat(Timestamps.parseMicros("2026-02-03T04:05:06.789012+00:00"))
        .isEqualTo(Instant.parse("2026-02-03T04:05:06.789012Z"));
    assertThatThrownBy(() -> Timestamps.parseMicros("2026-02-03T04:05:06Z"))
        .hasMessageEndingWith(": cannot parse \"Z\" as \".000000\"");
    assertThatThrownBy(() -> Timestamps.parseMicros("2026-02-03T04:05:06.1234567Z"))
        .hasMessageEndingWith(": cannot parse \"7Z\" as \"Z07:00\"");
  }
}
