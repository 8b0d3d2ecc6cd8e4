package dev.tiphys.monitoring.query;

import dev.tiphys.object.Struct;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Queries of a Prometheus, over its HTTP API (`/api/v1`).
///
/// Threads: any, if the way to it allows that.
///
/// @param way how it is reached
public record PrometheusQueries(Way way) {

  private static final String API = "/api/v1/";

  /// How a Prometheus is reached.
  @FunctionalInterface
  public interface Way {

    /// The body of an answer, whatever its status is.
    ///
    /// @param path with its query, behind the address of Prometheus: `/api/v1/query?query=up`
    /// @throws QueryException if there is no answer
    Struct ask(String path) throws QueryException, InterruptedException;
  }

  /// @param time at which it is evaluated; now if there is none
  public QueryResult instant(String expression, Optional<Instant> time)
      throws QueryException, InterruptedException {
    String at = time.map(moment -> "&time=" + seconds(moment)).orElse("");
    return result(ask("query?query=" + encoded(expression) + at));
  }

  /// Evaluated at the beginning, and then once in a step until the end.
  public QueryResult range(String expression, Instant begin, Instant end, Duration step)
      throws QueryException, InterruptedException {
    return result(
        ask(
            "query_range?query=%s&start=%s&end=%s&step=%s"
                .formatted(
                    encoded(expression),
                    seconds(begin),
                    seconds(end),
                    "%.3f".formatted(step.toMillis() / 1e3))));
  }

  /// The labels of the series that are selected by any of the selectors, in a span of time.
  public List<Struct> series(List<String> selectors, Instant begin, Instant end)
      throws QueryException, InterruptedException {
    String matches =
        selectors.stream()
            .map(selector -> "match%5B%5D=" + encoded(selector))
            .collect(Collectors.joining("&"));
    return ask("series?" + matches + "&start=" + seconds(begin) + "&end=" + seconds(end))
        .structs("data");
  }

  /// What is scraped now, as `/api/v1/targets` tells it.
  public List<Struct> activeTargets() throws QueryException, InterruptedException {
    return ask("targets?state=active").structs("data", "activeTargets");
  }

  private Struct ask(String path) throws QueryException, InterruptedException {
    Struct body = way.ask(API + path);
    if (!body.string("status").equals("success")) {
      throw new QueryException(body.string("errorType"), body.string("error"));
    }
    return body;
  }

  private static QueryResult result(Struct body) throws QueryException {
    Struct data = body.struct("data");
    String type = data.string("resultType");
    List<Series> series = new ArrayList<>();
    String text = "";
    switch (type) {
      case "vector" -> {
        for (Struct one : data.structs("result")) {
          series.add(
              new Series(one.struct("metric"), List.of(Series.Sample.of(one.list("value")))));
        }
      }
      case "matrix" -> {
        for (Struct one : data.structs("result")) {
          series.add(new Series(one.struct("metric"), samples(one.list("values"))));
        }
      }
      case "scalar" ->
          series.add(new Series(Struct.EMPTY, List.of(Series.Sample.of(data.list("result")))));
      case "string" -> text = String.valueOf(data.list("result").getLast());
      default -> throw new QueryException("", "Prometheus answered with a result of type " + type);
    }
    return new QueryResult(type, series, text, body.strings("warnings"));
  }

  private static List<Series.Sample> samples(List<?> values) throws QueryException {
    List<Series.Sample> samples = new ArrayList<>();
    for (Object value : values) {
      samples.add(Series.Sample.of(value instanceof List<?> pair ? pair : List.of()));
    }
    return samples;
  }

  private static String seconds(Instant moment) {
    return "%d.%03d".formatted(moment.getEpochSecond(), moment.getNano() / 1_000_000);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
