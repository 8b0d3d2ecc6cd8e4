package dev.tiphys.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpositionTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 1",
    "0.005, 0.005",
    "1e-8, 1e-08",
    "9.999999999999999e-6, 9.999999999999999e-06",
    "0.0001, 0.0001",
    "0.00015, 0.00015",
    "2.5e16, 2.5e+16"
  })
  void numbers_are_spelled_as_upstream_does(double value, String text) {
    assertThat(Exposition.number(value)).isEqualTo(text);
  }

  @Test
  void families_are_told_with_their_labels() {
    CounterFamily counted = new CounterFamily("things_total", "Things.", "kind");
    HistogramFamily timed =
        new HistogramFamily("span_seconds", "Spans.", new double[] {0.1, 1}, "kind");
    Exposition out = new Exposition();
    counted.write(out);
    timed.write(out);
    assertThat(out.toString()).as("what never was").isEmpty();
    counted.count("a\"b");
    timed.of("x").record(500_000_000);
    counted.write(out);
    timed.write(out);
    assertThat(out.toString())
        .isEqualTo(
            """
            # HELP things_total Things.
            # TYPE things_total counter
            things_total{kind="a\\"b"} 1
            # HELP span_seconds Spans.
            # TYPE span_seconds histogram
            span_seconds_bucket{kind="x",le="0.1"} 0
            span_seconds_bucket{kind="x",le="1"} 1
            span_seconds_bucket{kind="x",le="+Inf"} 1
            span_seconds_sum{kind="x"} 0.5
            span_seconds_count{kind="x"} 1
            """);
  }
}
