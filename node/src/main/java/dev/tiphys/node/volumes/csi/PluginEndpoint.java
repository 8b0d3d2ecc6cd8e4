package dev.tiphys.node.volumes.csi;

import com.google.protobuf.MessageLite;
import dev.tiphys.grpc.GrpcMethod;

/// A process that answers calls on a socket of this node.
///
/// Threads: any.
public interface PluginEndpoint extends AutoCloseable {

  /// Asks one question and waits for the answer, two minutes at most.
  ///
  /// @throws dev.tiphys.grpc.GrpcException if there is no answer, or a refusal
  <Q extends MessageLite, R extends MessageLite> R call(GrpcMethod<Q, R> method, Q request)
      throws InterruptedException;

  @Override
  void close();
}
