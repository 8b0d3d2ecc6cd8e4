package dev.tiphys.apiserver.audit;

import dev.tiphys.metrics.Exposition;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// What `/metrics` tells of auditing, under upstream's names.
///
/// Threads: any.
public final class AuditMetrics {

  private static final System.Logger LOG = System.getLogger(AuditMetrics.class.getName());
  private static final String PREFIX = "apiserver_audit_";

  private final LongAdder events = new LongAdder();
  private final LongAdder rejected = new LongAdder();
  private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();
  private final Map<Level, LongAdder> levels = new ConcurrentHashMap<>();

  void made() {
    events.increment();
  }

  /// A request was refused, as it could not be recorded.
  void rejected() {
    rejected.increment();
  }

  void decided(Level level) {
    levels.computeIfAbsent(level, _ -> new LongAdder()).increment();
  }

  /// Events are lost.
  ///
  /// @param plugin which backend lost them
  void lost(String plugin, String problem, List<AuditEvent> lost) {
    errors.computeIfAbsent(plugin, _ -> new LongAdder()).add(lost.size());
    LOG.log(
        System.Logger.Level.ERROR,
        "audit events are lost: plugin={0} count={1} problem={2} first={3}",
        plugin,
        lost.size(),
        problem,
        lost.isEmpty() ? "" : lost.getFirst().line());
  }

  /// Writes all of it.
  public void write(Exposition out) {
    out.family(PREFIX + "event_total", "counter", "Audit events that were made.")
        .sample(PREFIX + "event_total", "", events.sum());
    out.family(
            PREFIX + "requests_rejected_total",
            "counter",
            "Requests refused as they could not be recorded.")
        .sample(PREFIX + "requests_rejected_total", "", rejected.sum());
    if (!errors.isEmpty()) {
      out.family(PREFIX + "error_total", "counter", "Audit events that were lost.");
      errors.forEach(
          (plugin, count) ->
              out.sample(PREFIX + "error_total", "plugin=\"" + plugin + '"', count.sum()));
    }
    if (!levels.isEmpty()) {
      out.family(PREFIX + "level_total", "counter", "Requests, by what is recorded of them.");
      levels.forEach(
          (level, count) ->
              out.sample(PREFIX + "level_total", "level=\"" + level.word() + '"', count.sum()));
    }
  }
}
