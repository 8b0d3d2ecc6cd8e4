import org.jspecify.annotations.NullMarked;

/// The container runtime interface and containerd's own services: generated messages, the methods
/// that take them, and a small gRPC client to call these over a unix socket.
@NullMarked
module dev.tiphys.cri {
  requires static transitive org.jspecify;
  requires transitive com.google.protobuf;
  requires transitive dev.tiphys.world;
  requires transitive io.netty.transport;
  requires io.netty.buffer;
  requires io.netty.codec.http2;
  requires transitive io.netty.common;

  exports dev.tiphys.cri;
  exports dev.tiphys.cri.containerd;
  exports dev.tiphys.cri.grpc;
}
