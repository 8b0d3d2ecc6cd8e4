package dev.tiphys.network.router.listeners;

import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Since when each object is served as it is served now. Only spec and annotations count: a new
/// status changes nothing for requests.
///
/// Threads: any; one serves.
public final class Live {

  private final Map<ObjectKey, Since> since = new ConcurrentHashMap<>();

  /// @param first the revision that began to be served at that time
  /// @param last the newest one that says the same
  private record Since(Struct spec, Struct annotations, long first, long last, Instant at) {

    Since then(Struct object, Instant now) {
      Meta meta = Meta.of(object);
      return spec.equals(object.struct("spec")) && annotations.equals(meta.annotations())
          ? new Since(spec, annotations, first, meta.revision(), at)
          : of(object, now);
    }

    static Since of(Struct object, Instant now) {
      Meta meta = Meta.of(object);
      return new Since(
          object.struct("spec"), meta.annotations(), meta.revision(), meta.revision(), now);
    }
  }

  /// From now on these are served so, and no others.
  public void serve(Map<ObjectKey, Struct> served, Instant now) {
    since.keySet().retainAll(served.keySet());
    served.forEach(
        (key, object) ->
            since.compute(
                key,
                (_, before) -> before == null ? Since.of(object, now) : before.then(object, now)));
  }

  /// The time `now` here; `at`, since when a revision or a later one is served, if it is;
  /// `earlier`, whether the revision itself may have been served before.
  public Struct answer(ObjectKey key, long revision, Instant now) {
    Struct answer = Struct.of("now", Timestamps.micros(now));
    @Nullable Since found = since.get(key);
    return found == null || found.last() < revision
        ? answer
        : answer
            .with("at", Timestamps.micros(found.at()))
            .with("earlier", found.first() > revision);
  }
}
