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

  /// Whether they are to be asked now.
  public static boolean isDue(ExternalSecret secret, Instant now) {
    Instant last = last(secret);
    boolean changed = !secret.version().equals(secret.status().string("syncedResourceVersion"));
    return switch (secret.spec().string("refreshPolicy")) {
      case "CreatedOnce" -> last == null || !secret.status().has("syncedResourceVersion");
      case "OnChange" -> last == null || changed;
      default -> isDue(secret, last, changed, now);
    };
  }

  private static boolean isDue(
      ExternalSecret secret, @Nullable Instant last, boolean changed, Instant now) {
    boolean synced = secret.status().has("syncedResourceVersion");
    if (once(secret) && synced) {
      return false;
    }
    if (changed || last == null) {
      return true;
    }
    boolean due = last.isAfter(now) || !last.plus(secret.interval()).isAfter(now);
    return due && SyncWindows.of(secret.spec()).allow(now);
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
