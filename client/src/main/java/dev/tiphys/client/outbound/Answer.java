package dev.tiphys.client.outbound;

import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;

/// What a program answered.
///
/// @param body as text
public record Answer(int status, HttpHeaders headers, String body) {

  private static final int OK = 200;
  private static final int REDIRECTION = 300;

  /// The body as a tree.
  ///
  /// @throws EncodingException if it is no JSON
  public Object json() {
    return Json.parse(body.getBytes(StandardCharsets.UTF_8));
  }

  public boolean isSuccess() {
    return status >= OK && status < REDIRECTION;
  }

  /// Without the content, which may hold secrets.
  @Override
  public String toString() {
    return status + ", " + body.length() + " characters";
  }
}
