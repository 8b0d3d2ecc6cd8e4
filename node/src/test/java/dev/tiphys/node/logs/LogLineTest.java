package dev.tiphys.node.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogLineTest {

  @Test
  void aWholeLineKeepsItsEnd() {
    LogLine line = read("2026-01-02T03:04:05.678Z stdout F hello world\n");

    assertThat(line.stream()).isEqualTo(LogStream.STDOUT);
    assertThat(line.whole()).isTrue();
    assertThat(line.text()).asString().isEqualTo("hello world\n");
  }

  @Test
  void aPartOfALineHasNoEnd() {
    LogLine line = read("2026-01-02T03:04:05.678Z stderr P hello\n");

    assertThat(line.stream()).isEqualTo(LogStream.STDERR);
    assertThat(line.whole()).isFalse();
    assertThat(line.text()).asString().isEqualTo("hello");
  }

  @Test
  void anEmptyLineIsALine() {
    assertThat(read("2026-01-02T03:04:05Z stdout F \n").text()).asString().isEqualTo("\n");
  }

  @Test
  void timesHaveNineDigitsAndKeepTheirZone() {
    assertThat(read("2026-01-02T03:04:05.6Z stdout F x\n").timestamp())
        .isEqualTo("2026-01-02T03:04:05.600000000Z");
    assertThat(read("2026-01-02T03:04:05.123456789+02:00 stdout F x\n").timestamp())
        .isEqualTo("2026-01-02T03:04:05.123456789+02:00");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\n",
        "hello\n",
        "2026-01-02T03:04:05Z stdout\n",
        "yesterday stdout F x\n",
        "2026-01-02T03:04:05Z stdall F x\n"
      })
  void whatIsNoLineOfALogIsNone(String text) {
    assertThat(parsed(text)).isNull();
  }

  private static LogLine read(String text) {
    return Objects.requireNonNull(parsed(text));
  }

  private static @Nullable LogLine parsed(String text) {
    return LogLine.parse(text.getBytes(StandardCharsets.UTF_8));
  }
}
