package dev.tiphys.object.encoding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  @Test
  void wholeNumbersAndFractionsAreKeptApart() {
    assertThat(Json.parse("[1,-9223372036854775808,1.5,1e2]".getBytes(UTF_8)))
        .isEqualTo(List.of(1L, Long.MIN_VALUE, 1.5, 100.0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "null",
        "\"\"",
        "{\"a\":[1,2.5,true,null,\"x\"],\"b\":{\"c\":{}}}",
        "\"\\u003cb\\u003e \\u0026 \\\" \\\\ \\n \\u0001 é 漢 😀\"",
      })
  void whatIsReadIsWrittenTheSame(String json) {
    assertThat(Json.text(Json.parse(json.getBytes(UTF_8)))).isEqualTo(json);
  }

  @ParameterizedTest
  @CsvSource({"1.0,1", "0.1,0.1", "100000000.0,100000000", "1.5e300,1.5e+300", "1.0e-7,1e-7"})
  void fractionsAreWrittenAsGoWritesThem(double number, String text) {
    assertThat(Json.text(number)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"a\":}", "[1,]", "{} {}", "nope", "\"\n\"", "{\"a\" 1}"})
  void whatIsNoJsonIsRefused(String text) {
    assertThatThrownBy(() -> Json.parse(text.getBytes(UTF_8)))
        .isInstanceOf(EncodingException.class);
  }

  @Test
  void fieldsThatStandTwiceAreToldWithTheirPath() {
    List<String> duplicates = new ArrayList<>();

    Object tree =
        Json.parse("{\"a\":[{\"b\":1,\"b\":2}],\"c\":1,\"c\":3}".getBytes(UTF_8), duplicates::add);

    assertThat(duplicates).containsExactly("a[0].b", "c");
    assertThat(Json.text(tree)).isEqualTo("{\"a\":[{\"b\":2}],\"c\":3}");
  }

  @Test
  void nestingThatNeverEndsIsRefused() {
    byte[] deep = "[".repeat(100_000).getBytes(UTF_8);

    assertThatThrownBy(() -> Json.parse(deep)).isInstanceOf(EncodingException.class);
  }

  @Test
  void yamlIsTheSameTree() {
    Struct tree = Json.struct("{\"a\":{\"b\":[1,true,\"x: y\"],\"c\":\"5\"},\"d\":null}");

    assertThat(Yaml.parse(Yaml.text(tree))).isEqualTo(tree);
    assertThat(Yaml.parseAll("a: 1\n---\n---\nb: 2\n")).hasSize(2);
    assertThatThrownBy(() -> Yaml.parse("a: [")).isInstanceOf(EncodingException.class);
  }
}
