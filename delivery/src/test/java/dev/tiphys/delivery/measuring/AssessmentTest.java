package dev.tiphys.delivery.measuring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.delivery.model.AnalysisPhase;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssessmentTest {

  /// What a row of letters comes to: Successful, Failed, Inconclusive, Error, and Running.
  private static AnalysisPhase phase(String metric, String measured, boolean ending) {
    Metric of = new Metric(Yaml.struct("{name: m, " + metric + "}"));
    MetricResult result = MetricResult.begun("m", false, Struct.EMPTY);
    for (char letter : measured.toCharArray()) {
      AnalysisPhase phase =
          switch (letter) {
            case 'S' -> AnalysisPhase.SUCCESSFUL;
            case 'F' -> AnalysisPhase.FAILED;
            case 'I' -> AnalysisPhase.INCONCLUSIVE;
            case 'E' -> AnalysisPhase.ERROR;
            default -> AnalysisPhase.RUNNING;
          };
      result =
          result.with(
              new Measurement(phase, "", "", Struct.EMPTY, Instant.EPOCH, Instant.EPOCH, null));
    }
    return new Assessment(of, result).phase(ending);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "                                                   | S      | SUCCESSFUL",
        "                                                   | F      | FAILED",
        "                                                   | I      | INCONCLUSIVE",
        "                                                   | E      | RUNNING",
        "                                                   | EEEE   | RUNNING",
        "                                                   | EEEEE  | ERROR",
        "                                                   | EEEES  | SUCCESSFUL",
        "                                                   | R      | RUNNING",
        "                                                   |        | PENDING",
        "interval: 1m                                       | SSSSS  | RUNNING",
        "interval: 1m                                       | SF     | FAILED",
        "interval: 1m, count: 3                             | SS     | RUNNING",
        "interval: 1m, count: 3                             | SSS    | SUCCESSFUL",
        "interval: 1m, count: 3                             | SSE    | RUNNING",
        "interval: 1m, count: 3                             | SSES   | SUCCESSFUL",
        "interval: 1m, count: '3'                           | SSS    | SUCCESSFUL",
        "interval: 1m, count: 3, failureLimit: 1            | FSS    | SUCCESSFUL",
        "interval: 1m, count: 3, failureLimit: 1            | FF     | FAILED",
        "interval: 1m, count: 3, inconclusiveLimit: 1       | ISS    | SUCCESSFUL",
        "interval: 1m, count: 3, inconclusiveLimit: 1       | II     | INCONCLUSIVE",
        "consecutiveErrorLimit: 0                           | E      | ERROR",
        "interval: 1m, consecutiveErrorLimit: 1             | ESES   | RUNNING",
        "interval: 1m, consecutiveErrorLimit: 1             | ESEE   | ERROR",
        "interval: 1m, failureLimit: 9, inconclusiveLimit: 0 | FI    | INCONCLUSIVE",
        "interval: 1m, failureLimit: -1, consecutiveSuccessLimit: 2           | FFSFSS | SUCCESSFUL",
        "interval: 1m, failureLimit: -1, consecutiveSuccessLimit: 2           | FFSFS  | RUNNING",
        "interval: 1m, failureLimit: -1, consecutiveSuccessLimit: 2, count: 4 | SFSF   | FAILED",
        "interval: 1m, failureLimit: 2, consecutiveSuccessLimit: 2, count: 4  | SFSF   | INCONCLUSIVE",
        "interval: 1m, failureLimit: 1, consecutiveSuccessLimit: 2, count: 4  | SFSF   | FAILED",
      })
  void theMeasurementsOfAMetricComeToAPhase(String metric, String measured, AnalysisPhase phase) {
    assertThat(phase(metric == null ? "" : metric, measured == null ? "" : measured, false))
        .isEqualTo(phase);
  }

  @ParameterizedTest
  @CsvSource({"'', SUCCESSFUL", "SS, SUCCESSFUL", "E, SUCCESSFUL", "SF, FAILED", "R, RUNNING"})
  void aMetricThatIsEndedIsFineUnlessALimitIsExceeded(String measured, AnalysisPhase phase) {
    assertThat(phase("interval: 1m", measured, true)).isEqualTo(phase);
  }
}
