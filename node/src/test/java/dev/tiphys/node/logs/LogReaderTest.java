package dev.tiphys.node.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.world.Task;
import dev.tiphys.world.VirtualWorld;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogReaderTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final VirtualWorld world = new VirtualWorld(1);
  private final StringBuilder output = new StringBuilder();
  private volatile boolean running = true;
  private int flushes;
  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = directory.resolve("0.log");
  }

  @Test
  void everythingIsRead() throws Exception {
    write(line(0, "stdout F one"), line(1, "stderr F two"));

    assertThat(read(LogOptions.ALL)).isEqualTo("one\ntwo\n");
  }

  @Test
  void partsOfALineBecomeOne() throws Exception {
    write(line(0, "stdout P one "), line(1, "stdout P two "), line(2, "stdout F three"));

    assertThat(read(LogOptions.ALL)).isEqualTo("one two three\n");
    assertThat(read(LogOptions.ALL.withTimestamps()))
        .isEqualTo("2026-01-01T00:00:00.000000000Z one two three\n");
  }

  @Test
  void oneStreamCanBeReadAlone() throws Exception {
    write(line(0, "stdout F one"), line(1, "stderr F two"));

    assertThat(read(LogOptions.ALL.only(LogStream.STDERR))).isEqualTo("two\n");
  }

  @Test
  void theLastLinesAreFoundFromTheEnd() throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      lines.append(line(i, "stdout F line " + i));
    }
    write(lines.toString());

    assertThat(read(LogOptions.ALL.withTail(2))).isEqualTo("line 9998\nline 9999\n");
    assertThat(read(LogOptions.ALL.withTail(5_000)).lines()).hasSize(5_000);
    assertThat(read(LogOptions.ALL.withTail(20_000)).lines()).hasSize(10_000);
    assertThat(read(LogOptions.ALL.withTail(0))).isEmpty();
  }

  @Test
  void olderLinesAreLeftOut() throws Exception {
    write(line(0, "stdout F one"), line(1, "stdout F two"), line(2, "stdout F three"));

    assertThat(read(LogOptions.ALL.withSince(START.plusSeconds(1)))).isEqualTo("two\nthree\n");
  }

  @Test
  void theLimitCutsTheVeryByte() throws Exception {
    write(line(0, "stdout F one"), line(1, "stdout F two"));

    assertThat(read(LogOptions.ALL.withLimit(6))).isEqualTo("one\ntw");
    assertThat(read(LogOptions.ALL.withLimit(0))).isEmpty();
    assertThat(read(LogOptions.ALL.withTimestamps().withLimit(4))).isEqualTo("2026");
  }

  @Test
  void damagedLinesAreLeftOut() throws Exception {
    write(line(0, "stdout F one"), "garbage\n", line(1, "stdout F two"));

    assertThat(read(LogOptions.ALL)).isEqualTo("one\ntwo\n");
  }

  @Test
  void aFileThatIsNotThereIsAnError() {
    assertThatThrownBy(() -> read(LogOptions.ALL)).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void whoFollowsGetsWhatComes() throws Exception {
    write(line(0, "stdout F one"));
    Task following = follow(LogOptions.ALL.following());
    world.settle();
    assertThat(output).hasToString("one\n");

    append(line(1, "stdout F two"));
    world.advance(Duration.ofMillis(200));

    assertThat(output).hasToString("one\ntwo\n");
    assertThat(flushes).isGreaterThanOrEqualTo(2);
    assertThat(following.done()).isFalse();
  }

  @Test
  void halfALineWaitsForItsRest() throws Exception {
    write(line(0, "stdout F one"), "2026-01-01T00:00:01Z stdo");
    follow(LogOptions.ALL.following());
    world.settle();
    assertThat(output).hasToString("one\n");

    append("ut F two\n");
    world.advance(Duration.ofMillis(200));

    assertThat(output).hasToString("one\ntwo\n");
  }

  @Test
  void followingEndsWithTheContainerAndMissesNothing() throws Exception {
    write(line(0, "stdout F one"));
    Task following = follow(LogOptions.ALL.following());
    world.settle();

    append(line(1, "stdout F last words"));
    running = false;
    world.advance(Duration.ofMillis(200));

    assertThat(output).hasToString("one\nlast words\n");
    assertThat(following.done()).isTrue();
  }

  @Test
  void followingGoesOnInTheNextFile() throws Exception {
    write(line(0, "stdout F one"));
    follow(LogOptions.ALL.following());
    world.settle();

    Files.move(file, directory.resolve("0.log.20260101-000000"));
    world.advance(Duration.ofMillis(200));
    Files.writeString(
        directory.resolve("0.log.20260101-000000"),
        line(1, "stdout F two"),
        StandardOpenOption.APPEND);
    write(line(2, "stdout F three"));
    world.advance(Duration.ofMillis(200));

    assertThat(output).hasToString("one\ntwo\nthree\n");
  }

  @Test
  void followingEndsAtTheLimit() throws Exception {
    write(line(0, "stdout F one"));
    Task following = follow(LogOptions.ALL.following().withLimit(5));
    world.settle();

    append(line(1, "stdout F two"));
    world.advance(Duration.ofMillis(200));

    assertThat(output).hasToString("one\nt");
    assertThat(following.done()).isTrue();
  }

  @Test
  void followingCanBeInterrupted() throws Exception {
    write(line(0, "stdout F one"));
    Task following = follow(LogOptions.ALL.following());
    world.settle();

    following.interrupt();
    world.settle();

    assertThat(following.done()).isTrue();
  }

  @Test
  void aSinkThatIsCutEndsTheReading() throws Exception {
    write(line(0, "stdout F one"), line(1, "stdout F two"));
    LogSink cut =
        new LogSink() {
          @Override
          public void write(LogStream stream, byte[] bytes) throws IOException {
            throw new IOException("the reader has gone");
          }

          @Override
          public void flush() {}
        };

    assertThatThrownBy(() -> new LogReader(world).read(file, LogOptions.ALL, () -> true, cut))
        .hasMessage("the reader has gone");
  }

  private String read(LogOptions options) throws Exception {
    output.setLength(0);
    new LogReader(world).read(file, options, () -> running, sink());
    return output.toString();
  }

  private Task follow(LogOptions options) {
    return world.start(
        "following",
        () -> {
          try {
            new LogReader(world).read(file, options, () -> running, sink());
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          } catch (InterruptedException _) {
            output.append("interrupted");
          }
        });
  }

  private LogSink sink() {
    return new LogSink() {
      @Override
      public void write(LogStream stream, byte[] bytes) {
        output.append(new String(bytes, StandardCharsets.UTF_8));
      }

      @Override
      public void flush() {
        flushes++;
      }
    };
  }

  private void write(String... lines) throws IOException {
    Files.writeString(file, String.join("", lines));
  }

  private void append(String line) throws IOException {
    Files.writeString(file, line, StandardOpenOption.APPEND);
  }

  private static String line(int second, String rest) {
    return START.plusSeconds(second) + " " + rest + "\n";
  }
}
