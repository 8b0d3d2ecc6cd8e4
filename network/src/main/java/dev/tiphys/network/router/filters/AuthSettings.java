package dev.tiphys.network.router.filters;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How another server is asked whether a request may go on. Texts may name nginx' variables.
///
/// @param url what is asked
/// @param method with which it is asked; empty for GET
/// @param signIn where a client is sent that it does not know; null for an answer of 401
/// @param passed the headers of its answer that the backend is told
/// @param cacheKey by what answers are remembered; empty for never
/// @param remembered how long, by their statuses
public record AuthSettings(
    String url,
    String method,
    @Nullable String signIn,
    List<String> passed,
    String cacheKey,
    Map<Integer, Duration> remembered) {

  public AuthSettings {
    passed = List.copyOf(passed);
    remembered = Map.copyOf(remembered);
  }
}
