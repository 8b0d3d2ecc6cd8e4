package dev.tiphys.secrets.sync;

import dev.tiphys.object.Timestamps;
import dev.tiphys.secrets.model.ExternalSecret;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// When the stores of an ExternalSecret are asked: by its `refreshPolicy`, its interval, and what
/// was changed. Pure.
public final class Refresh {

  /// Times of refreshes are told in whole seconds, so that a shorter wait could be none at all.
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private Refresh() {}

  /// Whether they are to be asked now. A sync that failed is to be done again, whatever was told of
  /// one before it: the Secret may not have what was asked last.
  public static boolean isDue(ExternalSecret secret, Instant now) {
    boolean done = last(secret) != null && secret.status().has("syncedResourceVersion");
    boolean changed = !secret.version().equals(secret.status().string("syncedResourceVersion"));
    return switch (secret.spec().string("refreshPolicy")) {
      case "CreatedOnce" -> !done || secret.hasFailed();
      case "OnChange" -> !done || changed || secret.hasFailed();
      default -> isPeriodicallyDue(secret, done, changed, now);
    };
  }

  private static boolean isPeriodicallyDue(
      ExternalSecret secret, boolean done, boolean changed, Instant now) {
    if (!done || (changed && !once(secret))) {
      return true;
    }
    return (secret.hasFailed() || isOver(secret, now)) && SyncWindows.of(secret.spec()).allow(now);
  }

  private static boolean isOver(ExternalSecret secret, Instant now) {
    Instant last = last(secret);
    return !once(secret)
        && last != null
        && (last.isAfter(now) || !last.plus(secret.interval()).isAfter(now));
  }

  private static boolean once(ExternalSecret secret) {
    return !secret.interval().isPositive();
  }

  private static @Nullable Instant last(ExternalSecret secret) {
    return Timestamps.of(secret.status().get("refreshTime"));
  }

  /// How long until they are to be asked again; null if only a change brings that about.
  public static @Nullable Duration next(ExternalSecret secret, Instant now) {
    String policy = secret.spec().string("refreshPolicy");
    if (policy.equals("CreatedOnce") || policy.equals("OnChange") || once(secret)) {
      return null;
    }
    Instant last = last(secret);
    if (last == null || last.isAfter(now)) {
      return secret.interval();
    }
    Instant due = SyncWindows.of(secret.spec()).next(last.plus(secret.interval()));
    Duration left = Duration.between(now, due);
    return left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
  }
}
