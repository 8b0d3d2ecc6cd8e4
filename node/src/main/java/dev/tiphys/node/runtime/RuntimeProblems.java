package dev.tiphys.node.runtime;

/// What a runtime's status says of what is wrong, in upstream's words.
public final class RuntimeProblems {
  private RuntimeProblems() {}

  /// Why sandboxes can't have a network.
  public static String network(RuntimeStatus status) {
    String text = "container runtime network not ready: ";
    for (RuntimeStatus.Condition condition : status.conditions()) {
      if (condition.type().equals(RuntimeStatus.NETWORK_READY)) {
        return text
            + "NetworkReady=%s reason:%s message:%s"
                .formatted(condition.status(), condition.reason(), condition.message());
      }
    }
    return text + "NetworkReady=false";
  }
}
