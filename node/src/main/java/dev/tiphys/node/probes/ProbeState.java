package dev.tiphys.node.probes;

import dev.tiphys.node.probes.Answer.Verdict;

/// What the answers to a probe amount to so far.
///
/// @param healthy what is believed of the container
/// @param last the newest answer that counts
/// @param times how often it came in a row
record ProbeState(boolean healthy, Verdict last, int times) {

  static ProbeState initial(boolean healthy) {
    return new ProbeState(healthy, Verdict.UNKNOWN, 0);
  }

  /// The state after one more answer. What is believed changes only after as many same answers in a
  /// row as its threshold says.
  ProbeState after(Verdict verdict, int successes, int failures) {
    if (verdict == Verdict.UNKNOWN) {
      return this;
    }
    int row = verdict == last ? times + 1 : 1;
    boolean success = verdict == Verdict.SUCCESS;
    boolean enough = row >= (success ? successes : failures);
    return new ProbeState(enough ? success : healthy, verdict, row);
  }
}
