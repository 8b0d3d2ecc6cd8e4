package dev.tiphys.controllers.autoscaling;

/// Why a metric proposes no size. The message is upstream's.
final class MetricException extends Exception {

  private static final long serialVersionUID = 1;

  MetricException(String message) {
    super(message);
  }

  String message() {
    return String.valueOf(getMessage());
  }

  /// The same with what was tried in front.
  MetricException during(String attempt) {
    return new MetricException(attempt + ": " + message());
  }
}
