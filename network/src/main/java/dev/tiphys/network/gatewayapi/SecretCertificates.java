package dev.tiphys.network.gatewayapi;

import dev.tiphys.http.TlsSettings;
import dev.tiphys.network.ingress.TlsSecrets;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Certificates out of Secrets, read once for each version of one.
///
/// Not shared between threads.
final class SecretCertificates {

  private final Map<ObjectKey, Known> known = new HashMap<>();
  private final Set<ObjectKey> used = new HashSet<>();

  private record Known(String version, Optional<TlsSettings> settings) {}

  /// @param secret null if there is none
  /// @return absent if it is not usable
  Optional<TlsSettings> of(ObjectKey key, @Nullable Struct secret) {
    if (secret == null) {
      return Optional.empty();
    }
    used.add(key);
    String version = Meta.of(secret).resourceVersion();
    return known.compute(
            key,
            (_, before) ->
                before == null || !before.version.equals(version)
                    ? new Known(version, read(secret))
                    : before)
        .settings;
  }

  private static Optional<TlsSettings> read(Struct secret) {
    try {
      return Optional.of(TlsSecrets.read(secret));
    } catch (IllegalArgumentException _) {
      return Optional.empty(); // said in the status of what names it
    }
  }

  /// Forgets those that were not asked for since the last time.
  void dropUnused() {
    known.keySet().retainAll(used);
    used.clear();
  }
}
