package dev.tiphys.secrets.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.world.VirtualWorld;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What generators make.
class GeneratorsTest {

  private final VirtualWorld world = new VirtualWorld(1);

  @SuppressWarnings("NullAway") // neither references nor a transport are needed by these
  private Map<String, String> made(Generator generator, String spec) throws InterruptedException {
    Map<String, String> texts = new TreeMap<>();
    generator
        .generate(
            Yaml.struct(spec), new Generator.Context(world, "default", null, null, null, _ -> {}))
        .forEach((key, value) -> texts.put(key, new String(value, StandardCharsets.UTF_8)));
    return texts;
  }

  private String password(String spec) throws InterruptedException {
    return made(new PasswordGenerator(), spec).values().iterator().next();
  }

  private static long count(String text, String pattern) {
    return text.chars().filter(each -> Character.toString(each).matches(pattern)).count();
  }

  @ParameterizedTest(name = "{0}: {1} characters, {2} digits, {3} symbols")
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                            | 24 | 6 | 6",
        "{length: 8}                                   | 8  | 2 | 2",
        "{length: 8, digits: 0, symbols: 0}            | 8  | 0 | 0",
        "{length: 10, digits: 4, symbols: 0}           | 10 | 4 | 0",
        "{length: 100, allowRepeat: true}              | 100 | 25 | 25",
        "{length: 12, symbols: 3, symbolCharacters: '-_$'} | 12 | 3 | 3"
      })
  void passwords(String spec, int length, int digits, int symbols) throws InterruptedException {
    String password = password(spec);
    assertThat(password).hasSize(length);
    assertThat(count(password, "[0-9]")).isEqualTo(digits);
    assertThat(count(password, "[^0-9a-zA-Z]")).isEqualTo(symbols);
    assertThat(password(spec)).isNotEqualTo(password);
  }

  @Test
  void passwordsCanBeWithoutCapitalsAndHaveSeveralKeys() throws InterruptedException {
    assertThat(count(password("{length: 20, noUpper: true}"), "[A-Z]")).isZero();
    assertThat(made(new PasswordGenerator(), "{secretKeys: [a, b]}")).containsOnlyKeys("a", "b");
    assertThat(made(new PasswordGenerator(), "{}")).containsOnlyKeys("password");
  }

  @ParameterizedTest
  @CsvSource({
    "raw,       [a]{5}",
    "base64,    YWFhYWE=",
    "base64url, YWFhYWE=",
    "base32,    MFQWCYLB",
    "hex,       6161616161"
  })
  void passwordsAreEncoded(String encoding, String pattern) throws InterruptedException {
    String spec =
        "{length: 5, digits: 0, symbols: 5, symbolCharacters: a, allowRepeat: true, encoding: %s}"
            .formatted(encoding);
    assertThat(password(spec)).matches(pattern);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{length: 4, digits: 3, symbols: 3} | number of digits and symbols must be less than total length",
        "{length: 100}                      | number of digits exceeds available digits and repeats are not allowed",
        "{length: 80, digits: 0, symbols: 0} | number of letters exceeds available letters and repeats are not allowed",
        "{secretKeys: [a, a]}               | secretKeys must be non-empty and unique",
        "{secretKeys: ['']}                 | secretKeys must be non-empty and unique"
      })
  void passwordsThatCannotBe(String spec, String why) {
    assertThatThrownBy(() -> password(spec)).hasMessage(why);
  }

  @Test
  void uuidsAreOfVersion4() throws InterruptedException {
    assertThat(made(new UuidGenerator(), "{}").get("uuid"))
        .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  }

  @Test
  void fakesAreWhatTheySay() throws InterruptedException {
    assertThat(made(new FakeGenerator(), "{data: {a: b}}")).isEqualTo(Map.of("a", "b"));
  }
}
