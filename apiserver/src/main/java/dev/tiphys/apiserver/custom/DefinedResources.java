package dev.tiphys.apiserver.custom;

import dev.tiphys.apiserver.discovery.VersionPriority;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.structural.StructuralSchema;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The resources that a definition defines: one for each of its versions.
final class DefinedResources {

  private static final List<String> VERBS =
      List.of("delete", "deletecollection", "get", "list", "patch", "create", "update", "watch");

  private static final List<String> BELOW = List.of("get", "patch", "update");

  private DefinedResources() {}

  /// Those of the versions that are served; none before the definition is established.
  static List<Resource> served(Definition definition) {
    List<Resource> resources = new ArrayList<>();
    if (!definition.is("Established")) {
      return resources;
    }
    for (Struct version : definition.versions()) {
      if (version.bool("served")) {
        resources.add(resource(definition, version));
      }
    }
    return resources;
  }

  /// That of the version that is stored, whether it is served or not; null if there is none.
  static @Nullable Resource stored(Definition definition) {
    for (Struct version : definition.versions()) {
      if (version.bool("storage")) {
        return resource(definition, version);
      }
    }
    return null;
  }

  private static Resource resource(Definition definition, Struct version) {
    Struct names = definition.acceptedNames();
    String plural = names.string("plural");
    GroupVersion groupVersion = new GroupVersion(definition.group(), version.string("name"));
    Struct below = version.struct("subresources");
    Set<Resource.Rule> rules = EnumSet.of(Resource.Rule.NEEDS_VERSION);
    if (definition.is("Terminating")) {
      rules.add(Resource.Rule.TERMINATING);
    }
    return new Resource(
        groupVersion,
        plural,
        names.string("singular"),
        names.string("kind"),
        StructuralSchema.of(
            groupVersion, names.string("kind"), version.struct("schema", "openAPIV3Schema")),
        definition.isNamespaced(),
        names.strings("shortNames"),
        names.strings("categories"),
        VERBS,
        new Resource.Storage(
            definition.group() + "/" + plural,
            new GroupVersion(definition.group(), definition.storedVersion())),
        version.structs("selectableFields").stream()
            .map(field -> dotted(field.string("jsonPath")))
            .toList(),
        new Resource.Generation(true, List.of()),
        below.has("status") ? new Resource.Status(false, Resource.StatusMetadata.KEPT) : null,
        rules,
        subresources(groupVersion, names.string("kind"), below),
        below.has("scale") ? scale(below.struct("scale")) : null,
        columns(version.structs("additionalPrinterColumns")),
        deprecation(definition, version));
  }

  private static List<Resource.Subresource> subresources(
      GroupVersion groupVersion, String kind, Struct below) {
    List<Resource.Subresource> subresources = new ArrayList<>();
    if (below.has("status")) {
      subresources.add(new Resource.Subresource("status", groupVersion, kind, BELOW));
    }
    if (below.has("scale")) {
      GroupVersion autoscaling = new GroupVersion("autoscaling", "v1");
      subresources.add(new Resource.Subresource("scale", autoscaling, "Scale", BELOW));
    }
    return subresources;
  }

  private static Resource.Scale scale(Struct scale) {
    return new Resource.Scale(
        dotted(scale.string("specReplicasPath")),
        dotted(scale.string("statusReplicasPath")),
        dotted(scale.string("labelSelectorPath")));
  }

  /// A simple JSONPath, without the dot in front.
  private static String dotted(String jsonPath) {
    return jsonPath.startsWith(".") ? jsonPath.substring(1) : jsonPath;
  }

  private static List<Resource.Column> columns(List<Struct> additional) {
    List<Resource.Column> columns = new ArrayList<>();
    columns.add(new Resource.Column("Name", "string", "name", 0, "{.metadata.name}"));
    for (Struct column : additional) {
      String path = column.string("jsonPath");
      String description = column.string("description");
      columns.add(
          new Resource.Column(
              column.string("name"),
              column.string("type"),
              column.string("format"),
              (int) column.integer("priority"),
              "{" + path + "}",
              description.isEmpty()
                  ? "Custom resource definition column (in JSONPath format): " + path
                  : description));
    }
    if (additional.isEmpty()) {
      columns.add(new Resource.Column("Age", "date", "", 0, "{.metadata.creationTimestamp}"));
    }
    return columns;
  }

  /// What callers of a version are warned of; empty for nothing.
  private static String deprecation(Definition definition, Struct version) {
    if (!version.bool("deprecated")) {
      return "";
    }
    if (version.has("deprecationWarning")) {
      return version.string("deprecationWarning");
    }
    String kind = definition.names().string("kind");
    String text = definition.group() + "/" + version.string("name") + " " + kind + " is deprecated";
    String deprecated = version.string("name");
    return definition.versions().stream()
        .filter(other -> other.bool("served") && !other.bool("deprecated"))
        .map(other -> other.string("name"))
        .filter(other -> VersionPriority.ORDER.compare(other, deprecated) < 0)
        .min(VersionPriority.ORDER)
        .map(successor -> text + "; use " + definition.group() + "/" + successor + " " + kind)
        .orElse(text);
  }
}
