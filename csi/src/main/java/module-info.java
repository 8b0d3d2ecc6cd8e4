import org.jspecify.annotations.NullMarked;

/// The container storage interface: generated messages, and the methods that take them.
@NullMarked
module dev.tiphys.csi {
  requires static transitive org.jspecify;
  requires transitive com.google.protobuf;
  requires transitive dev.tiphys.grpc;

  exports dev.tiphys.csi;
}
