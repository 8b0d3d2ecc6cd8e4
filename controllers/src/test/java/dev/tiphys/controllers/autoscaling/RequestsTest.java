package dev.tiphys.controllers.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestsTest {

  private static final Struct POD =
      Yaml.struct(
          """
          metadata: {name: web}
          spec:
            initContainers:
            - {name: setup, resources: {requests: {cpu: 5}}}
            - {name: sidecar, restartPolicy: Always, resources: {requests: {cpu: 200m}}}
            containers:
            - {name: app, resources: {requests: {cpu: 500m, memory: 1Ki}}}
            - {name: log, resources: {requests: {cpu: 100m}}}
          """);

  private static final Struct WHOLE =
      POD.withAt(Struct.of("cpu", "2"), "spec", "resources", "requests");

  @ParameterizedTest
  @CsvSource({"cpu, '', 800", "cpu, app, 500", "cpu, sidecar, 200", "memory, app, 1024000"})
  void containersThatLastCountTogetherOrAlone(String resource, String container, long milli)
      throws MetricException {
    assertThat(Requests.of(List.of(POD), resource, container)).isEqualTo(Map.of("web", milli));
  }

  @ParameterizedTest
  @CsvSource({"'', 2000", "app, 500"})
  void whatIsRequestedForTheWholePodCountsUnlessOneContainerIsMeant(String container, long milli)
      throws MetricException {
    assertThat(Requests.of(List.of(WHOLE), "cpu", container)).isEqualTo(Map.of("web", milli));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "false, memory, \"\", missing request for memory in container log of Pod web",
        "false, memory, log, missing request for memory in container log of Pod web",
        "false, cpu, other, container other not found in Pod web",
        "false, cpu, setup, container setup not found in Pod web",
        "true, example.com/gpu, \"\", missing pod-level request for example.com/gpu in Pod web",
      })
  void whatIsMissingIsTold(boolean whole, String resource, String container, String message) {
    assertThatThrownBy(() -> Requests.of(List.of(whole ? WHOLE : POD), resource, container))
        .isInstanceOf(MetricException.class)
        .hasMessage(message);
  }
}
