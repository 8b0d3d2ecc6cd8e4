package dev.tiphys.store.etcd;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.tiphys.store.etcd.api.CompactionRequest;
import dev.tiphys.store.etcd.api.CompactionResponse;
import dev.tiphys.store.etcd.api.LeaseGrantRequest;
import dev.tiphys.store.etcd.api.LeaseGrantResponse;
import dev.tiphys.store.etcd.api.LeaseKeepAliveRequest;
import dev.tiphys.store.etcd.api.LeaseKeepAliveResponse;
import dev.tiphys.store.etcd.api.LeaseRevokeRequest;
import dev.tiphys.store.etcd.api.LeaseRevokeResponse;
import dev.tiphys.store.etcd.api.RangeRequest;
import dev.tiphys.store.etcd.api.RangeResponse;
import dev.tiphys.store.etcd.api.StatusRequest;
import dev.tiphys.store.etcd.api.StatusResponse;
import dev.tiphys.store.etcd.api.TxnRequest;
import dev.tiphys.store.etcd.api.TxnResponse;
import dev.tiphys.store.etcd.api.WatchRequest;
import dev.tiphys.store.etcd.api.WatchResponse;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/// The methods of etcd's API that a store calls.
final class EtcdMethods {

  static final MethodDescriptor<RangeRequest, RangeResponse> RANGE =
      unary("KV/Range", RangeRequest.getDefaultInstance(), RangeResponse.getDefaultInstance());

  static final MethodDescriptor<TxnRequest, TxnResponse> TXN =
      unary("KV/Txn", TxnRequest.getDefaultInstance(), TxnResponse.getDefaultInstance());

  static final MethodDescriptor<CompactionRequest, CompactionResponse> COMPACT =
      unary(
          "KV/Compact",
          CompactionRequest.getDefaultInstance(),
          CompactionResponse.getDefaultInstance());

  static final MethodDescriptor<LeaseGrantRequest, LeaseGrantResponse> LEASE_GRANT =
      unary(
          "Lease/LeaseGrant",
          LeaseGrantRequest.getDefaultInstance(),
          LeaseGrantResponse.getDefaultInstance());

  static final MethodDescriptor<LeaseRevokeRequest, LeaseRevokeResponse> LEASE_REVOKE =
      unary(
          "Lease/LeaseRevoke",
          LeaseRevokeRequest.getDefaultInstance(),
          LeaseRevokeResponse.getDefaultInstance());

  static final MethodDescriptor<LeaseKeepAliveRequest, LeaseKeepAliveResponse> LEASE_KEEP_ALIVE =
      method(
          MethodType.BIDI_STREAMING,
          "Lease/LeaseKeepAlive",
          LeaseKeepAliveRequest.getDefaultInstance(),
          LeaseKeepAliveResponse.getDefaultInstance());

  static final MethodDescriptor<WatchRequest, WatchResponse> WATCH =
      method(
          MethodType.BIDI_STREAMING,
          "Watch/Watch",
          WatchRequest.getDefaultInstance(),
          WatchResponse.getDefaultInstance());

  static final MethodDescriptor<StatusRequest, StatusResponse> STATUS =
      unary(
          "Maintenance/Status",
          StatusRequest.getDefaultInstance(),
          StatusResponse.getDefaultInstance());

  private EtcdMethods() {}

  private static <Q extends MessageLite, A extends MessageLite> MethodDescriptor<Q, A> unary(
      String name, Q request, A answer) {
    return method(MethodType.UNARY, name, request, answer);
  }

  private static <Q extends MessageLite, A extends MessageLite> MethodDescriptor<Q, A> method(
      MethodType type, String name, Q request, A answer) {
    return MethodDescriptor.newBuilder(new Messages<>(request), new Messages<>(answer))
        .setType(type)
        .setFullMethodName("etcdserverpb." + name)
        .build();
  }

  /// @param prototype any message of the kind
  private record Messages<M extends MessageLite>(M prototype) implements Marshaller<M> {

    @Override
    public InputStream stream(M message) {
      return new ByteArrayInputStream(message.toByteArray());
    }

    @Override
    @SuppressWarnings("unchecked") // a message's parser makes messages of its own kind
    public M parse(InputStream bytes) {
      try {
        return (M) prototype.getParserForType().parseFrom(bytes.readAllBytes());
      } catch (InvalidProtocolBufferException e) {
        throw Status.INTERNAL.withDescription("not a message").withCause(e).asRuntimeException();
      } catch (IOException e) {
        throw Status.UNAVAILABLE.withCause(e).asRuntimeException();
      }
    }
  }
}
