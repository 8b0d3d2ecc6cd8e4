package dev.tiphys.network.istio;

import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Since when each VirtualService is served as it is served now.
///
/// Threads: any.
final class Live {

  private final Map<ObjectKey, Since> since = new ConcurrentHashMap<>();

  private record Since(long revision, Instant at) {}

  /// From now on these are served so, and no others.
  void serve(Map<ObjectKey, Struct> served, Instant now) {
    since.keySet().retainAll(served.keySet());
    served.forEach(
        (key, object) -> {
          long revision = Meta.of(object).revision();
          since.compute(
              key,
              (_, before) ->
                  before == null || before.revision() != revision
                      ? new Since(revision, now)
                      : before);
        });
  }

  /// The time `now` here; `at`, since when a revision or a later one is served, if it is;
  /// `earlier`, whether the revision itself may have been served before.
  Struct answer(ObjectKey key, long revision, Instant now) {
    Struct answer = Struct.of("now", Timestamps.micros(now));
    @Nullable Since found = since.get(key);
    return found == null || found.revision() < revision
        ? answer
        : answer
            .with("at", Timestamps.micros(found.at()))
            .with("earlier", found.revision() > revision);
  }
}
