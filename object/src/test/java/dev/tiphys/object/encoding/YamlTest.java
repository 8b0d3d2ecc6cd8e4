package dev.tiphys.object.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlTest {

  @Test
  void whatIsWrittenIsRead() {
    Struct tree =
        Struct.of(
            "list", List.of(1L, "1", 1.5, true, "true", Null.NULL, "null"), "text", "two\nlines\n");

    assertThat(Yaml.parse(Yaml.text(tree))).isEqualTo(tree);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "yes",
        "No",
        "on",
        "y",
        "010",
        "1_000",
        "0x1f",
        "12:30",
        "2026-01-01T00:00:00Z",
        "~",
        ""
      })
  void textsThatOldReadersTakeForSomethingElseAreQuoted(String text) {
    assertThat(Yaml.text(Struct.of("a", text)).strip()).isEqualTo("a: \"" + text + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nginx:1.2", "10.0.0.1", "10.0.0.0/24", "500m", "v1", "yesterday"})
  void otherTextsAreNot(String text) {
    assertThat(Yaml.text(Struct.of("a", text)).strip()).isEqualTo("a: " + text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "yes; true",
        "N; false",
        "~; null",
        "Null; null",
        "010; 8",
        "0o14; 12",
        "0x1F; 31",
        "-0b11; -3",
        "1_000; 1000",
        "1e3; 1000",
        ".5; 0.5",
        "12:30; \"12:30\"",
        "2026-01-01; \"2026-01-01\"",
        "1.2.3; \"1.2.3\"",
        "0x; \"0x\"",
        "'yes'; \"yes\"",
        "!!str 5; \"5\"",
        "!!float 5; 5",
        "{1: a, true: b, y: c}; {\"1\":\"a\",\"true\":\"c\"}",
        "[&x {a: 1}, *x]; [{\"a\":1},{\"a\":1}]",
        "{<<: {a: 1, b: 2}, b: 3}; {\"a\":1,\"b\":3}",
      })
  void scalarsMeanWhatKubernetesTakesThemFor(String yaml, String json) {
    assertThat(Json.text(Yaml.parse(yaml))).isEqualTo(json);
  }

  @Test
  void keysThatStandTwiceAreToldAndTheLastOneCounts() {
    List<String> duplicates = new ArrayList<>();

    Object tree = Yaml.parse("a: 1\nb: {c: 1,\n  c: 2}\na: 2", duplicates::add);

    assertThat(tree).isEqualTo(Struct.of("a", 2L, "b", Struct.of("c", 2L)));
    assertThat(duplicates)
        .containsExactly(
            "line 3: key \"c\" already set in map", "line 4: key \"a\" already set in map");
  }

  @Test
  void onlyTheFirstDocumentIsRead() {
    assertThat(Yaml.parse("a: 1\n---\n]")).isEqualTo(Struct.of("a", 1L));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "a: [b| c: }; yaml: line 1: did not find expected ',' or ']'",
        "a:|\tb: c; yaml: line 2: found character that cannot start any token",
        "a: b: c; yaml: mapping values are not allowed in this context",
        "a: *x; yaml: unknown anchor 'x' referenced",
        "a: &x [*x]; yaml: anchor 'x' value contains itself",
        "a: .nan; json: unsupported value: NaN",
        "a: -.inf; json: unsupported value: -Inf",
        "a: 1e400; json: unsupported value: +Inf",
      })
  void whatIsNoYamlIsRefusedInTheWordsOfItsLibrary(String yaml, String message) {
    assertThatThrownBy(() -> Yaml.parse(yaml.replace('|', '\n')))
        .isInstanceOf(EncodingException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "- ", "{a: "})
  void nestingHasABound(String opening) {
    assertThatThrownBy(() -> Yaml.parse(opening.repeat(3_000)))
        .isInstanceOf(EncodingException.class)
        .hasMessage("yaml: exceeded max depth");
  }

  @Test
  void aliasesOfAliasesAreRefusedBeforeTheyGrow() {
    StringBuilder yaml = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 20; i++) {
      yaml.append("a%d: &a%d [%s]\n".formatted(i, i, "*a%d, ".formatted(i - 1).repeat(10)));
    }

    assertThatThrownBy(() -> Yaml.parse(yaml.toString()))
        .hasMessage("yaml: document contains excessive aliasing");
  }

  @Test
  void documentsWithNothingInThemAreLeftOut() {
    assertThat(Yaml.parseAll("---\na: 1\n---\n---\nb: 2\n"))
        .containsExactly(Struct.of("a", 1L), Struct.of("b", 2L));
  }
}
