package dev.tiphys.delivery.measuring.providers;

import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import java.nio.charset.StandardCharsets;

/// What a program answered.
///
/// @param body as text
record Answer(int status, String body) {

  private static final int OK = 200;
  private static final int REDIRECTION = 300;

  /// The body as a tree.
  ///
  /// @throws EncodingException if it is no JSON
  Object json() {
    return Json.parse(body.getBytes(StandardCharsets.UTF_8));
  }

  boolean isSuccess() {
    return status >= OK && status < REDIRECTION;
  }
}
