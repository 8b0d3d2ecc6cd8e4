package dev.tiphys.schema.validation.custom;

import dev.tiphys.object.Struct;
import org.jspecify.annotations.Nullable;

/// What stands where in a schema.
final class Schemas {

  private Schemas() {}

  /// What a schema says of a field; null for nothing.
  static @Nullable Struct field(Struct schema, String name) {
    if (schema.struct("properties").get(name) instanceof Struct property) {
      return property;
    }
    return schema.get("additionalProperties") instanceof Struct others ? others : null;
  }

  /// Whether a list has keys that tell its elements apart.
  static boolean isMap(Struct schema) {
    return schema.string("x-kubernetes-list-type").equals("map")
        && !schema.list("x-kubernetes-list-map-keys").isEmpty();
  }

  static boolean isEmbedded(Struct schema) {
    return schema.bool("x-kubernetes-embedded-resource");
  }
}
