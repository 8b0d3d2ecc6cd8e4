package dev.tiphys.node.sync;

/// Why the agent itself ends a Pod, as the Pod's status says it.
///
/// @param forTheNode whether it is for the sake of the node, and nothing that the Pod does wrong
record TerminationReason(String reason, String message, boolean forTheNode) {
  static final TerminationReason DEADLINE_EXCEEDED =
      new TerminationReason(
          "DeadlineExceeded",
          "Pod was active on the node longer than the specified deadline",
          false);

  static TerminationReason evicted(String message, boolean forTheNode) {
    return new TerminationReason("Evicted", message, forTheNode);
  }
}
