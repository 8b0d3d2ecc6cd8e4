package dev.tiphys.network.dns.forward;

import dev.tiphys.network.dns.message.Answer;
import dev.tiphys.network.dns.message.Name;
import dev.tiphys.network.dns.message.Rcode;
import dev.tiphys.network.dns.message.Type;
import dev.tiphys.network.dns.server.Responder.Answered;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Answers what other servers know, from memory where it can.
///
/// A question is asked once however many clients wait for it. Names that are often asked for are
/// asked for anew shortly before their answers end. While the servers fail, answers that have ended
/// are given (RFC 8767), also when the servers take long.
///
/// Threads: any.
public final class Forwarder {

  private static final int STALE_TTL = 30;
  private static final int MOST_WAITING = 10_000;

  /// A client waits so long for a new answer when there is an old one.
  private static final Duration PATIENCE = Duration.ofMillis(1800);

  /// Servers that have failed are let alone for so long when there is an old answer.
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final World world;
  private final Upstreams upstreams;
  private final CacheSettings settings;
  private final AnswerCache cache;
  private final int mostAtOnce;
  private final ForwardMetrics metrics;

  /// Who waits for what; itself its lock.
  private final Map<Asked, List<Consumer<Answered>>> asking = new HashMap<>();

  private int waits; // how many wait for anything; guarded by asking

  /// @param mostAtOnce how many questions may be on their way
  public Forwarder(
      World world,
      Upstreams upstreams,
      CacheSettings settings,
      int mostAtOnce,
      ForwardMetrics metrics) {
    this.world = world;
    this.upstreams = upstreams;
    this.settings = settings;
    this.cache = new AnswerCache(settings);
    this.mostAtOnce = mostAtOnce;
    this.metrics = metrics;
  }

  /// Asks for a name that is not there, and forgets the answer.
  public void probe(Name name) {
    Answer _ = upstreams.ask(new Asked(name, Type.HINFO, false, false));
  }

  /// How many answers are remembered.
  ///
  /// @param denials those that found nothing, not those that did
  public int remembered(boolean denials) {
    return denials ? cache.denials() : cache.found();
  }

  /// The answer, if it is at hand; else null, and it is given later. Does not wait.
  public @Nullable Answered answer(Asked asked, Consumer<Answered> later) {
    long now = world.nanoTime();
    AnswerCache.Entry entry = cache.find(asked);
    if (entry != null && entry.isFresh(now)) {
      return remembered(asked, entry, now);
    }
    metrics.missed();
    if (entry == null || !isUsable(entry, now)) {
      return ask(asked, later) ? null : refused();
    }
    AnswerCache.Entry old = entry;
    if (now - old.retry() < 0) {
      return stale(old);
    }
    AtomicBoolean told = new AtomicBoolean();
    Consumer<Answered> once =
        answered -> {
          if (told.compareAndSet(false, true)) {
            later.accept(answered);
          }
        };
    if (!ask(asked, once)) {
      return stale(old);
    }
    world
        .background()
        .schedule(
            PATIENCE, () -> world.background().start("dns-stale", () -> once.accept(stale(old))));
    return null;
  }

  private Answered remembered(Asked asked, AnswerCache.Entry entry, long now) {
    metrics.hit(entry.isDenial());
    if (settings.hot() > 0 && entry.hit() >= settings.hot() && entry.endsSoon(now)) {
      synchronized (asking) {
        if (asking.containsKey(asked) || asking.size() >= mostAtOnce) {
          return new Answered(entry.answer(), entry.age(now));
        }
      }
      metrics.prefetched();
      boolean _ = ask(asked, _ -> {});
    }
    return new Answered(entry.answer(), entry.age(now));
  }

  private boolean isUsable(AnswerCache.Entry entry, long now) {
    return Upstreams.isFinal(entry.answer().rcode())
        && now - entry.ended() < settings.stale().toNanos();
  }

  private Answered stale(AnswerCache.Entry entry) {
    metrics.servedStale();
    return new Answered(entry.answer().withTtl(STALE_TTL), 0);
  }

  private Answered refused() {
    metrics.rejected();
    return new Answered(Answer.of(Rcode.SERVFAIL), 0);
  }

  /// Has the servers asked. False if too many wait.
  private boolean ask(Asked asked, Consumer<Answered> later) {
    synchronized (asking) {
      List<Consumer<Answered>> waiting = asking.get(asked);
      if (waits >= MOST_WAITING || waiting == null && asking.size() >= mostAtOnce) {
        return false;
      }
      waits++;
      if (waiting != null) {
        return waiting.add(later);
      }
      asking.put(asked, new ArrayList<>(List.of(later)));
    }
    world.background().start("dns-forward", () -> run(asked));
    return true;
  }

  private void run(Asked asked) {
    Answered answered = new Answered(Answer.of(Rcode.SERVFAIL), 0);
    try {
      answered = asked(asked);
    } finally {
      List<Consumer<Answered>> waiting;
      synchronized (asking) {
        waiting = asking.remove(asked);
        waits -= waiting == null ? 0 : waiting.size();
      }
      for (Consumer<Answered> each : waiting == null ? List.<Consumer<Answered>>of() : waiting) {
        each.accept(answered);
      }
    }
  }

  private Answered asked(Asked asked) {
    Answer answer = upstreams.ask(asked);
    long now = world.nanoTime();
    AnswerCache.Entry old = cache.find(asked);
    if (!Upstreams.isFinal(answer.rcode()) && old != null && isUsable(old, now)) {
      old.retryAt(now + PAUSE.toNanos());
      return old.isFresh(now) ? new Answered(old.answer(), old.age(now)) : stale(old);
    }
    for (int i = cache.put(asked, answer, now); i > 0; i--) {
      metrics.evicted();
    }
    return new Answered(answer, 0);
  }
}
