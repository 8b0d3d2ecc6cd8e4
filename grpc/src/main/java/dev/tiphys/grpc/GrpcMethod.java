package dev.tiphys.grpc;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;

/// One method of a gRPC service.
///
/// @param <Q> what it is asked
/// @param <R> what it answers
/// @param service the service's full name, as `runtime.v1.RuntimeService`
/// @param name the method's name, as `Version`
/// @param responses reads an answer
public record GrpcMethod<Q extends MessageLite, R extends MessageLite>(
    String service, String name, Parser<R> responses) {

  /// The path that it is called by.
  public String path() {
    return "/" + service + "/" + name;
  }
}
