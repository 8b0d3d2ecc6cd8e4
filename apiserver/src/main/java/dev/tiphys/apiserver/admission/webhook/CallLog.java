package dev.tiphys.apiserver.admission.webhook;

import dev.tiphys.apiserver.admission.AdmissionMetrics;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/// What became of the calls of each webhook: how many there were, what they were answered, how long
/// that took.
///
/// Threads: any.
public final class CallLog {

  private final AdmissionMetrics metrics;
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

  CallLog(AdmissionMetrics metrics) {
    this.metrics = metrics;
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
        case Reply.Failed(var reason, var _) -> {
          failed++;
          lastProblem = reason;
        }
        case Reply.Unusable(var refusal) -> {
          failed++;
          lastProblem = refusal.message();
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

  AdmissionMetrics metrics() {
    return metrics;
  }

  private static String type(boolean mutating) {
    return mutating ? "mutating" : "validating";
  }

  private Entry entry(Hook hook, boolean mutating) {
    return entries.computeIfAbsent(
        new Key(type(mutating), hook.configuration(), hook.name()), _ -> new Entry());
  }

  long begin() {
    return metrics.nanoTime();
  }

  void end(Hook hook, boolean mutating, String operation, Reply.Verdict verdict, long begun) {
    long span = metrics.nanoTime() - begun;
    entry(hook, mutating).count(verdict, span);
    String name = hook.name();
    String type = mutating ? "admit" : "validating";
    switch (verdict) {
      case Reply.Allowed _ -> metrics.webhook(name, operation, type, 200, false, span);
      case Reply.Denied(var refusal) -> {
        metrics.webhook(name, operation, type, refusal.code(), true, span);
        metrics.webhookRejection(name, operation, type, "no_error", refusal.code());
      }
      case Reply.Failed(var _, int code) -> {
        boolean open = hook.ignoresFailures();
        metrics.webhook(name, operation, type, code, !open, span);
        if (open) {
          metrics.webhookFailedOpen(name, type);
        } else {
          metrics.webhookRejection(name, operation, type, "calling_webhook_error", code);
        }
      }
      case Reply.Unusable _ -> {
        metrics.webhook(name, operation, type, 0, true, span);
        metrics.webhookRejection(name, operation, type, "apiserver_internal_error", 0);
      }
    }
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
}
