package dev.tiphys.node.sync;

/// Why the agent itself ends a Pod, as the Pod's status says it.
record TerminationReason(String reason, String message) {
  static final TerminationReason DEADLINE_EXCEEDED =
      new TerminationReason(
          "DeadlineExceeded", "Pod was active on the node longer than the specified deadline");
}
