package dev.tiphys.apiserver.http.query;

import dev.tiphys.apiserver.registry.ListQuery.Version;
import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import java.time.Duration;

/// The parameter `at`, by which objects and lists are read as they were: at a revision (`at=4711`),
/// at a time (`at=2026-01-01T12:00:00Z`), or some time ago (`at=-5m`). Upstream does not have it.
public final class PastParameter {

  static final String NAME = "at";

  private PastParameter() {}

  /// The state that is asked for.
  ///
  /// @throws ApiException `BAD_REQUEST` if it is none of the three
  static Version version(Parameters parameters) {
    return version(parameters.text(NAME));
  }

  /// The state that a text asks for.
  ///
  /// @throws ApiException `BAD_REQUEST` if it is none of the three
  public static Version version(String text) {
    try {
      if (text.matches("[0-9]{1,18}")) {
        return new Version.Exactly(Long.parseLong(text));
      }
      if (text.startsWith("-")) {
        Duration span = GoDuration.parse(text.substring(1));
        if (!span.isNegative()) {
          return new Version.Ago(span);
        }
      } else if (!text.isEmpty()) {
        return new Version.At(Timestamps.parse(text));
      }
    } catch (IllegalArgumentException e) {
      // said below, with what would be right
    }
    throw ApiException.badRequest(
        "invalid at: \""
            + text
            + "\" is no revision, no time such as 2026-01-01T12:00:00Z, and no span such as -5m");
  }
}
