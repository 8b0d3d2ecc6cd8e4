import org.jspecify.annotations.NullMarked;

/// The container runtime interface and containerd's own services: generated messages, and the
/// methods that take them.
@NullMarked
module dev.tiphys.cri {
  requires static transitive org.jspecify;
  requires transitive com.google.protobuf;
  requires transitive dev.tiphys.grpc;

  exports dev.tiphys.cri;
  exports dev.tiphys.cri.containerd;
}
