import org.jspecify.annotations.NullMarked;

/// gRPC on this machine, over unix sockets.
@NullMarked
module dev.tiphys.grpc {
  requires static transitive org.jspecify;
  requires transitive com.google.protobuf;
  requires transitive dev.tiphys.world;
  requires transitive io.netty.transport;
  requires io.netty.buffer;
  requires io.netty.codec.http2;
  requires transitive io.netty.common;

  exports dev.tiphys.grpc;
}
