package dev.tiphys.node.server;

import java.util.List;
import java.util.Locale;

/// Which subresources of a Node a path of its agent counts as, the rights to any of which are
/// rights to the path.
final class Part {

  private static final String PROXY = "proxy";

  private Part() {}

  static List<String> of(String path) {
    String first = path.substring(1).split("/", 2)[0];
    return switch (first) {
      case "stats", "metrics" -> List.of(first);
      case "logs" -> List.of("log");
      case "checkpoint" -> List.of("checkpoint");
      // finer rights than those to everything, which came later
      case "healthz", "pods", "configz" -> List.of(first, PROXY);
      case "runningpods" -> List.of("pods", PROXY);
      default -> List.of(PROXY);
    };
  }

  /// What a method does, as the API names it.
  static String verb(String method) {
    return switch (method) {
      case "POST" -> "create";
      case "PUT" -> "update";
      default -> method.toLowerCase(Locale.ROOT);
    };
  }
}
