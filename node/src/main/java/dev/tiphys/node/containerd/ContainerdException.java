package dev.tiphys.node.containerd;

import org.jspecify.annotations.Nullable;

/// Why there is no containerd. The message says what to do, in one line; where containerd itself
/// failed, the end of its log follows.
public final class ContainerdException extends Exception {

  private static final long serialVersionUID = 1;

  /// The reasons. Closed.
  public enum Reason {
    /// A program is not installed.
    NOT_FOUND,
    /// containerd is older than what we can work with.
    TOO_OLD,
    /// Our directory cannot be used.
    BAD_DIRECTORY,
    /// It did not start.
    FAILED
  }

  private final Reason reason;

  ContainerdException(Reason reason, String message) {
    this(reason, message, null);
  }

  ContainerdException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
