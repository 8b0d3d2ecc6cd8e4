package dev.tiphys.monitoring.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RulesTest {

  @Test
  void theUsualOnesAreInOrder() {
    assertThat(Rules.USUAL.problems()).isEmpty();
    assertThat(Rules.USUAL.ofObjects()).hasSize(4);
    assertThat(Rules.USUAL.external()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "container_memory_rss,memory_rss,none,container_memory_rss,none",
        "container_cpu_usage_seconds_total,none,cpu_usage,none,container_cpu_usage",
        "http_requests_total,none,none,none,http_requests",
        "http_open,none,none,http_open,none"
      })
  void countersLoseTheEndOfTheirNames(
      String series, String gauge, String counter, String other, String otherCounter) {
    assertThat(Rules.USUAL.ofObjects())
        .extracting(rule -> rule.metric(series))
        .containsExactly(
            Optional.ofNullable(gauge),
            Optional.ofNullable(counter),
            Optional.ofNullable(other),
            Optional.ofNullable(otherCounter));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{metricsQuery: x}|seriesQuery is missing",
        "{seriesQuery: x}|metricsQuery is missing",
        "{seriesQuery: x, metricsQuery: '<<.A'}|unclosed action",
        "{seriesQuery: x, metricsQuery: x, name: {matches: '('}}|missing closing )",
        "{seriesQuery: x, metricsQuery: x, name: {matches: '(a)(b)'}}|more than one group"
      })
  void oneThatCannotBeUsedIsLeftOutAndSaid(String rule, String problem) {
    Rules rules = Rules.parse("rules: [" + rule + ", {seriesQuery: good, metricsQuery: good}]");

    assertThat(rules.ofObjects()).extracting(Rule::seriesQuery).containsExactly("good");
    assertThat(rules.problems()).hasSize(1);
    assertThat(rules.problems().getFirst()).startsWith("rules[0]: ").contains(problem);
  }

  @Test
  void whatIsNoYamlIsSaid() {
    assertThat(Rules.parse("rules: [").problems().getFirst()).startsWith("it is no YAML: ");
  }
}
