package dev.tiphys.apiserver.admission.webhook;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What came of asking a webhook.
///
/// @param verdict what it says of the request
/// @param warnings for the client
/// @param annotations for the audit log
record Reply(Verdict verdict, List<String> warnings, Struct annotations) {

  /// What a webhook says of a request.
  sealed interface Verdict {}

  /// @param patch operations on the object; null for none
  record Allowed(@Nullable List<?> patch) implements Verdict {}

  /// @param refusal what the client is told
  record Denied(ApiException refusal) implements Verdict {}

  /// It could not be asked, or gave no answer that can be used: its failure policy decides.
  ///
  /// @param code the status that counts as its answer
  record Failed(String reason, int code) implements Verdict {}

  /// It must not be asked, or what it wants can't be done: the request is refused, whatever the
  /// failure policy.
  record Unusable(ApiException refusal) implements Verdict {}

  static Reply failed(String reason, int code) {
    return new Reply(new Failed(reason, code), List.of(), Struct.EMPTY);
  }

  static Reply unusable(ApiException refusal) {
    return new Reply(new Unusable(refusal), List.of(), Struct.EMPTY);
  }
}
