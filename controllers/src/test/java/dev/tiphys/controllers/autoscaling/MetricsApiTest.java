package dev.tiphys.controllers.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.client.Api;
import dev.tiphys.client.ObjectList;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.object.selector.LabelSelector;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsApiTest {

  private static final Struct HITS =
      Yaml.struct("{name: hits, selector: {matchLabels: {verb: get}}}");

  private final List<String> asked = new ArrayList<>();

  /// An API that answers every question alike.
  private MetricsApi answering(Supplier<Object> answer) {
    return new MetricsApi(
        (Api)
            Proxy.newProxyInstance(
                Api.class.getClassLoader(),
                new Class<?>[] {Api.class},
                (_, method, arguments) -> {
                  asked.add(method.getName() + " " + Arrays.toString(arguments));
                  return answer.get();
                }));
  }

  private static Supplier<Object> refusing(Reason reason, String message) {
    return () -> {
      throw ApiException.of(reason, message);
    };
  }

  private static ObjectList items(String yaml) {
    return new ObjectList(Yaml.struct(yaml).structs("items"), "", "");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          NOT_FOUND           | 404 page not found                                           | the server could not find the requested resource (get pods.metrics.k8s.io)
          NOT_FOUND           | the server could not find the requested resource             | the server could not find the requested resource (get pods.metrics.k8s.io)
          SERVICE_UNAVAILABLE | the server is currently unable to handle the request         | the server is currently unable to handle the request (get pods.metrics.k8s.io)
          SERVICE_UNAVAILABLE | service unavailable                                          | the server is currently unable to handle the request (get pods.metrics.k8s.io)
          FORBIDDEN           | pods.metrics.k8s.io is forbidden                             | pods.metrics.k8s.io is forbidden
          """)
  void whatIsRefusedIsTold(Reason reason, String message, String expected) {
    MetricsApi metrics = answering(refusing(reason, message));

    assertThatThrownBy(() -> metrics.ofResource("cpu", "ns", LabelSelector.EVERYTHING, ""))
        .isInstanceOf(MetricException.class)
        .hasMessage("unable to fetch metrics from resource metrics API: " + expected);
  }

  @Test
  void anAbsentMetricIsNotAnAbsentApi() {
    MetricsApi metrics =
        answering(refusing(Reason.NOT_FOUND, "the server could not find the metric hits for pods"));

    assertThatThrownBy(() -> metrics.ofPods(HITS, "ns", LabelSelector.EVERYTHING))
        .hasMessage(
            "unable to fetch metrics from custom metrics API: the server could not find the metric"
                + " hits for pods");
    assertThat(asked).hasSize(1);
  }

  @Test
  void theMetricsOfAPodAreThoseOfAllItsContainers() throws MetricException {
    MetricsApi metrics =
        answering(
            () ->
                items(
                    """
                    items:
                    - metadata: {name: a}
                      timestamp: "2026-01-01T00:00:00Z"
                      window: 20s
                      containers: [{name: x, usage: {cpu: 100m}}, {name: y, usage: {cpu: "1"}}]
                    - metadata: {name: b}
                      containers: [{name: x, usage: {cpu: 100m}}, {name: y, usage: {memory: 1Ki}}]
                    - {metadata: {name: c}, containers: []}
                    """));

    assertThat(metrics.ofResource("cpu", "ns", LabelSelector.parse("app=web"), ""))
        .isEqualTo(
            Map.of(
                "a",
                new Sample(1100, Instant.parse("2026-01-01T00:00:00Z"), Duration.ofSeconds(20))));
    assertThat(asked.getFirst()).startsWith("list [pods.metrics.k8s.io, ns, ").contains("app=web");
  }

  @ParameterizedTest
  @CsvSource({"windowSeconds, 15, 15", "window, 20, 20", "other, 1, 60"})
  void valuesOfPodsAreAskedForWithBothSelectors(String field, long value, long window)
      throws MetricException {
    MetricsApi metrics =
        answering(
            () ->
                Yaml.struct(
                    "items: [{describedObject: {name: a}, value: 1500m, timestamp:"
                        + " \"2026-01-01T00:00:00Z\", %s: %d}]".formatted(field, value)));

    assertThat(metrics.ofPods(HITS, "ns", LabelSelector.parse("app=web")).get("a"))
        .isEqualTo(
            new Sample(1500, Instant.parse("2026-01-01T00:00:00Z"), Duration.ofSeconds(window)));
    assertThat(asked)
        .containsExactly(
            "get [pods.custom.metrics.k8s.io, ns, *, hits, {labelSelector=app=web,"
                + " metricLabelSelector=verb=get}]");
  }

  @Test
  void whatCantBeReadIsTold() {
    assertThatThrownBy(
            () ->
                answering(() -> Yaml.struct("items: [{value: '1'}, {value: '2'}]"))
                    .ofObject(HITS, "ns", Struct.of("kind", "Service", "apiVersion", "v1")))
        .hasMessageEndingWith("returned 2 results when we asked for exactly one");
    assertThatThrownBy(
            () -> answering(() -> items("items: [{value: many}]")).ofExternal(HITS, "ns"))
        .isInstanceOf(MetricException.class);
    assertThatThrownBy(() -> answering(() -> items("items: []")).ofExternal(HITS, "ns"))
        .hasMessage("no metrics returned from external metrics API");
  }

  @Test
  void theSeriesOfAMetricFromOutsideAreAdded() throws MetricException {
    assertThat(
            answering(() -> items("items: [{value: '1'}, {value: 500m}]")).ofExternal(HITS, "ns"))
        .isEqualTo(1500);
    assertThat(answering(() -> items("items: [{value: 9P}, {value: 9P}]")).ofExternal(HITS, "ns"))
        .isEqualTo(Long.MAX_VALUE);
    assertThat(asked.getFirst())
        .startsWith("list [hits.external.metrics.k8s.io, ns, ")
        .contains("verb=get");
  }
}
