package dev.tiphys.monitoring.program;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// How a program is run.
///
/// @param name what it is called in logs, and its files are named after
/// @param words the program and its arguments, one of which has `directory` in it
/// @param directory where it works, which no other program does
public record CommandLine(String name, List<String> words, Path directory) {

  private static final int TAIL = 4_096;
  private static final int LONGEST = 512;

  public CommandLine {
    words = List.copyOf(words);
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
