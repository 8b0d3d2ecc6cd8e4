package dev.tiphys.apiserver.admission.webhook;

import dev.tiphys.apiserver.metrics.Exposition;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/// What became of the calls of each webhook: how many there were, what they were answered, how long
/// that took.
///
/// Threads: any.
public final class CallLog {

  private static final String TOTAL = "apiserver_admission_webhook_request_total";
  private static final String REJECTED = "apiserver_admission_webhook_rejection_count";
  private static final String FAILED_OPEN = "apiserver_admission_webhook_fail_open_count";

  /// The status of a webhook that gave no answer.
  private static final int UNREACHED = 503;

  private static final Map<String, String> HELP =
      new TreeMap<>(
          Map.of(
              TOTAL, "Calls of admission webhooks, by what they were answered.",
              REJECTED, "Requests that admission webhooks refused, or that failed with them.",
              FAILED_OPEN, "Failed calls of admission webhooks whose failures are ignored."));

  private final Map<String, Map<String, LongAdder>> counters =
      Map.of(
          TOTAL, new ConcurrentSkipListMap<>(),
          REJECTED, new ConcurrentSkipListMap<>(),
          FAILED_OPEN, new ConcurrentSkipListMap<>());

  private final World world;
  private final Map<Key, Entry> entries = new ConcurrentSkipListMap<>();

  /// @param type `mutating` or `validating`
  private record Key(String type, String configuration, String webhook) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int order = type.compareTo(other.type);
      order = order != 0 ? order : configuration.compareTo(other.configuration);
      return order != 0 ? order : webhook.compareTo(other.webhook);
    }
  }

  CallLog(World world) {
    this.world = world;
  }

  /// The calls of one webhook.
  private static final class Entry { // guarded by itself
    private long allowed;
    private long changed;
    private long denied;
    private long failed;
    private long skipped;
    private long nanoseconds;
    private long longest;
    private String lastProblem = "";

    private long calls() {
      return allowed + denied + failed;
    }

    private synchronized void count(Reply.Verdict verdict, long took) {
      nanoseconds += took;
      longest = Math.max(longest, took);
      switch (verdict) {
        case Reply.Allowed(var patch) -> {
          allowed++;
          changed += patch == null ? 0 : 1;
        }
        case Reply.Denied(var refusal) -> {
          denied++;
          lastProblem = refusal.message();
        }
        case Reply.Failed(var reason) -> {
          failed++;
          lastProblem = reason;
        }
      }
    }

    private synchronized void skip() {
      skipped++;
    }

    private synchronized Struct tree(Key key) {
      return new StructBuilder()
          .add("type", key.type)
          .add("configuration", key.configuration)
          .add("webhook", key.webhook)
          .add("calls", calls())
          .add("allowed", allowed)
          .add("changed", changed)
          .add("denied", denied)
          .add("failed", failed)
          .add("skipped", skipped)
          .add("averageMicroseconds", calls() == 0 ? 0 : nanoseconds / calls() / 1_000)
          .add("longestMicroseconds", longest / 1_000)
          .addUnlessEmpty("lastProblem", lastProblem)
          .build();
    }
  }

  private static String type(boolean mutating) {
    return mutating ? "mutating" : "validating";
  }

  private Entry entry(Hook hook, boolean mutating) {
    return entries.computeIfAbsent(
        new Key(type(mutating), hook.configuration(), hook.name()), _ -> new Entry());
  }

  long begin() {
    return world.nanoTime();
  }

  void end(Hook hook, boolean mutating, String operation, Reply.Verdict verdict, long begun) {
    entry(hook, mutating).count(verdict, world.nanoTime() - begun);
    String type = mutating ? "admit" : "validating";
    String webhook = "name=\"" + hook.name() + "\"";
    String what = webhook + ",operation=\"" + operation + "\"";
    switch (verdict) {
      case Reply.Allowed _ -> count(TOTAL, total(200, what, false, type));
      case Reply.Denied(var refusal) -> {
        count(TOTAL, total(refusal.code(), what, true, type));
        count(REJECTED, rejected("no_error", what, refusal.code(), type));
      }
      case Reply.Failed _ -> {
        boolean open = hook.ignoresFailures();
        count(TOTAL, total(UNREACHED, what, !open, type));
        if (open) {
          count(FAILED_OPEN, webhook + ",type=\"" + type + "\"");
        } else {
          count(REJECTED, rejected("calling_webhook_error", what, UNREACHED, type));
        }
      }
    }
  }

  private static String total(int code, String what, boolean rejected, String type) {
    return "code=\"" + code + "\"," + what + ",rejected=\"" + rejected + "\",type=\"" + type + "\"";
  }

  private static String rejected(String error, String what, int code, String type) {
    return "error_type=\""
        + error
        + "\","
        + what
        + ",rejection_code=\""
        + code
        + "\",type=\""
        + type
        + "\"";
  }

  private Map<String, LongAdder> family(String family) {
    return Objects.requireNonNull(counters.get(family), family);
  }

  private void count(String family, String labels) {
    family(family).computeIfAbsent(labels, _ -> new LongAdder()).increment();
  }

  void skip(Hook hook, boolean mutating) {
    entry(hook, mutating).skip();
  }

  /// A line for each webhook that was asked since the server started.
  public List<Struct> lines() {
    List<Struct> lines = new ArrayList<>();
    entries.forEach((key, entry) -> lines.add(entry.tree(key)));
    return lines;
  }

  /// Writes what upstream tells of webhooks in numbers, as far as it is known here.
  public void write(Exposition out) {
    HELP.forEach(
        (family, help) -> {
          out.family(family, "counter", help);
          family(family).forEach((labels, n) -> out.sample(family, labels, n.sum()));
        });
  }
}
