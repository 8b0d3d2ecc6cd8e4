package dev.tiphys.monitoring.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamespaceMatcherTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          up                                      | up{n="a"}
          up{job="x"}                             | up{job="x",n="a"}
          up{job="x",}                            | up{job="x",n="a"}
          {__name__=~"u}p"}                       | {__name__=~"u}p",n="a"}
          sum by (n) (rate(x_total[5m]))          | sum by (n) (rate(x_total{n="a"}[5m]))
          sum(x) without (y) > 1e3                | sum(x{n="a"}) without (y) > 1e3
          x offset 5m and on (l) y or z           | x{n="a"} offset 5m and on (l) y{n="a"} or z{n="a"}
          a * on (l) group_left (m) b             | a{n="a"} * on (l) group_left (m) b{n="a"}
          max_over_time(a:b[10m:1m]) == bool Inf  | max_over_time(a:b{n="a"}[10m:1m]) == bool Inf
          label_replace(x, "y", "$1", "z", "up")  | label_replace(x{n="a"}, "y", "$1", "z", "up")
          x @ end()                               | x{n="a"} @ end()
          """)
  void eachSelectorIsConfined(String expression, String confined) {
    assertThat(NamespaceMatcher.confine(expression, "n", "a")).isEqualTo(confined);
  }
}
