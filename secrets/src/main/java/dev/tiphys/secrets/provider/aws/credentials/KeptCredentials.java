package dev.tiphys.secrets.provider.aws.credentials;

import dev.tiphys.secrets.provider.SharedAnswers;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.secrets.provider.aws.client.CredentialSupply;
import dev.tiphys.secrets.provider.aws.client.ServerClock;
import dev.tiphys.secrets.provider.aws.signing.Credentials;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Credentials that are fetched once, and again five minutes before they end. If that fails, those
/// that are still good serve on, and it is tried again half a minute later.
///
/// Threads: any.
public final class KeptCredentials implements CredentialSupply {

  private static final Duration EARLY = Duration.ofMinutes(5);
  private static final Duration PAUSE = Duration.ofSeconds(30);

  private final Source source;
  private final ServerClock clock;
  private final SharedAnswers<Keys> answers;
  private volatile @Nullable Keys kept;
  private volatile Instant next = Instant.MIN;

  KeptCredentials(World world, ServerClock clock, Source source) {
    this.source = source;
    this.clock = clock;
    this.answers = SharedAnswers.briefly(world);
  }

  @Override
  public Credentials current() throws InterruptedException {
    Keys now = kept;
    if (now != null && (lasts(now, EARLY) || lasts(now, Duration.ZERO) && isEarly())) {
      return now.credentials();
    }
    try {
      Keys fetched = answers.of("", source::fetch);
      kept = fetched;
      return fetched.credentials();
    } catch (StoreException e) {
      if (now == null || !lasts(now, Duration.ZERO)) {
        throw e;
      }
      next = clock.now().plus(PAUSE);
      return now.credentials();
    }
  }

  private boolean isEarly() {
    return clock.now().isBefore(next);
  }

  private boolean lasts(Keys keys, Duration more) {
    return keys.end() == null || clock.now().plus(more).isBefore(keys.end());
  }

  @Override
  public void discard(Credentials refused) {
    Keys now = kept;
    if (now != null && now.credentials().equals(refused)) {
      kept = null;
      answers.forget();
    }
  }
}
