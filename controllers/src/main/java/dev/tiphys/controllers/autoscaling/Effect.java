package dev.tiphys.controllers.autoscaling;

/// What came of a look at an autoscaler or a metric, in the words of [AutoscalerMetrics].
///
/// Threads: one.
final class Effect {

  private static final String NONE = "none";

  private String action = NONE;
  private String error = NONE;

  /// One size follows from another.
  Effect scaled(long before, long after) {
    action = after > before ? "scale_up" : after < before ? "scale_down" : NONE;
    return this;
  }

  /// It failed. The first cause counts.
  ///
  /// @param isAsked whether for what is asked, and not for what was found
  Effect failed(boolean isAsked) {
    if (error.equals(NONE)) {
      error = isAsked ? "spec" : "internal";
    }
    return this;
  }

  String action() {
    return action;
  }

  String error() {
    return error;
  }
}
