package dev.tiphys.object.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
    assertThat(Yaml.text(Struct.of("a", text)).strip()).isEqualTo("a: '" + text + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nginx:1.2", "10.0.0.1", "10.0.0.0/24", "500m", "v1", "yesterday"})
  void otherTextsAreNot(String text) {
    assertThat(Yaml.text(Struct.of("a", text)).strip()).isEqualTo("a: " + text);
  }

  @Test
  void fieldsThatStandTwiceAreRefused() {
    assertThatThrownBy(() -> Yaml.parse("a: 1\na: 2"))
        .isInstanceOf(EncodingException.class)
        .hasMessageContaining("found duplicate key a");
  }

  @Test
  void documentsWithNothingInThemAreLeftOut() {
    assertThat(Yaml.parseAll("---\na: 1\n---\n---\nb: 2\n"))
        .containsExactly(Struct.of("a", 1L), Struct.of("b", 2L));
  }
}
