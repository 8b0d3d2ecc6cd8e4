package dev.tiphys.monitoring.selection;

/// An object cannot be used as it is. The message says why, in the Prometheus Operator's words.
public final class RejectedException extends Exception {

  private static final long serialVersionUID = 1;

  public RejectedException(String message) {
    super(message);
  }

  /// The reason.
  public String message() {
    return String.valueOf(getMessage());
  }

  /// The same, of something inside of another.
  public RejectedException in(String place) {
    return new RejectedException(place + ": " + message());
  }
}
