package dev.tiphys.metrics;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// How checks of a program's health ended, under the names that upstream's programs tell at
/// `/metrics/slis`.
///
/// Threads: any.
public final class HealthChecks {

  private static final GaugeFamily LAST =
      new GaugeFamily(
          "kubernetes_healthcheck", "Whether a check held when it was made last.", "name", "type");

  private final CounterFamily all =
      new CounterFamily(
          "kubernetes_healthchecks_total", "How checks ended.", "name", "status", "type");
  private final Map<List<String>, Integer> last = new ConcurrentHashMap<>();

  /// Notes how one ended.
  ///
  /// @param type the page that it was made for: `healthz`, `livez` or `readyz`
  public void ended(String name, String type, boolean held) {
    last.put(List.of(name, type), held ? 1 : 0);
    all.count(name, held ? "success" : "error", type);
  }

  /// Writes all that were made.
  public void write(Exposition out) {
    LAST.write(out, last);
    all.write(out);
  }
}
