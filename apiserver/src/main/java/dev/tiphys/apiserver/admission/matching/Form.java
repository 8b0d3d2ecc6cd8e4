package dev.tiphys.apiserver.admission.matching;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.merge.MergeShape;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.TypeTable;
import dev.tiphys.schema.defaults.Defaults;

/// The version in which a webhook or policy sees a request and its objects.
///
/// @param resource in that version
/// @param kindVersion the version of the objects: that of the resource, unless a subresource has a
///   kind of its own
/// @param kind of the objects
public record Form(Resource resource, GroupVersion kindVersion, String kind) {

  static Form of(Resource resource, String subresource) {
    Resource.Subresource below = resource.subresource(subresource);
    return below == null || below.kind().equals(resource.kind())
        ? new Form(resource, resource.groupVersion(), resource.kind())
        : new Form(resource, below.groupVersion(), below.kind());
  }

  /// Whether objects are the resource's own, not those of a subresource.
  boolean isOwn() {
    return kind.equals(resource.kind());
  }

  /// An object with what it is.
  Struct named(Struct object) {
    return object.has("kind") && object.string("apiVersion").equals(kindVersion.toString())
        ? object
        : new StructBuilder()
            .add("kind", kind)
            .add("apiVersion", kindVersion.toString())
            .addAll(object.without("kind").without("apiVersion"))
            .build();
  }

  /// A changed object in its normal form, with defaults for what it lacks.
  ///
  /// @throws dev.tiphys.schema.DecodingException if a value is of the wrong type
  Struct completed(Struct object) {
    if (isOwn()) {
      return Defaults.apply(resource, resource.schema().normalize(named(object)));
    }
    Type type = TypeTable.BUILT_IN.ofKind(kindVersion, kind);
    return type == null ? object : type.normalize(named(object));
  }

  /// How server-side apply merges the objects.
  public MergeShape merging() {
    Type type = isOwn() ? null : TypeTable.BUILT_IN.ofKind(kindVersion, kind);
    return type == null ? resource.schema().merging() : type.merging();
  }

  /// The kind as a tree.
  Struct kindTree() {
    return Struct.of("group", kindVersion.group(), "version", kindVersion.version(), "kind", kind);
  }

  /// The resource as a tree.
  Struct resourceTree() {
    return Struct.of(
        "group", resource.group(), "version", resource.version(), "resource", resource.plural());
  }
}
