package dev.tiphys.secrets.sync;

import dev.tiphys.object.api.ObjectKey;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// How ExternalSecrets last fared with their stores, for as long as this process lives: no value,
/// but where each key came from, and what failed.
///
/// Threads: any.
public final class LastReads {

  private final Map<ObjectKey, Read> reads = new ConcurrentHashMap<>();

  /// @param origins of the keys, of the last read that succeeded
  /// @param succeeded when that was; null if none has
  /// @param failure what the last one failed with; empty if it succeeded
  public record Read(Map<String, String> origins, @Nullable Instant succeeded, String failure) {
    static final Read NONE = new Read(Map.of(), null, "");

    public Read {
      origins = new LinkedHashMap<>(origins);
    }
  }

  void succeeded(ObjectKey key, Map<String, String> origins, Instant now) {
    reads.put(key, new Read(origins, now, ""));
  }

  void failed(ObjectKey key, String failure) {
    Read before = of(key);
    reads.put(key, new Read(before.origins(), before.succeeded(), failure));
  }

  void gone(ObjectKey key) {
    reads.remove(key);
  }

  /// What is known of one.
  public Read of(ObjectKey key) {
    return reads.getOrDefault(key, Read.NONE);
  }
}
