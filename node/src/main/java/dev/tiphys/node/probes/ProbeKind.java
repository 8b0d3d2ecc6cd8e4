package dev.tiphys.node.probes;

import dev.tiphys.object.Struct;

/// What a probe is for.
enum ProbeKind {
  STARTUP("startupProbe", "Startup"),
  LIVENESS("livenessProbe", "Liveness"),
  READINESS("readinessProbe", "Readiness");

  private final String field;
  private final String word;

  ProbeKind(String field, String word) {
    this.field = field;
    this.word = word;
  }

  /// Where it stands in a container's spec.
  String field() {
    return field;
  }

  /// How events call it.
  String word() {
    return word;
  }

  /// What is believed before the first answer: what the API knows of the container, if an agent
  /// before this one told it. So no container becomes unready because an agent starts anew.
  ///
  /// @param known the container's status; empty if the API does not know it
  boolean healthyAtFirst(Struct known) {
    return switch (this) {
      case STARTUP -> known.bool("started");
      case LIVENESS -> true;
      case READINESS -> known.bool("ready");
    };
  }
}
