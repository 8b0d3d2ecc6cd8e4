package dev.tiphys.apiserver.reviews;

import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;

/// Answers the questions of one kind.
///
/// Errors: throws the `ApiException` that a client is to see.
///
/// Threads: any.
interface Review {

  /// @param namespace the namespace in the request's path; empty if there is none
  /// @param question the object that was sent, decoded
  /// @return the same object with its answer
  Struct answer(Call call, String namespace, Struct question);
}
