package dev.tiphys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LineLogsTest {

  private final System.Logger logger =
      new LineLogs().getLogger("dev.tiphys.store.Journal", LineLogsTest.class.getModule());

  static Stream<Arguments> messages() {
    Object unprintable =
        new Object() {
          @Override
          public String toString() {
            throw new IllegalStateException("no text");
          }
        };
    return Stream.of(
        line(log -> log.log(Level.INFO, "it can be written again"), "it can be written again"),
        line(
            log -> log.log(Level.WARNING, "free={0} file={1}", 1234567, "a"),
            "free=1234567 file=a"),
        line(log -> log.log(Level.INFO, "it's {0}", "so"), "it's so"),
        line(log -> log.log(Level.INFO, "{0} {1}", "{1}", "b"), "{1} b"),
        line(log -> log.log(Level.INFO, "{0} {1}", "a"), "a {1}"),
        line(log -> log.log(Level.INFO, "{0} { {x}", (Object) null), "null { {x}"),
        line(log -> log.log(Level.INFO, (String) null), "null"),
        line(log -> log.log(Level.INFO, "{0}", (Object[]) null), "{0}"),
        line(log -> log.log(Level.INFO, "error={0}", "first\nsecond"), "error=first\\nsecond"),
        line(
            log -> log.log(Level.INFO, "{0}", unprintable),
            "(cannot be shown: java.lang.IllegalStateException: no text)"),
        line(log -> log.log(Level.INFO, () -> "made late"), "made late"));
  }

  private static Arguments line(Consumer<System.Logger> log, String text) {
    return Arguments.of(log, text);
  }

  @ParameterizedTest
  @MethodSource("messages")
  void aMessageIsOneLine(Consumer<System.Logger> log, String text) {
    String written = writtenBy(log);

    assertThat(written).matches("(?s)\\d\\d:\\d\\d:\\d\\d\\.\\d{3} [IW] Journal: .*\n");
    assertThat(written).endsWith(" Journal: " + text + "\n");
  }

  @Test
  void whatWasThrownFollowsTheMessage() {
    String written =
        writtenBy(log -> log.log(Level.ERROR, "it broke", new IllegalStateException("why")));

    assertThat(List.of(written.split("\n")).get(0)).endsWith(" E Journal: it broke");
    assertThat(written).contains("java.lang.IllegalStateException: why", "\tat ");
  }

  @Test
  void whatIsLessSevereThanInfoIsNotWritten() {
    assertThat(writtenBy(log -> log.log(Level.DEBUG, "detail"))).isEmpty();
  }

  private String writtenBy(Consumer<System.Logger> log) {
    PrintStream before = System.err;
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    try {
      log.accept(logger);
    } finally {
      System.setErr(before);
    }
    return written.toString(StandardCharsets.UTF_8);
  }
}
