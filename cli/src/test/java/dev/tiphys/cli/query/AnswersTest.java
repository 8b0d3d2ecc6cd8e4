package dev.tiphys.cli.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.monitoring.query.QueryResult;
import dev.tiphys.monitoring.query.Series;
import dev.tiphys.object.Struct;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswersTest {

  private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");
  private static final Duration STEP = Duration.ofSeconds(15);

  @Test
  void aTableHasAColumnForEachLabel() {
    QueryResult result =
        new QueryResult(
            "vector",
            List.of(
                series(Struct.of("version", "blue", "status", "200"), 12.5),
                series(Struct.of("version", "green"), 1234567.891)),
            "",
            List.of());

    assertThat(Answers.table(result))
        .containsExactly(
            "STATUS  VERSION  VALUE", "200     blue     12.5", "        green    1234570");
  }

  @Test
  void theNameOfTheMetricComesFirst() {
    QueryResult result =
        new QueryResult(
            "vector", List.of(series(Struct.of("__name__", "up", "a", "b"), 1)), "", List.of());

    assertThat(Answers.table(result)).containsExactly("METRIC  A  VALUE", "up      b  1");
  }

  @Test
  void nothingIsSaid() {
    QueryResult result = new QueryResult("vector", List.of(), "", List.of());

    assertThat(Answers.table(result)).containsExactly("nothing is found");
    assertThat(Answers.charts(result, NOON, STEP, 4)).containsExactly("nothing is found");
  }

  @Test
  void aChartHasABarForEachStepAndGaps() {
    QueryResult result =
        new QueryResult(
            "matrix", List.of(series(Struct.of("a", "b"), 0, 7, Double.NaN, 14)), "", List.of());

    assertThat(Answers.charts(result, NOON, STEP, 5))
        .containsExactly("{a=\"b\"}", "  ▁▅ █   0 to 14, now 14");
  }

  @ParameterizedTest
  @CsvSource({
    "0.000012345678,0.0000123457",
    "1e-12,1E-12",
    "3,3",
    "1e15,1000000000000000",
    "1e30,1E+30"
  })
  void numbersAreForPeople(double number, String text) {
    assertThat(Numbers.text(number)).isEqualTo(text);
  }

  private static Series series(Struct labels, double... values) {
    List<Series.Sample> samples = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      samples.add(
          new Series.Sample(
              NOON.plus(STEP.multipliedBy(i)), values[i], Double.toString(values[i])));
    }
    return new Series(labels, samples);
  }
}
