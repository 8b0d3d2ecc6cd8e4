package dev.tiphys.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {

  @ParameterizedTest
  @CsvSource({
    "plain,/a/plain?b=plain",
    "a b,/a/a%20b?b=a%20b",
    "x/../y,/a/x%2F..%2Fy?b=x%2F..%2Fy",
    "1&c=2?d#e,/a/1%26c%3D2%3Fd%23e?b=1%26c%3D2%3Fd%23e",
    "%41,/a/%2541?b=%2541",
    "ä,/a/%C3%A4?b=%C3%A4"
  })
  void whatIsPutInIsEscaped(String value, String target) {
    assertThat(RequestTarget.of("a", value).with("b", value)).hasToString(target);
  }

  @Test
  void nothingThatIsPutInEndsTheLine() {
    String evil = "80 HTTP/1.1\r\nHost: x\r\n\r\nDELETE /everything HTTP/1.1\r\n\0";

    assertThat(RequestTarget.of("portForward", evil).with("port", evil).with(evil, "").text())
        .matches("[!-~]+");
  }

  @Test
  void parametersFollowOneAnother() {
    assertThat(RequestTarget.of("a").with("b", "1").with("b", "2")).hasToString("/a?b=1&b=2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "/a b", "/a\r\nb", "/ä", "/a\0"})
  void aFinishedTargetIsChecked(String text) {
    assertThatThrownBy(() -> new RequestTarget(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
