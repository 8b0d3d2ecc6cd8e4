package dev.tiphys.object;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FnvTest {

  private static int of(String text) {
    return Fnv.mixed(Fnv.EMPTY, text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource({"'', 811c9dc5", "a, e40c292c", "foobar, bf9cf968"})
  void hashesAreThoseOfTheDefinition(String text, String hash) {
    assertThat(Integer.toHexString(of(text))).isEqualTo(hash);
  }

  @Test
  void aNumberIsItsBytes() {
    assertThat(Fnv.mixed(of(""), 0x61L)).isEqualTo(of("a\0\0\0\0\0\0\0"));
  }

  @Test
  void namesHaveNoVowels() {
    assertThat(Fnv.name(of("foobar")))
        .matches("[b-df-hj-np-tv-xz2-9]+")
        .isEqualTo(Fnv.name(of("foobar")));
    assertThat(Fnv.name(of("a"))).isNotEqualTo(Fnv.name(of("b")));
  }
}
