package dev.tiphys.object.encoding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "``; unexpected end of JSON input",
        "{; unexpected end of JSON input",
        "{\"a\":}; invalid character '}' looking for beginning of value",
        "[1,]; invalid character ']' looking for beginning of value",
        "{\"a\":1,}; invalid character '}' looking for beginning of object key string",
        "{a:1}; invalid character 'a' looking for beginning of object key string",
        "{\"a\" 1}; invalid character '1' after object key",
        "{\"a\":1 \"b\":2}; invalid character '\"' after object key:value pair",
        "[1 2]; invalid character '2' after array element",
        "{} {}; invalid character '{' after top-level value",
        "nope; invalid character 'o' in literal null (expecting 'u')",
        "\"\\x\"; invalid character 'x' in string escape code",
        "\"\\u00g0\"; invalid character 'g' in \\u hexadecimal character escape",
        "\"a\tb\"; invalid character '\\t' in string literal",
        "01; invalid character '1' after top-level value",
        "-x; invalid character 'x' in numeric literal",
        "1.x; invalid character 'x' after decimal point in numeric literal",
        "1ex; invalid character 'x' in exponent of numeric literal",
        "1e400; json: cannot unmarshal number 1e400 into Go value of type float64",
      })
  void whatIsNoJsonIsRefusedInGosWords(String text, String message) {
    assertThatThrownBy(() -> Json.parse(text.getBytes(UTF_8)))
        .isInstanceOf(EncodingException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource({"NaN,NaN", "Infinity,+Inf", "-Infinity,-Inf"})
  void numbersThatJsonDoesNotHaveAreNotWritten(double number, String name) {
    assertThatThrownBy(() -> Json.bytes(Struct.of("a", number)))
        .isInstanceOf(EncodingException.class)
        .hasMessage("json: unsupported value: " + name);
  }

  @Test
  void fieldsAreWrittenInTheOrderOfTheirType() {
    FieldOrder inner = new Ranks(List.of("y", "x"), null);
    FieldOrder outer = new Ranks(List.of("kind", "spec", "a"), inner);
    Struct tree =
        Json.struct(
            "{\"a\":{\"x\":1,\"y\":2},\"b\":1,\"kind\":\"K\",\"spec\":[{\"x\":1,\"z\":0,\"y\":2}]}");

    for (int i = 0; i < 2; i++) {
      assertThat(new String(Json.bytes(tree, outer), UTF_8))
          .isEqualTo(
              "{\"kind\":\"K\",\"spec\":[{\"y\":2,\"x\":1,\"z\":0}],\"a\":{\"y\":2,\"x\":1},\"b\":1}");
    }
  }

  /// Declares fields in the order of a list.
  private static final class Ranks extends FieldOrder {
    private final List<String> fields;
    private final @Nullable FieldOrder content;

    Ranks(List<String> fields, @Nullable FieldOrder content) {
      this.fields = fields;
      this.content = content;
    }

    @Override
    protected int rank(String field) {
      return fields.indexOf(field);
    }

    @Override
    protected @Nullable FieldOrder content(String field) {
      return content;
    }
  }

  @Test
  void fieldsThatStandTwiceAreToldWithTheirPath() {
    List<String> duplicates = new ArrayList<>();

    Object tree =
        Json.parse("{\"a\":[{\"b\":1,\"b\":2}],\"c\":1,\"c\":3}".getBytes(UTF_8), duplicates::add);

    assertThat(duplicates).containsExactly("a[0].b", "c");
    assertThat(Json.text(tree)).isEqualTo("{\"a\":[{\"b\":2}],\"c\":3}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"a\":"})
  void nestingHasABound(String opening) {
    assertThatThrownBy(() -> Json.parse(opening.repeat(100_000).getBytes(UTF_8)))
        .isInstanceOf(EncodingException.class)
        .hasMessage("exceeded max depth");
  }

  @Test
  void whatIsNestedAsDeepAsMayBeIsReadAndWritten() {
    byte[] deep = ("[".repeat(500) + "]".repeat(500)).getBytes(UTF_8);

    assertThat(Json.bytes(Json.parse(deep))).isEqualTo(deep);
  }

  @Test
  void yamlIsTheSameTree() {
    Struct tree = Json.struct("{\"a\":{\"b\":[1,true,\"x: y\"],\"c\":\"5\"},\"d\":null}");

    assertThat(Yaml.parse(Yaml.text(tree))).isEqualTo(tree);
    assertThat(Yaml.parseAll("a: 1\n---\n---\nb: 2\n")).hasSize(2);
    assertThatThrownBy(() -> Yaml.parse("a: [")).isInstanceOf(EncodingException.class);
  }
}
