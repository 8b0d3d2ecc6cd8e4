package dev.tiphys.scheduler.events;

/// Whether a Pod is worth another try.
public enum QueueingHint {
  /// The event may let it run.
  QUEUE,
  /// The event changes nothing for it.
  SKIP;

  public static QueueingHint queueIf(boolean mayHelp) {
    return mayHelp ? QUEUE : SKIP;
  }
}
