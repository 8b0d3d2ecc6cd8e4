package dev.tiphys.monitoring.state.families;

import org.jspecify.annotations.Nullable;

/// What amounts of a resource are counted in.
enum Unit {
  CORE("core"),
  BYTE("byte"),
  PODS("integer"),
  INTEGER("integer");

  private final String text;

  Unit(String text) {
    this.text = text;
  }

  /// As the label `unit` has it.
  String text() {
    return text;
  }

  /// The unit of a resource; null for one that is not told of.
  static @Nullable Unit of(String resource) {
    return switch (resource) {
      case "cpu" -> CORE;
      case "memory", "storage", "ephemeral-storage" -> BYTE;
      case "pods" -> PODS;
      default -> {
        if (resource.startsWith("hugepages-") || resource.startsWith("attachable-volumes-")) {
          yield BYTE;
        }
        // what vendors of devices name: it has a domain, and it is not one of the project's own
        boolean extended =
            resource.contains("/")
                && !resource.contains("kubernetes.io/")
                && !resource.startsWith("requests.");
        yield extended ? INTEGER : null;
      }
    };
  }
}
