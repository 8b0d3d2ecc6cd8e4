package dev.tiphys.delivery.model;

import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;

/// Requests that the API will answer in the same way again.
public final class Refusal {

  private Refusal() {}

  /// Throws what may be over when the request is sent again: what was lost on the way, or was
  /// decided on an old state. What is left is an answer.
  public static void orThrow(ApiException e) {
    if (!e.is(
        Reason.INVALID,
        Reason.BAD_REQUEST,
        Reason.FORBIDDEN,
        Reason.NOT_FOUND,
        Reason.ALREADY_EXISTS)) {
      throw e;
    }
  }
}
