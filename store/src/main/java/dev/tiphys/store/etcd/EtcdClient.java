package dev.tiphys.store.etcd;

import dev.tiphys.store.StoreException;
import dev.tiphys.store.StoreException.Reason;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptors;
import io.grpc.ConnectivityState;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusException;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The connection to an etcd cluster. It is made anew when it breaks; a call waits for that.
///
/// Threads: any; a call holds its thread.
final class EtcdClient implements AutoCloseable {

  /// How long a call may take, waiting for a connection included.
  private static final int LIMIT_SECONDS = 10;

  /// A list's answer can be large.
  private static final int LARGEST_ANSWER = 512 << 20;

  /// Lets etcd end a watch when its member has lost the others.
  private static final Metadata.Key<String> REQUIRE_LEADER =
      Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);

  private final ManagedChannel channel;
  private final Channel withLeader;

  @SuppressWarnings("deprecation") // the other way to name several addresses is a global one
  EtcdClient(List<URI> endpoints, @Nullable EtcdTls tls) {
    this.channel =
        NettyChannelBuilder.forTarget("etcd:///", credentials(tls))
            .nameResolverFactory(new Endpoints(endpoints))
            .directExecutor()
            .keepAliveTime(30, TimeUnit.SECONDS)
            .keepAliveTimeout(10, TimeUnit.SECONDS)
            .maxInboundMessageSize(LARGEST_ANSWER)
            .build();
    Metadata leader = new Metadata();
    leader.put(REQUIRE_LEADER, "true");
    this.withLeader =
        ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(leader));
  }

  private static ChannelCredentials credentials(@Nullable EtcdTls tls) {
    if (tls == null) {
      return InsecureChannelCredentials.create();
    }
    try {
      return TlsChannelCredentials.newBuilder()
          .trustManager(tls.authority().toFile())
          .keyManager(tls.certificate().toFile(), tls.key().toFile())
          .build();
    } catch (IOException e) {
      throw new StoreException(
          Reason.UNAVAILABLE, "the certificates for etcd can't be read: " + e, e);
    }
  }

  <Q, A> A call(MethodDescriptor<Q, A> method, Q request) {
    hasten();
    try {
      return ClientCalls.blockingV2UnaryCall(
          channel,
          method,
          CallOptions.DEFAULT.withDeadlineAfter(LIMIT_SECONDS, TimeUnit.SECONDS).withWaitForReady(),
          request);
    } catch (StatusException e) {
      throw EtcdErrors.of(e);
    }
  }

  /// Begins a call whose two sides may send many messages. The caller ends it.
  <Q, A> BlockingClientCall<Q, A> open(MethodDescriptor<Q, A> method) {
    hasten();
    return ClientCalls.blockingBidiStreamingCall(withLeader, method, CallOptions.DEFAULT);
  }

  /// Left alone, gRPC would wait longer and longer between its attempts to connect.
  private void hasten() {
    if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
      channel.resetConnectBackoff();
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
