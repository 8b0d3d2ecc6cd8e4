package dev.tiphys.delivery.condition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.object.Null;
import dev.tiphys.object.encoding.Yaml;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionTest {

  private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");

  private static boolean isTrue(String condition, Object result) {
    return Condition.of(condition).isTrueOf(result, NOW);
  }

  private static Object json(String text) {
    Object value = Yaml.struct("{result: " + text + "}").get("result");
    return value == null ? Null.NULL : value;
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '~',
      value = {
        // literals and arithmetic
        "1 + 2 * 3 == 7 => true",
        "(1 + 2) * 3 == 9 => true",
        "7 / 2 == 3.5 => true",
        "7 % 4 == 3 => true",
        "2 ** 3 ** 2 == 512 => true",
        "-2 ^ 2 == -4 => true",
        "1e3 == 1000 => true",
        ".5 + .5 == 1 => true",
        "1_000 == 1000 => true",
        "\"a\\\"b\" == 'a\"b' => true",
        "`a\\n` == 'a\\\\n' => true",
        "'\\u0041' == 'A' => true",
        "'a' + 'b' == \"ab\" => true",
        "10 - 3 - 2 == 5 => true",
        "1 / 0 > 1000 => true",
        // comparison
        "1 < 2 => true",
        "2 <= 1 => false",
        "1.0 == 1 => true",
        "'a' < 'b' => true",
        "'1' == 1 => false",
        "nil == nil => true",
        "[1, 2] == [1.0, 2] => true",
        "[1] == [1, 2] => false",
        // logic
        "true && false => false",
        "true || false && false => true",
        "not false and true or false => true",
        "!true || !false => true",
        "!(1 > 2) && !false => true",
        "false && result.absent.field => false",
        "true ? 1 > 2 : true => false",
        "false ? false : 1 < 2 ? true : false => true",
        // membership, access and slices
        "1 in [1, 2] => true",
        "3 in [1, 2] => false",
        "3 not in [1, 2] => true",
        "'a' in result => true",
        "'z' in result => false",
        "not ('z' in result) => true",
        "result.a == 5 => true",
        "result['a'] == 5 => true",
        "result.list[0] == 1 => true",
        "result.list[-1] == 4 => true",
        "result.deep.er == 'x' => true",
        "result.absent == nil => true",
        "result.absent?.field == nil => true",
        "(result.absent ?? 3) == 3 => true",
        "result.list[1:3] == [2, 3] => true",
        "result.list[2:] == [3, 4] => true",
        "result.list[:1] == [1] => true",
        "result.list[-1:] == [4] => true",
        "result.list[:9] == [1, 2, 3, 4] => true",
        "'hello'[1:3] == 'el' => true",
        "len(result.list) == 4 => true",
        "len('häh') == 3 => true",
        "len(result.deep) == 1 => true",
        // each element
        "all(result.list, {# > 0}) => true",
        "all(result.list, # > 1) => false",
        "all([], {false}) => true",
        "any(result.list, {# == 3}) => true",
        "none(result.list, {# > 9}) => true",
        "one(result.list, {# > 3}) => true",
        "count(result.list, {# >= 2}) == 3 => true",
        "count([true, false, true]) == 2 => true",
        "filter(result.list, {# % 2 == 0}) == [2, 4] => true",
        "map(result.list, {# * 2})[3] == 8 => true",
        "all(result.pods, {.ready and .restarts < 3}) => true",
        "any(result.pods, {#.restarts == 2}) => true",
        "all(result.list, {any([1, 2, 3, 4], {# > 3})}) => true",
        "all(1..3, {# in result.list}) => true",
        // functions
        "asInt('42') == 42 => true",
        "asInt(4.9) == 4 => true",
        "asFloat('0.5') == 0.5 => true",
        "asFloat(result.a) / 2 == 2.5 => true",
        "isNaN(asFloat('NaN')) => true",
        "isInf(asFloat('+Inf')) => true",
        "isNaN(1.0) => false",
        "isNil(result.absent) => true",
        "isNil(result.a) => false",
        "default(result.absent, 7) == 7 => true",
        "default(result.a, 7) == 5 => true",
        "abs(-2) == 2 && abs(-2.5) == 2.5 => true",
        "ceil(1.2) == 2 && floor(1.8) == 1 && round(-2.5) == -3 => true",
        "max(result.list) == 4 && min(3, 1, 2) == 1 && sum(result.list) == 10 => true",
        "mean(result.list) == 2.5 && median([3, 1, 2]) == 2 => true",
        "first(result.list) == 1 && last(result.list) == 4 && first([]) == nil => true",
        "upper('a') == 'A' && lower('A') == 'a' && trim(' a ') == 'a' => true",
        "string(1.5) == '1.5' && string(2.0) == '2' => true",
        // texts
        "result.deep.er matches '^x$' => true",
        "'abc' matches 'b' => true",
        "'abc' not matches 'b' => false",
        "'abc' contains 'bc' => true",
        "'abc' startsWith 'ab' => true",
        "'abc' endsWith 'x' => false",
        // time
        "now() - duration('1h') < now() => true",
        "now() == date('2030-01-01T12:00:00Z') => true",
      })
  void aConditionIsTrueOrNot(String condition, boolean expected) {
    Object result =
        json(
            "{a: 5, list: [1, 2, 3, 4], deep: {er: x}, pods: [{ready: true, restarts: 0}, {ready: true, restarts: 2}]}");
    assertThat(isTrue(condition, result)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '~',
      value = {
        "result[0] < 0.05 => [0.01] => true",
        "result[0] < 0.05 => [0.1] => false",
        "result == true => true => true",
        "result == 'ok' => ok => true",
        "result > 0 => 3 => true",
        "isNil(result) or result > 5 => null => true",
        "default(result, 0) == 0 => null => true",
        "result.status == 'up' and result.errors <= 2 => {status: up, errors: 2} => true",
      })
  void whatWasMeasuredIsTheResult(String condition, String result, boolean expected) {
    assertThat(isTrue(condition, json(result))).isEqualTo(expected);
  }

  @Test
  void numbersThatAreNoneAreNeitherMoreNorLessNorEqual() {
    List<Double> nan = List.of(Double.NaN);
    for (String condition :
        List.of("result[0] < 1", "result[0] >= 1", "result[0] <= 1", "result[0] == result[0]")) {
      assertThat(isTrue(condition, nan)).as(condition).isFalse();
    }
    assertThat(isTrue("isNaN(result[0])", nan)).isTrue();
    assertThat(isTrue("isInf(result[0])", List.of(Double.NEGATIVE_INFINITY))).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '~',
      value = {
        "1 + 1 => expected bool, but got int",
        "result[5] > 1 => index out of range: 5 (array length is 2)",
        "result[-3] > 1 => index out of range: -3 (array length is 2)",
        "result > 1 => invalid operation: > (mismatched types []interface {} and int)",
        "result.field == 1 => cannot use string as an index",
        "nil.field == 1 => cannot fetch field from nil",
        "asInt('x') == 1 => strconv.ParseInt: parsing \"x\": invalid syntax",
        "asFloat('0x1') == 1 => strconv.ParseFloat: parsing \"0x1\": invalid syntax",
        "asInt(nil) == 1 => asInt() not supported on nil null",
        "1 % 0 == 1 => integer divide by zero",
        "1.5 % 2 == 1 => invalid operation: % (mismatched types float64 and int)",
        "not 1 => invalid operation: operator ! not defined on int",
        "-'a' == 1 => invalid operation: operator - not defined on string",
        "1 and true => invalid operation: operator and not defined on int",
        "isNaN('a') => invalid argument for isNaN (type string)",
        "all(1, {true}) => invalid argument for all (type int)",
        "len(1) == 1 => invalid argument for len (type int)",
        "'a' matches '(' => error parsing regexp: missing closing ): `(`",
        "duration('x') == 1 => time: invalid duration \"x\"",
        "0..999999 == [] => range is too long",
      })
  void whatCanNotBeAppliedIsTold(String condition, String message) {
    assertThatThrownBy(() -> isTrue(condition, List.of(1L, 2L)))
        .isInstanceOfSatisfying(
            ConditionException.class, e -> assertThat(e.message()).isEqualTo(message));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1 +",
        "(1",
        "[1, 2",
        "1 2",
        "'a",
        "result.",
        "result[",
        "result[1",
        "a ? b",
        "unknown",
        "unknown(1)",
        "len()",
        "len(1, 2)",
        "all(result)",
        "# > 1",
        ".a > 1",
        "1 = 1",
        "@",
        "1x",
        "all(result, {# > 1)",
        "99999999999999999999",
        "result ? 1",
        "'\\x'",
        "'\\u00'",
        "1 not 2"
      })
  void whatCanNotBeReadIsRefused(String condition) {
    assertThatThrownBy(() -> Condition.of(condition)).isInstanceOf(ConditionException.class);
  }

  @Test
  void whatACheapTextWouldCostIsBounded() {
    List<Object> many = Collections.nCopies(2000, 1L);
    for (String condition :
        List.of(
            "all(result, {all(result, {true})})",
            "count(map(result, {result}), {# == result}) == 1",
            "all(0..99999, {len(filter(0..99999, {true})) > 0})")) {
      assertThatThrownBy(() -> isTrue(condition, many))
          .as(condition)
          .isInstanceOfSatisfying(
              ConditionException.class,
              e -> assertThat(e.message()).isEqualTo("the condition takes too long"));
    }
    assertThatThrownBy(() -> Condition.of("(".repeat(5000))).isInstanceOf(ConditionException.class);
    assertThatThrownBy(() -> Condition.of("!".repeat(5000) + "true"))
        .isInstanceOf(ConditionException.class);
    assertThatThrownBy(() -> Condition.of("1".repeat(20_000)))
        .isInstanceOf(ConditionException.class);
    String pattern = "(a*)*b";
    assertThat(isTrue("result matches '" + pattern + "'", "a".repeat(50_000))).isFalse();
  }

  @Test
  void longSumsAreNoDeepOnes() {
    assertThat(isTrue("1" + " + 1".repeat(2000) + " == 2001", Null.NULL)).isTrue();
  }
}
