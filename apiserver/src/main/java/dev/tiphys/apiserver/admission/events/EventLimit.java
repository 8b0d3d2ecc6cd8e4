package dev.tiphys.apiserver.admission.events;

import dev.tiphys.apiserver.admission.Admission.Request;
import dev.tiphys.object.Struct;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// One limit: what shares a key shares a bucket of tokens, which fills steadily.
///
/// Threads: any.
final class EventLimit {

  private static final Set<String> TYPES = Set.of("Server", "Namespace", "User", "SourceAndObject");
  private static final int USUAL_KEYS = 4096;

  private final String type;
  private final double perSecond;
  private final double burst;
  private final Map<String, Bucket> buckets;

  private record Bucket(double tokens, Instant at) {}

  /// @throws IllegalArgumentException if it is no limit
  EventLimit(Struct limit) {
    this.type = limit.string("type");
    this.perSecond = limit.integer("qps");
    this.burst = limit.integer("burst");
    if (!TYPES.contains(type) || perSecond <= 0 || burst <= 0) {
      throw new IllegalArgumentException("not a limit of events: " + limit);
    }
    long keys = limit.integer("cacheSize");
    int most = keys > 0 ? (int) keys : USUAL_KEYS;
    this.buckets =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > most;
          }
        };
  }

  /// Takes a token. Returns what is wrong if there is none; empty otherwise.
  String take(Request request, Struct event, Instant now) {
    String key = key(request, event);
    synchronized (buckets) {
      Bucket bucket = buckets.getOrDefault(key, new Bucket(burst, now));
      double seconds = Duration.between(bucket.at, now).toNanos() / 1e9;
      double tokens = Math.min(burst, bucket.tokens + Math.max(0, seconds) * perSecond);
      boolean given = tokens >= 1;
      buckets.put(key, new Bucket(given ? tokens - 1 : tokens, now));
      return given ? "" : "limit reached on type " + type + " for key " + key;
    }
  }

  private String key(Request request, Struct event) {
    return switch (type) {
      case "Namespace" -> request.namespace();
      case "User" -> request.call().user().name();
      case "SourceAndObject" -> {
        Struct object = event.struct("involvedObject");
        yield event.string("source", "component")
            + event.string("source", "host")
            + object.string("kind")
            + object.string("namespace")
            + object.string("name")
            + object.string("uid")
            + object.string("apiVersion");
      }
      default -> "";
    };
  }
}
