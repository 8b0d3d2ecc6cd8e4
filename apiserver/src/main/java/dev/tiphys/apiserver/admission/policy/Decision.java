package dev.tiphys.apiserver.admission.policy;

import dev.tiphys.object.api.Reason;

/// That something is wrong with a request, or can't be told, by one validation of a policy.
///
/// @param index which of the policy's validations says it
/// @param message what is wrong
/// @param reason of a refusal
/// @param failed whether it can't be told
/// @param span how long finding out took, in nanoseconds
record Decision(int index, String message, Reason reason, boolean failed, long span) {

  /// A validation that could not be evaluated.
  static Decision failed(int index, String problem, long span) {
    return new Decision(index, problem, Reason.INVALID, true, span);
  }

  /// Why it can't be told; empty if it can.
  String problem() {
    return failed ? message : "";
  }
}
