package dev.tiphys.monitoring.prometheus;

import dev.tiphys.monitoring.config.Configuration;
import dev.tiphys.monitoring.model.Monitor;
import dev.tiphys.monitoring.selection.RejectedException;
import dev.tiphys.monitoring.server.ConfigurationFiles;
import dev.tiphys.object.Struct;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Finds out which objects a configuration is refused for: it is halved until each half is taken,
/// or is a single object. That costs as many checks as there are objects to blame, times the
/// logarithm of how many there are; an object that was to blame once is not asked about again until
/// it brings something else.
///
/// Threads: one at a time.
final class Narrowing {

  private final PrometheusProgram program;
  private Map<List<Struct>, String> refused = new HashMap<>();

  Narrowing(PrometheusProgram program) {
    this.program = program;
  }

  /// Those of which it is known from before that they are not taken, and why. What is known of
  /// others is forgotten.
  Map<Monitor.Id, String> known(List<Monitor> all, Configuration configuration)
      throws RejectedException {
    Map<List<Struct>, String> still = new HashMap<>();
    Map<Monitor.Id, String> found = new HashMap<>();
    for (Monitor each : all) {
      List<Struct> part = configuration.partOf(each);
      String why = refused.get(part);
      if (why != null) {
        still.put(part, why);
        found.put(each.id(), why);
      }
    }
    refused = still;
    return found;
  }

  /// Finds out which of them are not taken, and why. None are where the fault is in what is there
  /// without them.
  Map<Monitor.Id, String> find(
      List<Monitor> all, Configuration configuration, ConfigurationFiles files)
      throws RejectedException, InterruptedException {
    Map<Monitor.Id, String> found = new HashMap<>();
    if (!program.check(files.prepare(configuration.of(List.of()))).isEmpty()) {
      return found;
    }
    halve(all, configuration, files, found);
    for (Monitor each : all) {
      String why = found.get(each.id());
      if (why != null) {
        refused.put(configuration.partOf(each), why);
      }
    }
    return found;
  }

  private void halve(
      List<Monitor> some,
      Configuration configuration,
      ConfigurationFiles files,
      Map<Monitor.Id, String> found)
      throws RejectedException, InterruptedException {
    if (some.isEmpty()) {
      return;
    }
    String why = program.check(files.prepare(configuration.of(some)));
    if (why.isEmpty()) {
      return;
    }
    if (some.size() == 1) {
      found.put(some.getFirst().id(), why);
      return;
    }
    int middle = some.size() / 2;
    halve(some.subList(0, middle), configuration, files, found);
    halve(some.subList(middle, some.size()), configuration, files, found);
  }
}
