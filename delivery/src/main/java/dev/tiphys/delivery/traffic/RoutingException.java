package dev.tiphys.delivery.traffic;

/// The object that routes traffic does not say what a Rollout needs.
public final class RoutingException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String reason;

  public RoutingException(String message) {
    this("TrafficRoutingError", message);
  }

  /// @param reason of the event that tells of it
  public RoutingException(String reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  public String reason() {
    return reason;
  }

  public String message() {
    return String.valueOf(getMessage());
  }
}
