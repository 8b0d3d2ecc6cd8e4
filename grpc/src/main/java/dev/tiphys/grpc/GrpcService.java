package dev.tiphys.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a [GrpcServer] answers: methods that take one message and give one.
///
/// Threads: set up by one, then used by any.
public final class GrpcService {

  /// Answers one call. May wait; is interrupted when the caller goes away.
  ///
  /// @param <Q> what it is asked
  /// @param <R> what it answers
  @FunctionalInterface
  public interface Handler<Q extends MessageLite, R extends MessageLite> {
    /// @throws GrpcException to refuse
    R answer(Q request) throws InterruptedException;
  }

  private final Map<String, Answering> methods = new HashMap<>();

  /// A method with its messages as bytes.
  @FunctionalInterface
  interface Answering {
    MessageLite answer(byte[] request) throws InterruptedException;
  }

  /// Adds a method.
  ///
  /// @param requests reads what it is asked
  public <Q extends MessageLite, R extends MessageLite> GrpcService on(
      GrpcMethod<Q, R> method, Parser<Q> requests, Handler<Q, R> handler) {
    methods.put(method.path(), bytes -> handler.answer(parsed(requests, bytes)));
    return this;
  }

  private static <Q extends MessageLite> Q parsed(Parser<Q> parser, byte[] bytes) {
    try {
      return parser.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new GrpcException(GrpcStatus.INTERNAL, "unreadable message: " + e.getMessage(), e);
    }
  }

  /// The method at a path; null if there is none.
  @Nullable Answering find(String path) {
    return methods.get(path);
  }
}
