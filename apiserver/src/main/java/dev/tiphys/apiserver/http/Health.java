package dev.tiphys.apiserver.http;

import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.HealthChecks;
import dev.tiphys.object.encoding.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/// Whether the server is well, check by check: `/livez`, `/readyz` and `/healthz`.
///
/// Threads: checks are added while the server is put together, then asked by any.
public final class Health {

  private static final BooleanSupplier HOLDS = () -> true;

  private final Map<String, BooleanSupplier> checks = new LinkedHashMap<>();
  private final Map<String, BooleanSupplier> beyondLife = new LinkedHashMap<>();
  private final Map<String, BooleanSupplier> readiness = new LinkedHashMap<>();
  private final HealthChecks ended = new HealthChecks();

  /// Health with the checks that hold as long as the server can answer at all: upstream's names for
  /// them, which probes ask for one by one.
  public Health() {
    check("ping", HOLDS);
    check("log", HOLDS);
    readyCheck("informer-sync", HOLDS); // nothing is read from copies that would have to be filled
    readyCheck("shutdown", HOLDS);
  }

  /// What a request for health is answered.
  ///
  /// @param status 200, or 500 if a check failed, or 404 if there is no such check
  public record Answer(int status, String text) {}

  /// Adds a check of whether the server lives.
  public Health check(String name, BooleanSupplier check) {
    checks.put(name, check);
    return this;
  }

  /// Adds a check of what a restart would not mend: `/livez` does not look at it.
  public Health checkBeyondLife(String name, BooleanSupplier check) {
    beyondLife.put(name, check);
    return this;
  }

  /// Adds a check of whether the server is ready to serve.
  public Health readyCheck(String name, BooleanSupplier check) {
    readiness.put(name, check);
    return this;
  }

  /// @param endpoint `livez`, `readyz` or `healthz`
  /// @param one the only check that is asked for; empty for all
  public Answer answer(String endpoint, String one, boolean verbose, List<String> excluded) {
    Map<String, BooleanSupplier> asked = new LinkedHashMap<>(checks);
    if (!endpoint.equals("livez")) {
      asked.putAll(beyondLife);
    }
    if (endpoint.equals("readyz")) {
      asked.putAll(readiness);
    }
    if (!one.isEmpty()) {
      BooleanSupplier check = asked.get(one);
      if (check == null) {
        return new Answer(404, "404 page not found\n");
      }
      return check.getAsBoolean()
          ? new Answer(200, "ok")
          : new Answer(500, "internal server error: " + one + " failed\n");
    }
    StringBuilder text = new StringBuilder();
    List<String> failed = new ArrayList<>();
    List<String> unknown = excluded.stream().filter(name -> !asked.containsKey(name)).toList();
    asked.forEach(
        (name, check) -> {
          if (excluded.contains(name)) {
            text.append("[+]").append(name).append(" excluded: ok\n");
            return;
          }
          boolean holds = check.getAsBoolean();
          ended.ended(name, endpoint, holds);
          if (holds) {
            text.append("[+]").append(name).append(" ok\n");
          } else {
            failed.add(name);
            text.append("[-]").append(name).append(" failed: reason withheld\n");
          }
        });
    if (!unknown.isEmpty()) {
      text.append("warn: some health checks cannot be excluded: no matches for ")
          .append(unknown.stream().map(Json::text).collect(Collectors.joining(",")))
          .append('\n');
    }
    if (!failed.isEmpty()) {
      return new Answer(500, text + endpoint + " check failed\n");
    }
    return new Answer(200, verbose ? text + endpoint + " check passed\n" : "ok");
  }

  /// Tells how the checks have ended that were not asked for one by one.
  public void write(Exposition out) {
    ended.write(out);
  }

  /// Whether every check of `/readyz` passes.
  public boolean isReady() {
    return answer("readyz", "", false, List.of()).status == 200;
  }
}
