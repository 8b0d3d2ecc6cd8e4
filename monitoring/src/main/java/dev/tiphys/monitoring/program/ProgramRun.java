package dev.tiphys.monitoring.program;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What came of a program that ends by itself, soon.
///
/// @param status 0 if it did what it was to do
/// @param out what it printed
/// @param err what it complained of
public record ProgramRun(int status, String out, String err) {

  private static final long LONGEST_SECONDS = 60;

  /// Runs a program, and waits for its end; one that does not end is ended.
  public static ProgramRun of(List<String> words) throws InterruptedException {
    return in(null, words);
  }

  /// As [#of], in a directory; null for that of this process.
  static ProgramRun in(@Nullable Path directory, List<String> words) throws InterruptedException {
    try {
      Path out = Files.createTempFile("tiphys", ".out");
      Path err = Files.createTempFile("tiphys", ".err");
      try {
        Process process =
            new ProcessBuilder(words)
                .directory(directory == null ? null : directory.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
          if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
            return new ProgramRun(-1, "", words.getFirst() + " did not end");
          }
        } finally {
          process.destroyForcibly();
        }
        return new ProgramRun(process.exitValue(), text(out), text(err));
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      return new ProgramRun(-1, "", words.getFirst() + " cannot be run: " + e.getMessage());
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
