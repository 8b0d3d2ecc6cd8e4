package dev.tiphys.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderTest {

  @Test
  void aValueCannotEndItsLine() {
    assertThat(new Header("X", "a\r\nEvil: b\0c\td").value()).isEqualTo("a  Evil: b c\td");
  }

  @Test
  void whatIsNotAsciiIsSentAsUtf8() {
    assertThat(new Header("X", "ä").bytes().array()).containsExactly(0xc3, 0xa4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:", "a\r\nb", "ä", "(a)"})
  void aNameIsAToken(String name) {
    assertThatThrownBy(() -> new Header(name, "x")).isInstanceOf(IllegalArgumentException.class);
  }
}
