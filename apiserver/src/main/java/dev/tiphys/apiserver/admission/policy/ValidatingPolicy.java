package dev.tiphys.apiserver.admission.policy;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Reason;
import dev.tiphys.schema.expressions.Compiled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A policy that refuses requests, compiled.
///
/// @param common what all policies have
/// @param validations what must hold
/// @param annotations what the audit log is to say
record ValidatingPolicy(Policy common, List<Check> validations, List<Note> annotations) {

  /// @param condition that must hold
  /// @param telling what tells why it does not; null if nothing does
  /// @param message that tells it otherwise; may be empty
  /// @param reason of the refusal
  record Check(Compiled condition, @Nullable Compiled telling, String message, Reason reason) {}

  /// @param key of the annotation
  record Note(String key, Compiled value) {}

  static ValidatingPolicy of(Struct object) {
    Policy common = Policy.of(object);
    return new ValidatingPolicy(
        common,
        common.spec().structs("validations").stream().map(each -> check(common, each)).toList(),
        common.spec().structs("auditAnnotations").stream()
            .map(
                each ->
                    new Note(
                        each.string("key"),
                        common.compiler().annotation(each.string("valueExpression"))))
            .toList());
  }

  private static Check check(Policy common, Struct validation) {
    String telling = validation.string("messageExpression");
    String reason = validation.string("reason");
    return new Check(
        common.compiler().condition(validation.string("expression")),
        telling.isEmpty() ? null : common.compiler().message(telling),
        validation.string("message").strip(),
        reason.isEmpty() ? Reason.INVALID : Reason.of(reason));
  }
}
