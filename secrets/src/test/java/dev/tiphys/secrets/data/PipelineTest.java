package dev.tiphys.secrets.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.template.Functions;
import dev.tiphys.world.VirtualWorld;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What becomes of a store's keys and values on their way into a Secret.
class PipelineTest {

  private final Rewrites rewrites = new Rewrites(Functions.externalSecrets(new VirtualWorld(1)));

  @ParameterizedTest
  @CsvSource({
    "Default, plain.key-1_a, plain.key-1_a",
    "Default, a/b c,         a_b_c",
    "Default, grün,          gr_n",
    "'',      a/b,           a_b",
    "Unicode, a/b,           a_U002f_b",
    "Unicode, grün,          gr_U00fc_n",
    "Unicode, 😀,            _U1f600_"
  })
  void keysAreConverted(String strategy, String key, String converted) {
    assertThat(Keys.converted(Map.of(key, new byte[0]), strategy)).containsOnlyKeys(converted);
  }

  @Test
  void twoKeysThatBecomeOneAreAnError() {
    assertThatThrownBy(() -> Keys.converted(values("{a/b: '1', a_b: '2'}"), "Default"))
        .hasMessageEndingWith("secret name collision during conversion: a_b");
  }

  @Test
  void keysThatASecretCannotHaveAreAnError() {
    String tip = "invalid secret keys (TIP: use rewrite or conversionStrategy to change keys): ";
    assertThatThrownBy(() -> Keys.checked(values("{a/b: '1'}")))
        .hasMessage(
            tip
                + "key has invalid character /, only alphanumeric, '-', '.' and '_' are allowed: a/b");
    assertThatThrownBy(() -> Keys.checked(Map.of("x".repeat(254), new byte[0])))
        .hasMessageStartingWith(tip + "key has length 254 but max is 253");
    assertThat(Keys.checked(values("{'': '1', a: '2'}"))).containsOnlyKeys("a");
  }

  @ParameterizedTest
  @CsvSource({
    "None,      aGk=, aGk=",
    "Base64,    aGk=, hi",
    "Base64URL, Pz8_, ???",
    "Auto,      aGk=, hi",
    "Auto,      Pz8_, ???",
    "Auto,      'no base64!', 'no base64!'",
    "'',        aGk=, aGk="
  })
  void valuesAreDecoded(String strategy, String value, String decoded) {
    assertThat(text(Decoding.of(strategy).decode("k", bytes(value)))).isEqualTo(decoded);
  }

  @Test
  void whatCannotBeDecodedIsToldWithoutTheValue() {
    assertThatThrownBy(() -> Decoding.BASE64.decode("k", bytes("s3cret!")))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("\"k\"")
        .hasMessageNotContaining("s3cret");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{regexp: {source: 'app-(.*)', target: '$1'}}] | {app-a: '1', b: '2'} | {a=1, b=2}",
        "[{regexp: {source: '(\\w+)/(\\w+)', target: '${2}_$1'}}] | {a/b: '1'} | {b_a=1}",
        "[{regexp: {source: 'a', target: '$$'}}] | {aa: '1'} | {$$=1}",
        "[{regexp: {source: '/', target: '.'}}, {transform: {template: '{{ upper .value }}'}}] | {a/b: '1'} | {A.B=1}",
        "[{merge: {}}] | {x: '{\"a\": 1}', z: '{\"b\": \"2\"}'} | {a=1, b=2}",
        "[{merge: {conflictPolicy: Ignore}}] | {x: '{\"a\": 1}', z: '{\"a\": 2}'} | {a=2}",
        "[{merge: {conflictPolicy: Ignore, priority: [x]}}] | {x: '{\"a\": 1}', z: '{\"a\": 2}'} | {a=1}",
        "[{merge: {priority: [z], priorityPolicy: IgnoreNotFound}}] | {x: '{\"a\": 1}'} | {a=1}",
        "[{merge: {strategy: JSON, into: all}}] | {x: '{\"a\": 1}'} | {all={\"a\":1}, x={\"a\": 1}}"
      })
  void keysAreRewritten(String operations, String values, String rewritten) {
    assertThat(texts(rewrites.apply(operations(operations), values(values))).toString())
        .isEqualTo(rewritten);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{merge: {}}] | {x: '{\"a\": 1}', z: '{\"a\": 2}'} | merge failed with conflicts: a",
        "[{merge: {priority: [z]}}] | {x: '{\"a\": 1}'} | merge failed with key \"z\" not found in input map",
        "[{merge: {strategy: JSON}}] | {x: '{\"a\": 1}'} | merge failed with missing 'into' field",
        "[{merge: {}}] | {x: 's3cret'} | merge failed with failed to unmarshal JSON: the value of \"x\" is no JSON object",
        "[{regexp: {source: '('}}] | {x: '1'} | regexp failed with failed to compile: "
      })
  void whatCannotBeRewrittenIsToldWithItsPlace(String operations, String values, String why) {
    assertThatThrownBy(() -> rewrites.apply(operations(operations), values(values)))
        .hasMessageStartingWith(
            "error applying rewrite to keys: failed rewrite operation[0]: " + why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a.b | exact",
        "c.d | deep",
        "c.n | 12345678901",
        "c.f | 1.5",
        "c.t | true",
        "c.z | ''",
        "c.o | {\"x\":1}",
        "list.0 | one",
        "list.# | 2",
        "users.#.name | [\"ann\",\"bob\"]",
        "users.#(name==\"bob\").age | 2",
        "e\\.f.g | escaped",
        "c.missing | -",
        "list.7 | -"
      })
  void propertiesAreFound(String property, String value) {
    Struct tree =
        Json.struct(
            """
            {"a.b": "exact", "c": {"d": "deep", "n": 12345678901, "f": 1.5, "t": true, "z": null,
             "o": {"x": 1}}, "list": ["one", "two"], "e.f": {"g": "escaped"},
             "users": [{"name": "ann", "age": 1}, {"name": "bob", "age": 2}]}
            """);
    assertThat(Properties.find(tree, property).map(Values::text).orElse("-")).isEqualTo(value);
  }

  private static List<Struct> operations(String yaml) {
    return Yaml.struct("all: " + yaml).structs("all");
  }

  private static Map<String, byte[]> values(String yaml) {
    Map<String, byte[]> values = new LinkedHashMap<>();
    Yaml.struct(yaml).forEach((key, value) -> values.put(key, bytes(String.valueOf(value))));
    return values;
  }

  private static Map<String, String> texts(Map<String, byte[]> values) {
    Map<String, String> texts = new TreeMap<>();
    values.forEach((key, value) -> texts.put(key, text(value)));
    return texts;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
