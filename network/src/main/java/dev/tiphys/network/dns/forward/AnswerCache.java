package dev.tiphys.network.dns.forward;

import dev.tiphys.network.dns.message.Answer;
import dev.tiphys.network.dns.message.Rcode;
import dev.tiphys.network.dns.message.Record;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Answers of other servers. Those that were not asked for the longest are forgotten first.
///
/// Threads: any.
final class AnswerCache {

  /// How long a failure is remembered (RFC 9520).
  static final Duration FAILURE = Duration.ofSeconds(1);

  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final long MOST_BYTES = 16 << 20;

  private final CacheSettings settings;
  private final Map<Asked, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;
  private int denials;

  AnswerCache(CacheSettings settings) {
    this.settings = settings;
  }

  /// An answer.
  static final class Entry {
    private final Answer answer;
    private final long since;
    private final long life;
    private final int weight;
    private volatile int hits;
    private volatile long retry;

    private Entry(Answer answer, long since, long life, int weight) {
      this.answer = answer;
      this.since = since;
      this.life = life;
      this.weight = weight;
      this.retry = since;
    }

    Answer answer() {
      return answer;
    }

    boolean isFresh(long now) {
      return now - since < life;
    }

    /// In seconds.
    int age(long now) {
      return (int) Duration.ofNanos(now - since).toSeconds();
    }

    /// Whether most of its life is over.
    boolean endsSoon(long now) {
      return now - since > life - life / 10;
    }

    long ended() {
      return since + life;
    }

    /// Counts, roughly, how often it was asked for.
    int hit() {
      int now = hits + 1;
      hits = now;
      return now;
    }

    /// From when on it may be asked for again.
    long retry() {
      return retry;
    }

    void retryAt(long time) {
      retry = time;
    }

    boolean isDenial() {
      return answer.rcode() != Rcode.NOERROR || answer.answers().isEmpty();
    }
  }

  synchronized @Nullable Entry find(Asked asked) {
    return entries.get(asked);
  }

  /// Remembers an answer, if it may be. Returns how many others are forgotten for that.
  synchronized int put(Asked asked, Answer answer, long now) {
    Duration life = life(answer);
    if (life.isZero() || settings.entries() == 0) {
      return 0;
    }
    int weight = answer.weight() + 128;
    Entry entry = new Entry(answer, now, life.toNanos(), weight);
    remove(entries.put(asked, entry));
    bytes += weight;
    denials += entry.isDenial() ? 1 : 0;
    int forgotten = 0;
    while (entries.size() > 2 * settings.entries() || bytes > MOST_BYTES && entries.size() > 1) {
      var eldest = entries.entrySet().iterator();
      Entry first = eldest.next().getValue();
      eldest.remove();
      remove(first);
      forgotten++;
    }
    return forgotten;
  }

  private void remove(@Nullable Entry entry) {
    if (entry != null) {
      bytes -= entry.weight;
      denials -= entry.isDenial() ? 1 : 0;
    }
  }

  /// For how long an answer may be remembered (RFC 2308); zero if not at all.
  private Duration life(Answer answer) {
    if (!Upstreams.isFinal(answer.rcode())) {
      return FAILURE;
    }
    Record soa = answer.soa();
    boolean denial = answer.rcode() == Rcode.NXDOMAIN || isEmpty(answer);
    if (denial && soa == null) {
      return Duration.ZERO;
    }
    long seconds = denial && soa != null ? soa.minimum() : Long.MAX_VALUE;
    for (Record each : answer.answers()) {
      seconds = Math.min(seconds, each.ttl());
    }
    Duration longest = denial ? settings.longestDenial() : settings.longest();
    Duration said = Duration.ofSeconds(Math.min(seconds, longest.toSeconds()));
    return seconds == 0 ? Duration.ZERO : said.compareTo(SHORTEST) < 0 ? SHORTEST : said;
  }

  private static boolean isEmpty(Answer answer) {
    return answer.answers().isEmpty();
  }

  /// How many answers there are that found something.
  synchronized int found() {
    return entries.size() - denials;
  }

  synchronized int denials() {
    return denials;
  }
}
