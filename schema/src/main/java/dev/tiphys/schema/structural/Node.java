package dev.tiphys.schema.structural;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a schema says of the value at one place, as far as its form is concerned.
///
/// @param properties what is said of the fields of a struct, by their name
/// @param open whether a struct may have other fields
/// @param others what is said of these; null for nothing
/// @param items what is said of the elements of a list; null for nothing
/// @param nullable whether null is a value, not the absence of one
/// @param fallback what an absent value becomes; null if it stays absent
/// @param preserves whether fields that the schema does not have are kept
/// @param embedded whether the value is an object with apiVersion, kind and metadata
record Node(
    Map<String, Node> properties,
    boolean open,
    @Nullable Node others,
    @Nullable Node items,
    boolean nullable,
    @Nullable Object fallback,
    boolean preserves,
    boolean embedded) {

  /// Reads an OpenAPI v3 schema as a CustomResourceDefinition carries it.
  static Node of(Struct schema) {
    Struct declared = schema.struct("properties");
    Map<String, Node> properties = HashMap.newHashMap(declared.size());
    declared.forEach((name, property) -> properties.put(name, ofValue(property)));
    Object others = schema.get("additionalProperties");
    Object items = schema.get("items");
    return new Node(
        Map.copyOf(properties),
        others instanceof Struct || Boolean.TRUE.equals(others),
        others instanceof Struct struct ? of(struct) : null,
        items instanceof Struct struct ? of(struct) : null,
        schema.bool("nullable"),
        schema.has("default") ? schema.get("default") : null,
        schema.bool("x-kubernetes-preserve-unknown-fields"),
        schema.bool("x-kubernetes-embedded-resource"));
  }

  private static Node ofValue(Object schema) {
    return of(schema instanceof Struct struct ? struct : Struct.EMPTY);
  }

  /// The same as the root of an object, which always has apiVersion, kind and metadata.
  Node asObject() {
    return new Node(properties, open, others, items, nullable, fallback, preserves, true);
  }

  /// What is said of a field; null for nothing.
  @Nullable Node field(String name) {
    Node property = properties.get(name);
    return property == null ? others : property;
  }

  /// Whether `value` is a null that stands for the absence of a value.
  boolean isAbsent(@Nullable Object value) {
    return value == null || (value == Null.NULL && !nullable);
  }
}
