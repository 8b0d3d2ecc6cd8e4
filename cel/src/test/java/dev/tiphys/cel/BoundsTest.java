package dev.tiphys.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Nothing that is written as an expression keeps a server busy or fails in another way than told.
class BoundsTest {

  private static final Environment ENVIRONMENT = Environment.of(List.of()).with("self", Type.DYN);

  private static final Struct SELF =
      Json.struct("{\"a\":[1,2,3],\"b\":\"text\",\"c\":{\"d\":1.5,\"e\":null},\"f\":true}");

  private static final String[] WORDS = {
    "self",
    ".",
    "a",
    "b",
    "c",
    "d",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "?",
    "+",
    "-",
    "*",
    "/",
    "%",
    "==",
    "!=",
    "<",
    ">=",
    "&&",
    "||",
    "!",
    "in",
    "1",
    "2.5",
    "3u",
    "'x'",
    "b'y'",
    "true",
    "null",
    "x",
    "all",
    "map",
    "filter",
    "exists",
    "size",
    "has",
    "type",
    "int",
    "string",
    "matches",
    "optional.of",
    ".?",
    "[?",
    "orValue",
    "sort",
    "sum",
    "join",
    "format",
    "quantity",
    "duration",
    "timestamp",
    "dyn",
    "transformMap",
    "sets.contains",
    "find",
    "\"",
    "\\",
    "\n",
    "é",
    "#"
  };

  @Test
  void anyRowOfWordsIsCompiledOrRefused() {
    Random random = new Random(7);
    int sound = 0;
    for (int i = 0; i < 100_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(12); j >= 0; j--) {
        text.append(WORDS[random.nextInt(WORDS.length)]);
      }
      sound += evaluates(text.toString()) ? 1 : 0;
    }
    assertThat(sound).isPositive();
  }

  private static final List<String> SEEDS =
      List.of(
          "self.a.all(x, x > 0) && self.b.startsWith('t')",
          "self.a.map(x, x * 2).filter(y, y > 2).size() == 2",
          "has(self.c.d) ? self.c.d + 1.0 : double(self.b)",
          "self.?c.?e.optMap(v, string(v)).orValue('none')",
          "'%s %d'.format([self.b, self.a[0]]).matches('[a-z]+ [0-9]')",
          "self.a.sortBy(x, -x)[?0].hasValue() || self.f in [true, false]",
          "{'k': self.a}.transformMap(k, v, v.size()).k == 3");

  @Test
  void expressionsWithAFaultAreCompiledOrRefused() {
    Random random = new Random(11);
    for (int i = 0; i < 50_000; i++) {
      StringBuilder text = new StringBuilder(SEEDS.get(random.nextInt(SEEDS.size())));
      for (int j = random.nextInt(3); j >= 0; j--) {
        int at = random.nextInt(text.length());
        String word = WORDS[random.nextInt(WORDS.length)];
        text.replace(at, Math.min(text.length(), at + random.nextInt(4)), word);
      }
      evaluates(text.toString());
    }
  }

  private static boolean evaluates(String expression) {
    try {
      ENVIRONMENT.compile(expression).evaluate(_ -> SELF, 100_000);
      return true;
    } catch (CompileException e) {
      assertThat(e.getMessage()).startsWith("ERROR: <input>:");
      return false;
    }
  }

  @ParameterizedTest
  @CsvSource({"(,1,)", "[,1,]", "-(,1,)", "!(,true,)", "1+,1,''", "self.a[,0,]", "{1:,2,}"})
  void whatNestsTooDeeplyIsRefused(String open, String inner, String close) {
    String text = open.repeat(5_000) + inner + close.repeat(5_000);

    assertThatThrownBy(() -> ENVIRONMENT.compile(text))
        .isInstanceOf(CompileException.class)
        .hasMessageContaining("expression recursion limit exceeded: 250");
  }

  @Test
  void longRowsOfConditionsAreFine() throws CompileException {
    Program program = ENVIRONMENT.compile("self.f" + " && self.f".repeat(5_000));

    assertThat(program.evaluate(_ -> SELF, 1_000_000))
        .isInstanceOfSatisfying(
            Program.Value.class, outcome -> assertThat(outcome.value()).isEqualTo(true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lists.range(100000000).size() > 0",
        "lists.range(1000).all(a, lists.range(1000).all(b, a + b >= 0))",
        "lists.range(90000).map(x, x).map(x, x).size() > 0",
        "'x'.replace('', 'abcdefghij').replace('', 'abcdefghij').replace('', 'abcdefghij')"
            + ".replace('', 'abcdefghij').replace('', 'abcdefghij').replace('', 'abcdefghij')"
            + ".replace('', 'abcdefghij').replace('', 'abcdefghij').replace('', 'abcdefghij')"
      })
  void whatCostsTooMuchIsStopped(String expression) throws CompileException {
    assertThat(ENVIRONMENT.compile(expression).evaluate(_ -> SELF, 1_000_000))
        .isInstanceOf(Program.Stopped.class);
  }

  @Test
  void listsThatDoubleDoNotFillTheMemory() throws CompileException {
    String doubled = "[self.a]" + ".map(x, x + x)".repeat(40) + "[0].size()";

    assertThat(ENVIRONMENT.compile(doubled).evaluate(_ -> SELF, 1_000_000))
        .isInstanceOf(Program.Stopped.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          ((a{100}){100}){100} ; error parsing regexp: invalid repeat count: `{100}`
          x{1001} ; error parsing regexp: invalid repeat count: `{1001}`
          (?=a) ; error parsing regexp: invalid or unsupported Perl syntax: `(?=`
          ( ; error parsing regexp: missing closing ): `(`
          """)
  void regularExpressionsHaveBounds(String text, String problem) {
    assertThatThrownBy(() -> Regex.of(text)).hasMessage(problem);
  }

  @Test
  void regularExpressionsThatNestTooDeeplyAreRefused() {
    String text = "(".repeat(100_000) + ")".repeat(100_000);

    assertThatThrownBy(() -> Regex.of(text)).hasMessageContaining("nests too deeply");
    assertThatThrownBy(() -> Regex.of("(abcdefgh){900}".repeat(1000)))
        .hasMessageContaining("expression too large");
  }

  @Test
  void soundRegularExpressionsAreTaken() {
    assertThat(Regex.of("^[a-z]{1,63}(\\.[]a-z[:digit:]]{2}){0,10}\\Q{9}\\E$").matches("a.b7{9}"))
        .isTrue();
  }
}
