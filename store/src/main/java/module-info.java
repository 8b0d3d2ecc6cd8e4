import org.jspecify.annotations.NullMarked;

/// The revisioned key-value store under the API server: the contract and its engines.
@NullMarked
module dev.tiphys.store {
  requires static transitive org.jspecify;
  requires transitive dev.tiphys.world;
  requires com.google.protobuf;
  requires io.grpc;
  requires io.grpc.netty;
  requires io.grpc.stub;

  exports dev.tiphys.store;
  exports dev.tiphys.store.embedded;
  exports dev.tiphys.store.etcd;
}
