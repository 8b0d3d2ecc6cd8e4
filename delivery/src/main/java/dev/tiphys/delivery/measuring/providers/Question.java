package dev.tiphys.delivery.measuring.providers;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A request that measures.
///
/// @param headers names and values, in order
/// @param body empty if there is none
/// @param insecure whether any certificate will do
/// @param timeout how long the whole answer may take
record Question(
    String method,
    URI uri,
    List<Map.Entry<String, String>> headers,
    String body,
    boolean insecure,
    Duration timeout) {

  Question {
    headers = List.copyOf(headers);
  }
}
