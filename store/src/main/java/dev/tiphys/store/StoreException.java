package dev.tiphys.store;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Why a store could not do what it was asked to.
public final class StoreException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /// The reasons. Closed: every caller can answer each of them.
  public enum Reason {
    /// The revision is older than what is kept.
    COMPACTED,
    /// The revision has not been reached yet.
    FUTURE,
    /// The value is larger than the store takes.
    TOO_LARGE,
    /// There is no room left for writing. Reading goes on; writing does again once there is room.
    NO_SPACE,
    /// The stored bytes are not what was written. The store does not open, or stops.
    CORRUPT,
    /// The named lease does not exist (any more).
    NO_LEASE,
    /// The directory is used by another process.
    IN_USE,
    /// The store, or the way to it, does not answer. Trying again later makes sense.
    UNAVAILABLE,
    /// The store was closed.
    CLOSED
  }

  private final Reason reason;

  public StoreException(Reason reason, String message) {
    this(reason, message, null);
  }

  public StoreException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
