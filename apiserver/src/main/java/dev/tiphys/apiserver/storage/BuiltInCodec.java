package dev.tiphys.apiserver.storage;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.ProtobufCodec;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.defaults.Defaults;

/// Built-in kinds: protobuf in upstream's envelope, and JSON is read as well.
///
/// @param resource in the version that is stored
/// @param type what its objects look like
/// @param version the version that the bytes say they are in
public record BuiltInCodec(Resource resource, Type type, GroupVersion version) implements Codec {

  @Override
  public byte[] encode(Struct object) {
    Struct bare = object.withoutAt("metadata", "resourceVersion").withoutAt("metadata", "selfLink");
    return ProtobufCodec.encode(bare, version.toString(), resource.kind(), type);
  }

  @Override
  public Struct decode(byte[] bytes) {
    Struct object =
        ProtobufCodec.isEnvelope(bytes)
            ? ProtobufCodec.decodeMessage(ProtobufCodec.open(bytes).message(), type)
            : Json.struct(bytes);
    Struct typed =
        StructBuilder.from(object)
            .add("apiVersion", resource.groupVersion().toString())
            .add("kind", resource.kind())
            .build();
    return Defaults.apply(resource, typed);
  }
}
