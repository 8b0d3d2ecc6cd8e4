package dev.tiphys.apiserver.encryption.kms;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.tiphys.apiserver.encryption.EncryptionMetrics;
import dev.tiphys.grpc.GrpcClient;
import dev.tiphys.grpc.GrpcException;
import dev.tiphys.grpc.GrpcMethod;
import dev.tiphys.grpc.GrpcStatus;
import dev.tiphys.world.World;
import io.netty.channel.EventLoopGroup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// The calls of one key management plugin.
///
/// Errors: [GrpcException].
///
/// Threads: any.
final class KmsService implements AutoCloseable {

  private static final String SERVICE = "v2.KeyManagementService";
  private static final GrpcMethod<Kms.StatusRequest, Kms.StatusResponse> STATUS =
      method("Status", Kms.StatusResponse.parser());
  private static final GrpcMethod<Kms.EncryptRequest, Kms.EncryptResponse> ENCRYPT =
      method("Encrypt", Kms.EncryptResponse.parser());
  private static final GrpcMethod<Kms.DecryptRequest, Kms.DecryptResponse> DECRYPT =
      method("Decrypt", Kms.DecryptResponse.parser());

  private final World world;
  private final String provider;
  private final GrpcClient client;
  private final Duration limit;
  private final EncryptionMetrics metrics;

  /// @param provider the plugin's name in the configuration
  /// @param limit how long a call may take
  KmsService(
      World world,
      EventLoopGroup loops,
      String provider,
      Path socket,
      Duration limit,
      EncryptionMetrics metrics) {
    this.world = world;
    this.provider = provider;
    this.client = new GrpcClient(world, loops, socket);
    this.limit = limit;
    this.metrics = metrics;
  }

  private static <Q extends MessageLite, R extends MessageLite> GrpcMethod<Q, R> method(
      String name, Parser<R> responses) {
    return new GrpcMethod<>(SERVICE, name, responses);
  }

  Kms.StatusResponse status() {
    return call(STATUS, Kms.StatusRequest.getDefaultInstance());
  }

  /// @param uid names the call in the plugin's logs
  Kms.EncryptResponse encrypt(String uid, byte[] plain) {
    return call(
        ENCRYPT,
        Kms.EncryptRequest.newBuilder()
            .setPlaintext(ByteString.copyFrom(plain))
            .setUid(uid)
            .build());
  }

  /// @param uid names the call in the plugin's logs
  byte[] decrypt(String uid, ByteString cipher, String keyId, Map<String, ByteString> annotations) {
    return call(
            DECRYPT,
            Kms.DecryptRequest.newBuilder()
                .setCiphertext(cipher)
                .setUid(uid)
                .setKeyId(keyId)
                .putAllAnnotations(annotations)
                .build())
        .getPlaintext()
        .toByteArray();
  }

  private <Q extends MessageLite, R extends MessageLite> R call(
      GrpcMethod<Q, R> method, Q request) {
    long begin = world.nanoTime();
    String name = "/" + method.service() + "/" + method.name();
    try {
      R answer = client.call(method, request, Map.of(), limit);
      metrics.called(provider, name, world.nanoTime() - begin, null);
      return answer;
    } catch (GrpcException e) {
      metrics.called(provider, name, world.nanoTime() - begin, e);
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GrpcException(GrpcStatus.CANCELLED, "context canceled", e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
