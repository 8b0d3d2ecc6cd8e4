package dev.tiphys.monitoring.query;

import java.util.List;

/// What a query found.
///
/// @param type `vector`, `matrix`, `scalar` or `string`
/// @param series one without labels for a scalar; none for a string
/// @param text of a string; empty otherwise
/// @param warnings what Prometheus says of the query beside
public record QueryResult(String type, List<Series> series, String text, List<String> warnings) {

  public QueryResult {
    series = List.copyOf(series);
    warnings = List.copyOf(warnings);
  }
}
