package dev.tiphys.node.cri;

import com.google.protobuf.MessageLite;
import dev.tiphys.grpc.GrpcClient;
import dev.tiphys.grpc.GrpcException;
import dev.tiphys.grpc.GrpcMethod;
import dev.tiphys.node.host.Interrupts;
import dev.tiphys.node.runtime.RuntimeFailure;
import dev.tiphys.node.runtime.RuntimeFailure.Reason;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.Map;

/// Calls, with failures told in the words of the contract.
final class CriCalls {

  /// How long a runtime may take for what should take no time, as upstream has it.
  static final Duration USUAL = Duration.ofMinutes(2);

  private final World world;
  private final GrpcClient client;
  private final CallMetrics metrics = new CallMetrics();

  CriCalls(World world, GrpcClient client) {
    this.world = world;
    this.client = client;
  }

  /// Asks for something. An interrupt cancels the call.

  <Q extends MessageLite, R extends MessageLite> R call(GrpcMethod<Q, R> method, Q request)
      throws InterruptedException {
    return call(method, request, USUAL);
  }

  <Q extends MessageLite, R extends MessageLite> R call(
      GrpcMethod<Q, R> method, Q request, Duration limit) throws InterruptedException {
    long begin = world.nanoTime();
    boolean failed = true;
    try {
      R answer = client.call(method, request, Map.of(), limit);
      failed = false;
      return answer;
    } catch (GrpcException e) {
      throw failure(e);
    } finally {
      metrics.count(method.name(), failed, world.nanoTime() - begin);
    }
  }

  /// What was asked for so far.
  CallMetrics metrics() {
    return metrics;
  }

  /// Changes something: a call that an interrupt does not cancel, which would leave behind what it
  /// had done so far.
  <Q extends MessageLite, R extends MessageLite> R change(GrpcMethod<Q, R> method, Q request)
      throws InterruptedException {
    return change(method, request, USUAL);
  }

  <Q extends MessageLite, R extends MessageLite> R change(
      GrpcMethod<Q, R> method, Q request, Duration limit) throws InterruptedException {
    return Interrupts.deferred(world, "runtime-call", () -> call(method, request, limit));
  }

  /// As [#change], for what is to leave something gone: if it is not there, all is well.
  <Q extends MessageLite, R extends MessageLite> void end(
      GrpcMethod<Q, R> method, Q request, Duration limit) throws InterruptedException {
    try {
      R _ = change(method, request, limit);
    } catch (RuntimeFailure e) {
      if (e.reason() != Reason.NOT_FOUND) {
        throw e;
      }
    }
  }

  static RuntimeFailure failure(GrpcException e) {
    Reason reason =
        switch (e.status()) {
          case NOT_FOUND -> Reason.NOT_FOUND;
          case UNAVAILABLE, CANCELLED -> Reason.UNAVAILABLE;
          case DEADLINE_EXCEEDED -> Reason.TIMED_OUT;
          case UNIMPLEMENTED -> Reason.UNSUPPORTED;
          case OK,
              UNKNOWN,
              INVALID_ARGUMENT,
              ALREADY_EXISTS,
              PERMISSION_DENIED,
              RESOURCE_EXHAUSTED,
              FAILED_PRECONDITION,
              ABORTED,
              OUT_OF_RANGE,
              INTERNAL,
              DATA_LOSS,
              UNAUTHENTICATED ->
              Reason.FAILED;
        };
    return new RuntimeFailure(reason, e.status().display(), e.description(), e);
  }
}
