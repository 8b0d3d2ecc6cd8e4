package dev.tiphys.storage.sidecar;

import com.google.protobuf.MessageLite;
import dev.tiphys.grpc.GrpcException;
import dev.tiphys.grpc.GrpcMethod;

/// The driver that helpers work for.
///
/// Threads: any. Calls wait for the answer.
@FunctionalInterface
public interface DriverCalls {

  /// @throws GrpcException if the driver refuses, or does not answer in time
  <Q extends MessageLite, R extends MessageLite> R call(GrpcMethod<Q, R> method, Q request)
      throws InterruptedException;
}
