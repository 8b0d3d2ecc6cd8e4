package dev.tiphys.network.router.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import dev.tiphys.network.router.table.Rewrite.OfPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Paths as they are compared, and as they are rewritten.
class PathsTest {

  @ParameterizedTest
  @CsvSource({
    "/, /",
    "/a/b, /a/b",
    "/a/b/, /a/b/",
    "//a///b, /a/b",
    "/a/./b, /a/b",
    "/a/../b, /b",
    "/a/.., /",
    "/a/., /a/",
    "/a/b/.., /a/",
    "/public/%2e%2e/admin, /admin",
    "/public/%2E./admin, /admin",
    "/%61dmin, /admin",
    "/a%2fb, /a/b",
    "/.well-known, /.well-known",
    "/a..b, /a..b",
    "/caf%C3%A9, /café",
  })
  void aPathHasANormalForm(String sent, String normal) {
    assertThat(Paths.normal(sent)).isEqualTo(normal);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "*", "/..", "/a/../../b", "/%", "/%2", "/%zz", "/a%00b"})
  void otherThingsAreNoPaths(String sent) {
    assertThat(Paths.normal(sent)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "/something, /",
    "/something/, /",
    "/something/new, /new",
    "/something/a b, /a%20b",
    "/something/ü?, /%C3%BC%3F",
  })
  void groupsOfAnExpressionMakeThePath(String asked, String expected) {
    Pattern pattern = Pattern.compile("/something(/|$)(.*)");
    assertThat(new Rewrite(new OfPath.Groups(pattern, "/$2"), null).of(asked)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "/foo, /, /foo, /",
    "/foo, /, /foo/, /",
    "/foo, /, /foo/bar, /bar",
    "/foo, /x, /foo/bar, /x/bar",
    "/foo/, /x/, /foo, /x",
    "/, /x, /bar, /x/bar",
  })
  void aPrefixIsReplaced(String from, String to, String asked, String expected) {
    assertThat(new Rewrite(new OfPath.Prefix(from, to), null).of(asked)).isEqualTo(expected);
  }

  @Test
  void aPathStaysAsItWasSent() {
    assertThat(Rewrite.KEEP.of("/a")).isNull();
    assertThat(new Rewrite(new OfPath.Whole("/b"), null).of("/a")).isEqualTo("/b");
  }
}
