package dev.tiphys.object;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoDurationTest {

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0s",
    "PT10S, 10s",
    "PT2M40S, 2m40s",
    "PT5M, 5m0s",
    "PT1H, 1h0m0s",
    "PT0.3S, 300ms",
    "PT1.5S, 1.5s",
    "PT0.000002S, 2µs",
  })
  void spansAreWrittenAsGoWritesThem(String span, String expected) {
    assertThat(GoDuration.text(Duration.parse(span))).isEqualTo(expected);
  }
}
