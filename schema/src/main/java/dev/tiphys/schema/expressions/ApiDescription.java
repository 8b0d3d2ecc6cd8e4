package dev.tiphys.schema.expressions;

import dev.tiphys.cel.Type;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.validation.custom.SchemaTypes;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the kinds of one version of a group look like to expressions, as an OpenAPI document of
/// version 3 describes them.
///
/// Threads: any; immutable.
public final class ApiDescription {

  private static final String KIND = "x-kubernetes-group-version-kind";
  private static final String REFERENCE = "$ref";
  private static final String COMPONENTS = "#/components/schemas/";

  /// What a schema is replaced by that is a part of itself.
  private static final Struct ENDLESS = Struct.of("type", "object");

  /// What has one of several types, which is only known of a value.
  private static final Struct ANYTHING = Struct.of("x-kubernetes-int-or-string", true);

  private final GroupVersion version;
  private final Struct paths;
  private final Struct schemas;

  /// @param document which describes the version
  public ApiDescription(GroupVersion version, Struct document) {
    this.version = version;
    this.paths = document.struct("paths");
    this.schemas = document.struct("components", "schemas");
  }

  /// The kind of the objects of a resource; null if there is no such resource.
  public @Nullable String kind(String plural) {
    Struct collection = paths.struct(version.path() + "/" + plural);
    for (String method : collection.names()) {
      String kind = collection.struct(method, KIND).string("kind");
      if (!kind.isEmpty()) {
        return kind;
      }
    }
    return null;
  }

  /// The type of the objects of a kind: dynamic if expressions can't know it, null if the kind is
  /// not described.
  public @Nullable Type type(String kind) {
    for (String name : schemas.names()) {
      Struct schema = schemas.struct(name);
      if (schema.structs(KIND).stream().anyMatch(each -> isOf(each, kind))) {
        Set<String> within = new HashSet<>(Set.of(COMPONENTS + name));
        Type type = SchemaTypes.of(resolved(schema, within), true, kind);
        return type == null ? Type.DYN : type;
      }
    }
    return null;
  }

  private boolean isOf(Struct described, String kind) {
    return described.string("kind").equals(kind)
        && described.string("group").equals(version.group())
        && described.string("version").equals(version.version());
  }

  /// The schema with all that it refers to in it.
  ///
  /// @param within the references that lead to it
  private Struct resolved(Struct schema, Set<String> within) {
    String reference = reference(schema);
    if (reference.isEmpty()) {
      return withParts(schema, within);
    }
    if (!within.add(reference)) {
      return ENDLESS;
    }
    try {
      String name = reference.substring(COMPONENTS.length());
      return schemas.has(name) ? withParts(schemas.struct(name), within) : ANYTHING;
    } finally {
      within.remove(reference);
    }
  }

  /// A reference with something beside it stands in an `allOf`.
  private static String reference(Struct schema) {
    String own = schema.string(REFERENCE);
    return own.isEmpty()
        ? schema.structs("allOf").stream()
            .map(ApiDescription::reference)
            .filter(each -> !each.isEmpty())
            .findFirst()
            .orElse("")
        : own;
  }

  private Struct withParts(Struct schema, Set<String> within) {
    if (schema.string("format").equals("int-or-string")) {
      return ANYTHING;
    }
    StructBuilder all = StructBuilder.from(schema);
    if (schema.has("properties")) {
      Struct properties = schema.struct("properties");
      StructBuilder each = new StructBuilder();
      properties.names().forEach(name -> each.add(name, resolved(properties.struct(name), within)));
      all.put("properties", each.build());
    }
    for (String part : new String[] {"items", "additionalProperties"}) {
      if (schema.get(part) instanceof Struct inner) {
        all.put(part, resolved(inner, within));
      }
    }
    return all.build();
  }
}
