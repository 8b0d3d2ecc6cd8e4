package dev.tiphys.schema.structural;

import dev.tiphys.object.Struct;
import dev.tiphys.object.merge.MergeShape;
import dev.tiphys.object.merge.MergeShape.MapShape;
import dev.tiphys.object.merge.MergeShape.Ownership;
import dev.tiphys.object.merge.MergeShape.Scalars;
import dev.tiphys.schema.TypeTable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// How custom objects are merged by server-side apply: the words `x-kubernetes-list-type`,
/// `-list-map-keys`, `-map-type` and `-preserve-unknown-fields` of their schema.
///
/// Threads: any.
final class StructuralMerging implements MapShape {

  private static final MergeShape METADATA =
      TypeTable.BUILT_IN.type("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta").merging();
  private static final MergeShape TEXT = MergeShape.ofScalars(Scalars.STRING);

  private final Struct schema;
  private final boolean embedded;
  private final Map<String, MergeShape> shapes = new ConcurrentHashMap<>();

  private StructuralMerging(Struct schema, boolean embedded) {
    this.schema = schema;
    this.embedded = embedded;
  }

  /// The shape of whole objects.
  static MergeShape ofObject(Struct schema) {
    return MergeShape.ofMap(new StructuralMerging(schema, true));
  }

  private static MergeShape of(Struct schema) {
    return switch (schema.string("type")) {
      case "string" -> TEXT;
      case "integer", "number" -> MergeShape.ofScalars(Scalars.NUMBER);
      case "boolean" -> MergeShape.ofScalars(Scalars.BOOLEAN);
      case "array" ->
          MergeShape.ofList(
              switch (schema.string("x-kubernetes-list-type")) {
                case "set" -> Ownership.SET;
                case "map" -> Ownership.MAP;
                default -> Ownership.ATOMIC;
              },
              schema.strings("x-kubernetes-list-map-keys"),
              of(schema.struct("items")));
      case "object" ->
          MergeShape.ofMap(
              new StructuralMerging(schema, schema.bool("x-kubernetes-embedded-resource")));
      default ->
          schema.bool("x-kubernetes-preserve-unknown-fields")
              ? MergeShape.DEDUCED
              : MergeShape.WHOLE;
    };
  }

  @Override
  public boolean isAtomic() {
    return schema.string("x-kubernetes-map-type").equals("atomic");
  }

  @Override
  public boolean declares(String field) {
    return schema.struct("properties").get(field) != null || meta(field) != null;
  }

  @Override
  public @Nullable MergeShape field(String name) {
    MergeShape meta = meta(name);
    if (meta != null) {
      return meta;
    }
    return schema.struct("properties").get(name) instanceof Struct property
        ? shapes.computeIfAbsent(name, _ -> of(property))
        : others();
  }

  private @Nullable MergeShape meta(String field) {
    if (!embedded) {
      return null;
    }
    return switch (field) {
      case "apiVersion", "kind" -> TEXT;
      case "metadata" -> METADATA;
      default -> null;
    };
  }

  /// What may stand in fields that the schema does not name.
  private @Nullable MergeShape others() {
    if (schema.get("additionalProperties") instanceof Struct entries) {
      return shapes.computeIfAbsent("", _ -> of(entries));
    }
    boolean open =
        schema.bool("additionalProperties")
            || schema.bool("x-kubernetes-preserve-unknown-fields")
            || schema.struct("properties").isEmpty();
    return open ? MergeShape.DEDUCED : null;
  }

  @Override
  public @Nullable Object fallback(String field) {
    return schema.get("properties", field, "default");
  }
}
