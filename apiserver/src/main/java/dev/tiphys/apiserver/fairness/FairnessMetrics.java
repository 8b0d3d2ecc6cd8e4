package dev.tiphys.apiserver.fairness;

import dev.tiphys.apiserver.fairness.PriorityLevel.Dump;
import dev.tiphys.apiserver.fairness.PriorityLevel.Served;
import dev.tiphys.metrics.Exposition;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/// What priority and fairness tells in numbers.
public record FairnessMetrics(Fairness fairness) {

  private static final String PREFIX = "apiserver_flowcontrol_";

  public void write(Exposition out) {
    List<Dump> levels = fairness.dump();
    gauge(out, levels, "nominal_limit_seats", "Seats by shares.", d -> d.limits().nominal());
    gauge(out, levels, "lower_limit_seats", "Seats at least.", d -> d.limits().least());
    gauge(out, levels, "upper_limit_seats", "Seats at most.", d -> d.limits().most());
    gauge(out, levels, "current_limit_seats", "Seats now.", Dump::seats);
    gauge(out, levels, "current_executing_seats", "Seats that are taken.", Dump::seatsInUse);
    requests(out, levels, "current_inqueue_requests", "Requests that wait.", false);
    requests(out, levels, "current_executing_requests", "Requests that are served.", true);
    out.family(PREFIX + "dispatched_requests_total", "counter", "Requests that had their turn.");
    for (Dump level : levels) {
      level
          .tallies()
          .forEach(
              (schema, tally) ->
                  out.sample(
                      PREFIX + "dispatched_requests_total",
                      labels(schema, level),
                      tally.dispatchedSoFar()));
    }
    out.family(PREFIX + "rejected_requests_total", "counter", "Requests that had no turn.");
    for (Dump level : levels) {
      level
          .tallies()
          .forEach(
              (schema, tally) ->
                  tally
                      .refusedSoFar()
                      .forEach(
                          (reason, count) ->
                              out.sample(
                                  PREFIX + "rejected_requests_total",
                                  labels(schema, level) + ",reason=\"" + reason.word() + '"',
                                  count)));
    }
  }

  private static String labels(String schema, Dump level) {
    return "flow_schema=\"" + schema + "\",priority_level=\"" + level.spec().name() + '"';
  }

  private static void gauge(
      Exposition out, List<Dump> levels, String name, String help, ToDoubleFunction<Dump> value) {
    out.family(PREFIX + name, "gauge", help);
    for (Dump level : levels) {
      String label = "priority_level=\"" + level.spec().name() + '"';
      out.sample(PREFIX + name, label, value.applyAsDouble(level));
    }
  }

  private static void requests(
      Exposition out, List<Dump> levels, String name, String help, boolean executing) {
    out.family(PREFIX + name, "gauge", help);
    for (Dump level : levels) {
      Map<String, Integer> counts = new TreeMap<>();
      for (Served request : level.all()) {
        if (executing == (request.started() != null)) {
          counts.merge(request.ticket().schema(), 1, Integer::sum);
        }
      }
      counts.forEach((schema, count) -> out.sample(PREFIX + name, labels(schema, level), count));
    }
  }
}
