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
  record Allowed(@Nullable Object patch) implements Verdict {}

  /// @param refusal what the client is told
  record Denied(ApiException refusal) implements Verdict {}

  /// It could not be asked, or gave no answer that can be used: its failure policy decides.
  record Failed(String reason) implements Verdict {}

  static Reply failed(String reason) {
    return new Reply(new Failed(reason), List.of(), Struct.EMPTY);
  }
}
