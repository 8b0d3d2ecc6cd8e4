package dev.tiphys.apiserver.custom;

import dev.tiphys.apiserver.storage.Codec;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;

/// Custom objects in whatever version they were stored in. What is done by metadata alone, such as
/// deleting, needs no conversion, and so not the webhook that would do it.
record UntouchedCodec() implements Codec {

  @Override
  public byte[] encode(Struct object) {
    return Json.bytes(object.withoutAt("metadata", "resourceVersion"));
  }

  @Override
  public Struct decode(byte[] bytes) {
    return Json.struct(bytes);
  }
}
