package dev.tiphys.apiserver.audit;

import java.util.List;

/// Takes events where they are kept.
///
/// Threads: any.
public interface Backend extends AutoCloseable {

  /// Takes events, or hands them on. Returns whether that succeeded; what failed is counted and
  /// logged here.
  boolean process(List<AuditEvent> events);

  /// Takes what is still on its way, and lets go of what it holds.
  @Override
  default void close() {}

  /// Several backends, each of which takes every event.
  static Backend union(List<Backend> backends) {
    return new Backend() {
      @Override
      public boolean process(List<AuditEvent> events) {
        boolean succeeded = true;
        for (Backend each : backends) {
          succeeded &= each.process(events);
        }
        return succeeded;
      }

      @Override
      public void close() {
        backends.forEach(Backend::close);
      }
    };
  }

  /// This backend, whose failures keep nothing from being served.
  default Backend ignoringFailures() {
    Backend own = this;
    return new Backend() {
      @Override
      public boolean process(List<AuditEvent> events) {
        own.process(events);
        return true;
      }

      @Override
      public void close() {
        own.close();
      }
    };
  }
}
