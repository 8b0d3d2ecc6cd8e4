package dev.tiphys.object.patch;

/// A patch that can't be applied.
public final class PatchException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /// Why.
  public enum Reason {
    /// The patch itself is no patch.
    MALFORMED,
    /// The patch does not fit this object.
    DOES_NOT_APPLY
  }

  private final Reason reason;

  PatchException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
