package dev.tiphys.object.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectorTest {

  private static final Struct LABELS = Json.struct("{\"app\":\"web\",\"tier\":\"a\",\"n\":\"5\"}");

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "'';true",
        "app;true",
        "!app;false",
        "app=web;true",
        "app==web;true",
        "app!=web;false",
        "missing!=web;true",
        "missing=;false",
        "app in (web, db);true",
        "tier notin (a,b);false",
        "missing notin (a);true",
        "n>4;true",
        "n<5;false",
        "app=web,tier in (a),!old;true",
        "app=web,old;false",
      })
  void aQuerySelectsByLabels(String query, boolean matches) {
    assertThat(LabelSelector.parse(query).matches(LABELS)).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "=x; found '=', expected: !, identifier, or 'end of string'",
        "(x); found '(', expected: !, identifier, or 'end of string'",
        "a=b,; found '', expected: identifier after ','",
        "a=b,,c; found ',', expected: identifier after ','",
        "a=b c; found 'c', expected: ',' or 'end of string'",
        "!a=b; found '=', expected: ',' or 'end of string'",
        "!; unable to parse requirement: found '', expected: identifier",
        "a b; unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
        "a in b; unable to parse requirement: found 'b' expected: '('",
        "a in (b c); unable to parse requirement: found 'c', expected: ',' or ')'",
        "a==(; unable to parse requirement: found '(', expected: identifier",
        "a>b; unable to parse requirement: values[0]: Invalid value: \"b\":"
            + " for 'Gt', 'Lt' operators, the value must be an integer",
      })
  void whatIsNoQueryIsRefused(String query, String message) {
    assertThatThrownBy(() -> LabelSelector.parse(query))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void aSelectorIsWrittenAsAQueryThatMeansTheSame() {
    LabelSelector selector =
        LabelSelector.from(
            Json.struct(
                """
                {"matchLabels":{"app":"web"},"matchExpressions":[
                  {"key":"tier","operator":"In","values":["b","a"]},
                  {"key":"old","operator":"DoesNotExist"}]}
                """));

    assertThat(selector).hasToString("app=web,tier in (a,b),!old");
    assertThat(LabelSelector.parse(selector.toString()).matches(LABELS)).isTrue();
  }

  @Test
  void fieldsAreSelectedByTheirValues() {
    Map<String, String> fields = Map.of("status.phase", "Running", "spec.nodeName", "a,b");

    assertThat(matches("status.phase=Running", fields)).isTrue();
    assertThat(matches("status.phase!=Running", fields)).isFalse();
    assertThat(matches("spec.nodeName==a\\,b,status.phase=Running", fields)).isTrue();
    assertThat(matches("spec.x=", fields)).isTrue();
    assertThatThrownBy(() -> FieldSelector.parse("phase"))
        .hasMessage("invalid selector: 'phase'; can't understand 'phase'");
  }

  private static boolean matches(String query, Map<String, String> fields) {
    return FieldSelector.parse(query).matches(field -> fields.getOrDefault(field, ""));
  }
}
