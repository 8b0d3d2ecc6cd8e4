package dev.tiphys.apiserver;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.tiphys.apiserver.encryption.kms.Kms;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// A key management plugin: its keys are numbers that it adds to every byte.
final class KmsServer implements AutoCloseable {

  final AtomicInteger encryptions = new AtomicInteger();
  final AtomicInteger decryptions = new AtomicInteger();
  volatile String health = "ok";
  volatile int key;
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Server server;

  /// @param key with which it encrypts
  KmsServer(Path socket, int key) throws IOException {
    this.key = key;
    this.server =
        NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioServerDomainSocketChannel.class)
            .bossEventLoopGroup(loops)
            .workerEventLoopGroup(loops)
            .addService(
                ServerServiceDefinition.builder("v2.KeyManagementService")
                    .addMethod(
                        method("Status", Kms.StatusRequest.parser(), Kms.StatusResponse.parser()),
                        handler(this::status))
                    .addMethod(
                        method(
                            "Encrypt", Kms.EncryptRequest.parser(), Kms.EncryptResponse.parser()),
                        handler(this::encrypt))
                    .addMethod(
                        method(
                            "Decrypt", Kms.DecryptRequest.parser(), Kms.DecryptResponse.parser()),
                        handler(this::decrypt))
                    .build())
            .build()
            .start();
  }

  private Kms.StatusResponse status(Kms.StatusRequest request) {
    return Kms.StatusResponse.newBuilder()
        .setVersion("v2")
        .setHealthz(health)
        .setKeyId("key-" + key)
        .build();
  }

  private Kms.EncryptResponse encrypt(Kms.EncryptRequest request) {
    encryptions.incrementAndGet();
    return Kms.EncryptResponse.newBuilder()
        .setKeyId("key-" + key)
        .setCiphertext(shifted(request.getPlaintext(), key))
        .putAnnotations("shift.example.com", ByteString.copyFromUtf8("by " + key))
        .build();
  }

  private Kms.DecryptResponse decrypt(Kms.DecryptRequest request) {
    decryptions.incrementAndGet();
    int by = Integer.parseInt(request.getKeyId().substring("key-".length()));
    String note = request.getAnnotationsMap().get("shift.example.com").toStringUtf8();
    if (!note.equals("by " + by)) {
      throw Status.INVALID_ARGUMENT.withDescription("not mine").asRuntimeException();
    }
    return Kms.DecryptResponse.newBuilder()
        .setPlaintext(shifted(request.getCiphertext(), -by))
        .build();
  }

  private static ByteString shifted(ByteString text, int by) {
    byte[] bytes = text.toByteArray();
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (bytes[i] + by);
    }
    return ByteString.copyFrom(bytes);
  }

  private static <Q, R> io.grpc.ServerCallHandler<Q, R> handler(Function<Q, R> answer) {
    return ServerCalls.asyncUnaryCall(
        (request, observer) -> {
          observer.onNext(answer.apply(request));
          observer.onCompleted();
        });
  }

  private static <Q extends MessageLite, R extends MessageLite> MethodDescriptor<Q, R> method(
      String name, Parser<Q> requests, Parser<R> responses) {
    return MethodDescriptor.<Q, R>newBuilder()
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName("v2.KeyManagementService/" + name)
        .setRequestMarshaller(new Messages<>(requests))
        .setResponseMarshaller(new Messages<>(responses))
        .build();
  }

  private record Messages<T extends MessageLite>(Parser<T> parser)
      implements MethodDescriptor.Marshaller<T> {
    @Override
    public InputStream stream(T message) {
      return new ByteArrayInputStream(message.toByteArray());
    }

    @Override
    public T parse(InputStream stream) {
      try {
        return parser.parseFrom(stream);
      } catch (InvalidProtocolBufferException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() throws InterruptedException {
    server.shutdownNow().awaitTermination();
    loops.shutdownGracefully();
  }
}
