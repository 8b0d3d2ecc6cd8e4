package dev.tiphys.object.patch;

import org.jspecify.annotations.Nullable;

/// A patch that can't be applied.
public final class PatchException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /// What is wrong with it.
  public enum Reason {
    /// It is no patch, or contradicts itself or the type of the object.
    MALFORMED,
    /// It has more operations than a patch may have.
    TOO_LARGE,
    /// It does not fit the object.
    DOES_NOT_APPLY
  }

  private final Reason reason;

  PatchException(Reason reason, String message) {
    this(reason, message, null);
  }

  PatchException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
