package dev.tiphys.node.runtime;

import org.jspecify.annotations.Nullable;

/// Why a runtime could not do what it was asked to.
///
/// [#getMessage] is what upstream's components print, prefix and all (`rpc error: code = NotFound
/// desc = …`); [#description] is the same without the prefix. Events show the one or the other.
public final class RuntimeFailure extends RuntimeException {

  private static final long serialVersionUID = 1;

  /// The reasons. Closed: every caller can answer each of them.
  public enum Reason {
    /// What was named does not exist.
    NOT_FOUND,
    /// The runtime does not answer. Trying again later makes sense.
    UNAVAILABLE,
    /// It took longer than it may.
    TIMED_OUT,
    /// This runtime cannot do that at all.
    UNSUPPORTED,
    /// The runtime tried, or refused to. The message says why.
    FAILED
  }

  private final Reason reason;
  private final String description;

  /// @param code upstream's word for the kind of failure, as `NotFound`
  public RuntimeFailure(Reason reason, String code, String description, @Nullable Throwable cause) {
    super("rpc error: code = " + code + " desc = " + description, cause);
    this.reason = reason;
    this.description = description;
  }

  public Reason reason() {
    return reason;
  }

  public String description() {
    return description;
  }
}
