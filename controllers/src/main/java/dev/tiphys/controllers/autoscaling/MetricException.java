package dev.tiphys.controllers.autoscaling;

/// Why a metric proposes no size. The message is upstream's.
final class MetricException extends Exception {

  private static final long serialVersionUID = 1;

  private final boolean ofSpec;

  MetricException(String message) {
    this(message, false);
  }

  private MetricException(String message, boolean ofSpec) {
    super(message);
    this.ofSpec = ofSpec;
  }

  /// One whose cause is what the autoscaler asks for.
  static MetricException ofSpec(String message) {
    return new MetricException(message, true);
  }

  boolean isOfSpec() {
    return ofSpec;
  }

  String message() {
    return String.valueOf(getMessage());
  }

  /// The same with what was tried in front.
  MetricException during(String attempt) {
    return new MetricException(attempt + ": " + message(), ofSpec);
  }
}
