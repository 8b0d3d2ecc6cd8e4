package dev.tiphys.grpc;

/// How a call ended. In the order of the numbers that the protocol gives them.
public enum GrpcStatus {
  OK("OK"),
  CANCELLED("Canceled"),
  UNKNOWN("Unknown"),
  INVALID_ARGUMENT("InvalidArgument"),
  DEADLINE_EXCEEDED("DeadlineExceeded"),
  NOT_FOUND("NotFound"),
  ALREADY_EXISTS("AlreadyExists"),
  PERMISSION_DENIED("PermissionDenied"),
  RESOURCE_EXHAUSTED("ResourceExhausted"),
  FAILED_PRECONDITION("FailedPrecondition"),
  ABORTED("Aborted"),
  OUT_OF_RANGE("OutOfRange"),
  UNIMPLEMENTED("Unimplemented"),
  INTERNAL("Internal"),
  UNAVAILABLE("Unavailable"),
  DATA_LOSS("DataLoss"),
  UNAUTHENTICATED("Unauthenticated");

  private final String display;

  GrpcStatus(String display) {
    this.display = display;
  }

  /// The name as programs written in Go print it, and as people know it from events and logs.
  public String display() {
    return display;
  }

  /// The status with this number; `UNKNOWN` if there is none.
  static GrpcStatus of(CharSequence number) {
    for (GrpcStatus status : values()) {
      if (Integer.toString(status.ordinal()).contentEquals(number)) {
        return status;
      }
    }
    return UNKNOWN;
  }
}
