package dev.tiphys.apiserver.custom;

import dev.tiphys.apiserver.storage.Codec;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.structural.StructuralSchema;
import java.util.function.Supplier;

/// Custom kinds: JSON in the version that new objects are stored in. Older ones are in the version
/// of their time until they are written again.
///
/// Fields that the schema of the version asked for does not have are left out when objects are
/// read, not when they are stored: another version may have them.
///
/// @param resource in the version asked for
/// @param schema what its objects look like
/// @param stored the version that new objects are stored in
/// @param converter between the versions, as the definition has it now
record CustomCodec(
    Resource resource,
    StructuralSchema schema,
    GroupVersion stored,
    Supplier<VersionConverter> converter)
    implements Codec {

  @Override
  public byte[] encode(Struct object) {
    Struct bare = object.withoutAt("metadata", "resourceVersion").withoutAt("metadata", "selfLink");
    return Json.bytes(converter.get().to(stored.toString(), bare));
  }

  @Override
  public Struct decode(byte[] bytes) {
    String apiVersion = resource.groupVersion().toString();
    Struct object = converter.get().to(apiVersion, Json.struct(bytes));
    return schema.complete(schema.normalize(object));
  }

  @Override
  public Struct completed(Struct object) {
    return schema.complete(object);
  }

  @Override
  public boolean mayWait() {
    return converter.get().mayWait();
  }

  @Override
  public Codec untouched() {
    return new UntouchedCodec();
  }

  @Override
  public boolean isCurrent(byte[] bytes) {
    return Json.struct(bytes).string("apiVersion").equals(stored.toString());
  }
}
