package dev.tiphys.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A program that is run to its end. It knows of no cluster but those it is told of: not of that of
/// the user who runs the tests.
final class Command {

  private static final String KUBECONFIG = "KUBECONFIG";

  private static final Duration LONGEST = Duration.ofMinutes(3);

  private final List<String> words = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();
  private String input = "";

  /// How a program ended, and what it printed.
  record Result(int exit, String out, String err) {
    /// What it printed, if it ended well.
    String ok() {
      if (exit != 0) {
        throw new AssertionError("exit code " + exit + "\n" + out + "\n" + err);
      }
      return out;
    }
  }

  Command(String... words) {
    this.words.addAll(List.of(words));
  }

  /// Adds a word.
  Command and(String word) {
    words.add(word);
    return this;
  }

  /// The words, for a caller that starts the program itself.
  List<String> words() {
    List<String> all = new ArrayList<>(List.of("env", "-u", KUBECONFIG));
    environment.forEach((name, value) -> all.add(name + "=" + value));
    all.addAll(words);
    return all;
  }

  Command with(String name, String value) {
    environment.put(name, value);
    return this;
  }

  Command reading(String text) {
    input = text;
    return this;
  }

  Result run() {
    try {
      Path out = Files.createTempFile("command", ".out");
      Path err = Files.createTempFile("command", ".err");
      try {
        ProcessBuilder builder =
            new ProcessBuilder(words).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().remove(KUBECONFIG);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError(
              String.join(" ", words)
                  + " did not end\n"
                  + Files.readString(out)
                  + Files.readString(err));
        }
        return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      throw new AssertionError(String.join(" ", words), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
