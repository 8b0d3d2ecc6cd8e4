package dev.tiphys.apiserver.metrics;

import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.metrics.CounterFamily;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.Histogram;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.world.World;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;

/// Counts and times requests.
///
/// Threads: any.
public final class RequestMetrics {

  private static final String REQUESTS = "apiserver_request_total";
  private static final String DURATIONS = "apiserver_request_duration_seconds";
  private static final String LEVELS = "apiserver_request_sli_duration_seconds";
  private static final String INFLIGHT = "apiserver_current_inflight_requests";

  /// The upper bounds of the histogram's buckets, in seconds: upstream's.
  private static final double[] BOUNDS = {
    0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30,
    45, 60
  };

  /// Those of the durations that objectives are about.
  private static final double[] LEVEL_BOUNDS = Arrays.copyOfRange(BOUNDS, 2, BOUNDS.length);

  private static final String TERMINATIONS = "apiserver_request_terminations_total";

  private static final Set<String> METHODS =
      Set.of(
          "GET",
          "LIST",
          "WATCH",
          "HEAD",
          "OPTIONS",
          "POST",
          "PUT",
          "PATCH",
          "DELETE",
          "DELETECOLLECTION");

  private final World world;
  private final CounterFamily terminations =
      new CounterFamily(
          TERMINATIONS,
          "Requests that were refused so that others can be served.",
          "verb",
          "group",
          "version",
          "resource",
          "subresource",
          "scope",
          "component",
          "code");
  private final Map<Labels, Series> requests = new ConcurrentHashMap<>();
  private final Map<Timed, Histogram> durations = new ConcurrentHashMap<>();
  private final Map<Timed, Histogram> levels = new ConcurrentHashMap<>();
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

  RequestMetrics(World world) {
    this.world = world;
  }

  /// Runs a request, and counts how it ended.
  ///
  /// @param subject a resource that is served, with a subresource that it has: each combination is
  ///   kept for good
  /// @param status the code it was answered with, once it is
  public void measure(
      String verb, Subject.OfResource subject, IntSupplier status, Runnable request) {
    Timed timed =
        new Timed(
            word(verb),
            subject.group(),
            subject.version(),
            subject.plural(),
            subject.subresource(),
            scope(subject));
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
      long span = world.nanoTime() - begin;
      durations.computeIfAbsent(timed, _ -> new Histogram(BOUNDS)).record(span);
      levels.computeIfAbsent(timed, _ -> new Histogram(LEVEL_BOUNDS)).record(span);
      int code = refused == 0 ? status.getAsInt() : refused;
      requests
          .computeIfAbsent(new Labels(timed, code), _ -> new Series(new LongAdder()))
          .count
          .increment();
    }
  }

  /// Counts a request that was refused to protect the server, or one that it passes on to.
  ///
  /// @param subject of names that are ours: each combination is kept for good
  /// @param component what refused it: `apiserver` or `aggregator`
  public void terminated(String verb, Subject.OfResource subject, String component, int code) {
    String method = word(verb).toUpperCase(Locale.ROOT);
    terminations.count(
        METHODS.contains(method) ? method : "other",
        subject.group(),
        subject.version(),
        subject.plural(),
        subject.subresource(),
        subject.plural().isEmpty() ? "" : scope(subject),
        component,
        Integer.toString(code));
  }

  private static String scope(Subject.OfResource subject) {
    if (!subject.name().isEmpty()) {
      return "resource";
    }
    return subject.namespace().isEmpty() ? "cluster" : "namespace";
  }

  private static String word(String verb) {
    return switch (verb) {
      case "create" -> "POST";
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

  void write(Exposition out) {
    out.family(REQUESTS, "counter", "Requests, by what they asked for and how they ended.");
    requests.forEach(
        (labels, series) ->
            out.sample(
                REQUESTS,
                "code=\"" + labels.code + "\",dry_run=\"\"," + labels.timed,
                series.count.sum()));
    out.family(DURATIONS, "histogram", "How long requests took.");
    durations.forEach((timed, histogram) -> histogram.write(out, DURATIONS, timed.toString()));
    out.family(LEVELS, "histogram", "How long requests took, as objectives have it.");
    levels.forEach((timed, histogram) -> histogram.write(out, LEVELS, timed.toString()));
    terminations.write(out);
    out.family(INFLIGHT, "gauge", "Requests that are being served.");
    inflight.forEach(
        (kind, count) -> out.sample(INFLIGHT, "request_kind=\"" + kind + "\"", count.get()));
  }
}
