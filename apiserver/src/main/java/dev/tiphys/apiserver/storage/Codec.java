package dev.tiphys.apiserver.storage;

import dev.tiphys.object.Struct;

/// Between objects of a resource in one version, and their bytes in the store.
///
/// Threads: any.
public interface Codec {

  /// The bytes of an object. What the store knows already, its resourceVersion, is left out.
  byte[] encode(Struct object);

  /// The object that bytes hold, in the form that its resource has now, without resourceVersion.
  ///
  /// @throws dev.tiphys.object.encoding.EncodingException if they hold none
  /// @throws dev.tiphys.schema.DecodingException if it is none of the kind
  /// @throws dev.tiphys.object.api.ApiException if it is one, but can't be had in this form now
  Struct decode(byte[] bytes);

  /// An object as it is read again after it was encoded: with what decoding fills in.
  default Struct completed(Struct object) {
    return object;
  }

  /// Whether decoding may take long, as another program is asked: then it is not done where others
  /// would have to wait.
  default boolean mayWait() {
    return false;
  }

  /// The codec for what is done by metadata alone: objects are in whatever version they were stored
  /// in, so that none has to be converted.
  default Codec untouched() {
    return this;
  }

  /// Whether bytes are in the version that new objects are stored in. Writing an object that has
  /// not changed brings it there.
  default boolean isCurrent(byte[] bytes) {
    return true;
  }
}
