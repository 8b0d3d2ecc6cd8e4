package dev.tiphys.storage.driver;

import dev.tiphys.grpc.GrpcException;
import dev.tiphys.grpc.GrpcStatus;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Lets one call at a time change a volume or a snapshot; the others are refused, as CSI wants it.
///
/// Threads: any.
final class Guard {

  private static final System.Logger LOG = System.getLogger(Guard.class.getName());

  private final Set<String> busy = ConcurrentHashMap.newKeySet();

  /// What is done for a call.
  @FunctionalInterface
  interface Work<R> {
    R run() throws IOException, InterruptedException;
  }

  /// Does it while no other call changes the same thing.
  ///
  /// @throws GrpcException `ABORTED` if one does, `INTERNAL` if the machine fails
  <R> R alone(String id, Work<R> work) throws InterruptedException {
    if (!busy.add(id)) {
      throw new GrpcException(
          GrpcStatus.ABORTED, "an operation with the given id %s already exists".formatted(id));
    }
    try {
      return plain(work);
    } finally {
      busy.remove(id);
    }
  }

  /// Does what changes nothing.
  static <R> R plain(Work<R> work) throws InterruptedException {
    try {
      return work.run();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "a call of the storage driver failed", e);
      GrpcStatus status =
          String.valueOf(e.getMessage()).contains("No space left on device")
              ? GrpcStatus.RESOURCE_EXHAUSTED
              : GrpcStatus.INTERNAL;
      throw new GrpcException(status, String.valueOf(e.getMessage()), e);
    }
  }

  /// @throws GrpcException `INVALID_ARGUMENT` if a field is empty
  static String require(String value, String field) {
    if (value.isEmpty()) {
      throw new GrpcException(GrpcStatus.INVALID_ARGUMENT, field + " missing in request");
    }
    return value;
  }
}
