package dev.tiphys.monitoring.program;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/// How a program is run.
///
/// @param name what it is called in logs, and its files are named after
/// @param words the program and its arguments
/// @param directory where it works, which no other program of this name does
/// @param user the words that run it as the user that it is to run as, asked before each run
public record CommandLine(
    String name, List<String> words, Path directory, UnaryOperator<List<String>> user) {

  private static final int TAIL = 4_096;
  private static final int LONGEST = 512;

  public CommandLine {
    words = List.copyOf(words);
  }

  /// One that runs as the user of this process.
  public CommandLine(String name, List<String> words, Path directory) {
    this(name, words, directory, UnaryOperator.identity());
  }

  Path log() {
    return directory.resolve(name + ".log");
  }

  Path previousLog() {
    return directory.resolve(name + ".log.previous");
  }

  Path pid() {
    return directory.resolve(name + ".pid");
  }

  /// What it printed last: that is what it ended of, most often.
  String lastWords() {
    try {
      byte[] all = Files.readAllBytes(log());
      int from = Math.max(0, all.length - TAIL);
      String tail = new String(all, from, all.length - from, StandardCharsets.UTF_8).strip();
      String last = tail.substring(tail.lastIndexOf('\n') + 1);
      return last.isEmpty()
          ? "it ended without a word"
          : last.substring(0, Math.min(last.length(), LONGEST));
    } catch (IOException e) {
      return "its log cannot be read: " + e.getMessage();
    }
  }
}
