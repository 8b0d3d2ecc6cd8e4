package dev.tiphys.client.outbound;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A request.
///
/// @param headers names and values, in order
/// @param body empty if there is none
/// @param trust which servers may answer it
/// @param redirects whether redirections are followed: a few, and never from TLS to none
/// @param timeout how long the whole answer may take
public record Question(
    String method,
    URI uri,
    List<Map.Entry<String, String>> headers,
    String body,
    Trust trust,
    boolean redirects,
    Duration timeout) {

  public Question {
    headers = List.copyOf(headers);
  }

  /// Without headers and content, which may hold secrets.
  @Override
  public String toString() {
    return method + " " + uri;
  }
}
