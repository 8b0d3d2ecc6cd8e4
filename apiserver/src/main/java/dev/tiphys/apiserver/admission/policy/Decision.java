package dev.tiphys.apiserver.admission.policy;

import dev.tiphys.object.api.Reason;

/// That something is wrong with a request, by one validation of a policy.
///
/// @param index which of the policy's validations says it
/// @param message what is wrong
/// @param reason of a refusal
record Decision(int index, String message, Reason reason) {

  /// A validation that could not be evaluated.
  static Decision failed(int index, String problem) {
    return new Decision(index, problem, Reason.INVALID);
  }
}
