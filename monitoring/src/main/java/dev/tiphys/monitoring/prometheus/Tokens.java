package dev.tiphys.monitoring.prometheus;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.monitoring.model.Prometheus;
import dev.tiphys.monitoring.server.ConfigurationFiles;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Keeps a file with a token of a service account for each Prometheus.
///
/// Threads: any, but one at a time for a Prometheus.
final class Tokens {

  /// A third of a token's life: two renewals may fail.
  static final Duration RENEWAL = Duration.ofMinutes(20);

  private static final long LIFE_SECONDS = 3_600;

  private final World world;
  private final Api api;
  private final Map<ObjectKey, Held> held = new ConcurrentHashMap<>();

  /// @param since by the time that passes
  /// @param at by the clock, which tokens go by and which may be set
  private record Held(String account, long since, Instant at) {}

  Tokens(World world, Api api) {
    this.world = world;
    this.api = api;
  }

  /// Writes a fresh token if there is none of this account, or it has become old.
  ///
  /// @throws ApiException if there is none to be had
  Path ensure(Prometheus prometheus, Path directory) {
    Path file = directory.resolve("token");
    String account = prometheus.serviceAccount();
    Held before = held.get(prometheus.key());
    if (before != null && before.account().equals(account) && isFresh(before)) {
      return file;
    }
    long since = world.nanoTime();
    Instant at = world.now();
    Struct request =
        Struct.of(
            "apiVersion",
            "authentication.k8s.io/v1",
            "kind",
            "TokenRequest",
            "spec",
            Struct.of("expirationSeconds", LIFE_SECONDS));
    Struct answer =
        api.createSubresource(
            ApiResource.SERVICE_ACCOUNTS, prometheus.key().namespace(), account, "token", request);
    try {
      ConfigurationFiles.makePrivate(directory);
      ConfigurationFiles.write(
          file, answer.string("status", "token").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    held.put(prometheus.key(), new Held(account, since, at));
    return file;
  }

  private boolean isFresh(Held token) {
    Duration age = Duration.between(token.at(), world.now());
    return world.nanoTime() - token.since() < RENEWAL.toNanos()
        && !age.isNegative()
        && age.compareTo(RENEWAL) < 0;
  }

  void forget(ObjectKey prometheus) {
    held.remove(prometheus);
  }
}
