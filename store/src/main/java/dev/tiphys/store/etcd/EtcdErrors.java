package dev.tiphys.store.etcd;

import dev.tiphys.store.StoreException;
import dev.tiphys.store.StoreException.Reason;
import io.grpc.Status;

/// What etcd's errors mean. It tells some of them apart only by their texts.
final class EtcdErrors {

  private EtcdErrors() {}

  static StoreException of(Throwable thrown) {
    Status status = Status.fromThrowable(thrown);
    String description = String.valueOf(status.getDescription());
    return new StoreException(
        reason(status.getCode(), description),
        "etcd: %s: %s".formatted(status.getCode(), description),
        thrown);
  }

  private static Reason reason(Status.Code code, String description) {
    return switch (code) {
      case OUT_OF_RANGE ->
          description.contains("future revision") ? Reason.FUTURE : Reason.COMPACTED;
      case NOT_FOUND -> Reason.NO_LEASE;
      case INVALID_ARGUMENT ->
          description.contains("too large") ? Reason.TOO_LARGE : Reason.UNAVAILABLE;
      case RESOURCE_EXHAUSTED -> exhausted(description);
      case DATA_LOSS -> Reason.CORRUPT;
      case OK,
          CANCELLED,
          UNKNOWN,
          DEADLINE_EXCEEDED,
          ALREADY_EXISTS,
          PERMISSION_DENIED,
          FAILED_PRECONDITION,
          ABORTED,
          UNIMPLEMENTED,
          INTERNAL,
          UNAVAILABLE,
          UNAUTHENTICATED ->
          Reason.UNAVAILABLE;
    };
  }

  private static Reason exhausted(String description) {
    if (description.contains("space exceeded")) {
      return Reason.NO_SPACE;
    }
    return description.contains("larger than max") ? Reason.TOO_LARGE : Reason.UNAVAILABLE;
  }
}
