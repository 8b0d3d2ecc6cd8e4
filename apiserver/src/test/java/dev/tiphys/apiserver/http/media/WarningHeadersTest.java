package dev.tiphys.apiserver.http.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.http.Header;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WarningHeadersTest {

  private static List<String> values(List<String> warnings) {
    return WarningHeaders.of(warnings).stream().map(Header::value).toList();
  }

  @Test
  void textIsQuoted() {
    assertThat(values(List.of("a \"b\" \\ ä"))).containsExactly("299 - \"a \\\"b\\\" \\\\ ä\"");
  }

  @Test
  void whatCannotBeSentIsLeftOut() {
    assertThat(values(List.of("a\nb", "c\0", "d"))).containsExactly("299 - \"d\"");
  }

  @Test
  void eachIsCutWhenAllTogetherAreTooLong() {
    List<String> few = List.of("a".repeat(4096));
    List<String> many = List.of("a".repeat(4000), "b".repeat(97));

    assertThat(values(few)).containsExactly("299 - \"" + "a".repeat(4096) + "\"");
    assertThat(values(many))
        .containsExactly("299 - \"" + "a".repeat(256) + "\"", "299 - \"" + "b".repeat(97) + "\"");
  }

  @Test
  void thousandsOfThemAreBounded() {
    List<String> warnings =
        IntStream.range(0, 15_000).mapToObj(i -> "duplicate field \"f" + i + "\"").toList();

    assertThat(values(warnings)).hasSizeLessThan(250).hasSizeGreaterThan(150);
  }

  @Test
  void aCharacterIsNotCutInTwo() {
    assertThat(values(List.of("😀".repeat(5000))))
        .containsExactly("299 - \"" + "😀".repeat(256) + "\"");
  }
}
