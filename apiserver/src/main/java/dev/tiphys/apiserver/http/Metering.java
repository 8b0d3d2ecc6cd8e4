package dev.tiphys.apiserver.http;

import dev.tiphys.client.ApiException;
import dev.tiphys.http.Body;
import dev.tiphys.world.World;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/// Counts and times requests, under upstream's names: `/metrics`.
///
/// Threads: any.
final class Metering implements ServerHandler.Page {

  /// The upper bounds of the histogram's buckets, in seconds: upstream's.
  private static final double[] BOUNDS = {
    0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30,
    45, 60
  };

  private final World world;
  private final long started;
  private final Map<Labels, Series> requests = new ConcurrentHashMap<>();
  private final Map<Timed, Histogram> durations = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> inflight = new ConcurrentHashMap<>();

  /// What requests are told apart by.
  private record Timed(
      String verb,
      String group,
      String version,
      String resource,
      String subresource,
      String scope) {

    @Override
    public String toString() {
      return "component=\"apiserver\",group=\""
          + group
          + "\",resource=\""
          + resource
          + "\",scope=\""
          + scope
          + "\",subresource=\""
          + subresource
          + "\",verb=\""
          + verb
          + "\",version=\""
          + version
          + "\"";
    }
  }

  /// What is counted by.
  private record Labels(Timed timed, int code) {}

  private record Series(LongAdder count) {}

  /// How long requests took.
  private static final class Histogram {
    final AtomicLongArray buckets = new AtomicLongArray(BOUNDS.length + 1);
    final LongAdder nanos = new LongAdder();

    void record(long span) {
      double seconds = span / 1e9;
      int bucket = 0;
      while (bucket < BOUNDS.length && seconds > BOUNDS[bucket]) {
        bucket++;
      }
      buckets.incrementAndGet(bucket);
      nanos.add(span);
    }
  }

  Metering(World world) {
    this.world = world;
    this.started = world.now().getEpochSecond();
  }

  /// Runs a request, and counts how it ended.
  void measure(String verb, RequestPath.OfResource path, Answering answering, Runnable request) {
    String scope =
        !path.name().isEmpty() ? "resource" : path.namespace().isEmpty() ? "cluster" : "namespace";
    Timed timed =
        new Timed(
            verb.equals("create") ? "POST" : word(verb),
            path.groupVersion().group(),
            path.groupVersion().version(),
            path.plural(),
            path.subresource(),
            scope);
    AtomicInteger running =
        inflight.computeIfAbsent(
            verb.equals("get") || verb.equals("list") ? "readOnly" : "mutating",
            _ -> new AtomicInteger());
    long begin = world.nanoTime();
    running.incrementAndGet();
    int refused = 0;
    try {
      request.run();
    } catch (ApiException e) {
      refused = e.code();
      throw e;
    } finally {
      running.decrementAndGet();
      durations.computeIfAbsent(timed, _ -> new Histogram()).record(world.nanoTime() - begin);
      int code = refused == 0 ? answering.status() : refused;
      requests
          .computeIfAbsent(new Labels(timed, code), _ -> new Series(new LongAdder()))
          .count
          .increment();
    }
  }

  private static String word(String verb) {
    return switch (verb) {
      case "update" -> "PUT";
      case "patch" -> "PATCH";
      case "delete" -> "DELETE";
      case "deletecollection" -> "DELETECOLLECTION";
      case "watch" -> "WATCH";
      case "list" -> "LIST";
      case "get" -> "GET";
      default -> verb;
    };
  }

  @Override
  public boolean answer(String path, Answering answering) {
    if (!path.equals("/metrics")) {
      return false;
    }
    answering.sendLarge(
        200,
        "text/plain; version=0.0.4; charset=utf-8",
        Body.of(text().getBytes(StandardCharsets.UTF_8)),
        List.of());
    return true;
  }

  private String text() {
    StringBuilder out = new StringBuilder();
    head(
        out,
        "apiserver_request_total",
        "counter",
        "Requests, by what they asked for and how they ended.");
    requests.forEach(
        (labels, series) ->
            out.append("apiserver_request_total{code=\"")
                .append(labels.code)
                .append("\",dry_run=\"\",")
                .append(labels.timed)
                .append("} ")
                .append(series.count.sum())
                .append('\n'));
    head(out, "apiserver_request_duration_seconds", "histogram", "How long requests took.");
    durations.forEach((timed, histogram) -> write(out, timed, histogram));
    head(out, "apiserver_current_inflight_requests", "gauge", "Requests that are being served.");
    inflight.forEach(
        (kind, count) ->
            out.append("apiserver_current_inflight_requests{request_kind=\"")
                .append(kind)
                .append("\"} ")
                .append(count)
                .append('\n'));
    head(out, "process_start_time_seconds", "gauge", "When the server was started.");
    out.append("process_start_time_seconds ").append(started).append('\n');
    head(out, "process_resident_memory_bytes", "gauge", "How much memory the server's heap takes.");
    Runtime runtime = Runtime.getRuntime();
    out.append("process_resident_memory_bytes ")
        .append(runtime.totalMemory() - runtime.freeMemory())
        .append('\n');
    return out.toString();
  }

  private static void head(StringBuilder out, String name, String type, String help) {
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static void write(StringBuilder out, Timed timed, Histogram histogram) {
    String name = "apiserver_request_duration_seconds";
    long count = 0;
    for (int i = 0; i < BOUNDS.length; i++) {
      count += histogram.buckets.get(i);
      out.append(name).append("_bucket{").append(timed).append(",le=\"");
      out.append(bound(BOUNDS[i])).append("\"} ").append(count).append('\n');
    }
    count += histogram.buckets.get(BOUNDS.length);
    out.append(name).append("_bucket{").append(timed).append(",le=\"+Inf\"} ").append(count);
    out.append('\n').append(name).append("_sum{").append(timed).append("} ");
    out.append(histogram.nanos.sum() / 1e9).append('\n');
    out.append(name).append("_count{").append(timed).append("} ").append(count).append('\n');
  }

  private static String bound(double bound) {
    return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
  }
}
