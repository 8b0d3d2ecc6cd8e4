package dev.tiphys.node.containerd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What processes were started with.
final class CommandWords {

  private CommandWords() {}

  /// The words of a process' command line; none if there is no such process. One that ends while it
  /// is looked at is none, too: the kernel then fails the reading ("No such process") of a file
  /// that could be opened.
  static List<String> of(long pid) {
    try {
      return List.of(Files.readString(Path.of("/proc", Long.toString(pid), "cmdline")).split("\0"));
    } catch (IOException _) {
      return List.of();
    }
  }
}
