package dev.tiphys.node.probes;

/// What came of a probe.
///
/// @param message what a failure's event says
record Answer(Verdict verdict, String message) {
  enum Verdict {
    SUCCESS,
    FAILURE,
    /// It could not be asked. Nothing follows from that.
    UNKNOWN
  }

  static Answer success(String message) {
    return new Answer(Verdict.SUCCESS, message);
  }

  static Answer failure(String message) {
    return new Answer(Verdict.FAILURE, message);
  }

  static Answer unknown(String message) {
    return new Answer(Verdict.UNKNOWN, message);
  }
}
