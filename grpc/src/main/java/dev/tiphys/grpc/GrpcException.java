package dev.tiphys.grpc;

import org.jspecify.annotations.Nullable;

/// A call that did not end well: the server refused it, or it never got an answer.
///
/// The message has the form that upstream's components print: `rpc error: code = NotFound desc =
/// …`.
public final class GrpcException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final GrpcStatus status;
  private final String description;

  public GrpcException(GrpcStatus status, String description) {
    this(status, description, null);
  }

  public GrpcException(GrpcStatus status, String description, @Nullable Throwable cause) {
    super("rpc error: code = " + status.display() + " desc = " + description, cause);
    this.status = status;
    this.description = description;
  }

  /// Never `OK`.
  public GrpcStatus status() {
    return status;
  }

  /// What went wrong, in the server's words if it answered.
  public String description() {
    return description;
  }
}
