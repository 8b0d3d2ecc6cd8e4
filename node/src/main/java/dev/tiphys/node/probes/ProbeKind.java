package dev.tiphys.node.probes;

/// What a probe is for.
enum ProbeKind {
  STARTUP("startupProbe", "Startup", false),
  LIVENESS("livenessProbe", "Liveness", true),
  READINESS("readinessProbe", "Readiness", false);

  private final String field;
  private final String word;
  private final boolean healthyAtFirst;

  ProbeKind(String field, String word, boolean healthyAtFirst) {
    this.field = field;
    this.word = word;
    this.healthyAtFirst = healthyAtFirst;
  }

  /// Where it stands in a container's spec.
  String field() {
    return field;
  }

  /// How events call it.
  String word() {
    return word;
  }

  /// What is believed before the first answer.
  boolean healthyAtFirst() {
    return healthyAtFirst;
  }
}
