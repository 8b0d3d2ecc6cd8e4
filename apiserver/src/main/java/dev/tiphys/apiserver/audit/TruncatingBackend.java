package dev.tiphys.apiserver.audit;

import java.util.ArrayList;
import java.util.List;

/// Keeps events and batches of them small: what is too large loses the content of the request and
/// of the answer, and is lost if that does not help.
///
/// Threads: any.
public final class TruncatingBackend implements Backend {

  private static final String PLUGIN = "truncate";

  private final Backend backend;
  private final long largestEvent;
  private final long largestBatch;
  private final AuditMetrics metrics;

  /// @param backend that takes them then; closed with this one
  /// @param largestEvent in bytes
  /// @param largestBatch in bytes
  public TruncatingBackend(
      Backend backend, long largestEvent, long largestBatch, AuditMetrics metrics) {
    this.backend = backend;
    this.largestEvent = largestEvent;
    this.largestBatch = largestBatch;
    this.metrics = metrics;
  }

  @Override
  public boolean process(List<AuditEvent> events) {
    boolean succeeded = true;
    List<AuditEvent> lost = new ArrayList<>(0);
    List<AuditEvent> batch = new ArrayList<>();
    long size = 0;
    for (AuditEvent event : events) {
      AuditEvent fitting =
          event.json().length > largestEvent && event.level().includes(Level.REQUEST)
              ? event.truncated()
              : event;
      int length = fitting.json().length;
      if (length > largestEvent) {
        lost.add(fitting);
        continue;
      }
      if (!batch.isEmpty() && size + length > largestBatch) {
        succeeded &= backend.process(batch);
        batch = new ArrayList<>();
        size = 0;
      }
      batch.add(fitting);
      size += length;
    }
    if (!batch.isEmpty()) {
      succeeded &= backend.process(batch);
    }
    if (!lost.isEmpty()) {
      metrics.lost(PLUGIN, "event is too large even after truncating", lost);
    }
    return succeeded;
  }

  @Override
  public void close() {
    backend.close();
  }
}
