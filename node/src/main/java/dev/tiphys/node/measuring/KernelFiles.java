package dev.tiphys.node.measuring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Reads files by which the kernel tells numbers. Not every machine has every one of them, and
/// those of a container go with it: what is not there says nothing.
///
/// @param root what paths are below
record KernelFiles(Path root) {

  List<String> lines(String path) {
    try {
      return Files.readAllLines(root.resolve(path));
    } catch (IOException e) {
      return List.of();
    }
  }

  /// All of a file; empty if there is nothing.
  String text(String path) {
    return String.join("\n", lines(path)).strip();
  }

  /// The number that a file consists of.
  ///
  /// @param otherwise if it has none: it is missing, or says `max`
  long number(String path, long otherwise) {
    return number(text(path).split("\\s+")[0], otherwise, 10);
  }

  /// A number, or something else where a text is none.
  static long number(String text, long otherwise, int base) {
    try {
      return Long.parseLong(text, base);
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  /// Lines of a name and a number.
  Map<String, Long> table(String path) {
    Map<String, Long> table = new TreeMap<>();
    for (String line : lines(path)) {
      String[] words = line.split("[: ]+");
      if (words.length >= 2) {
        table.put(words[0], number(words[1], 0, 10));
      }
    }
    return table;
  }
}
