package dev.tiphys.delivery.traffic;

/// The object that routes traffic does not say what a Rollout needs.
public final class RoutingException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public RoutingException(String message) {
    super(message, null, false, false);
  }

  public String message() {
    return String.valueOf(getMessage());
  }
}
