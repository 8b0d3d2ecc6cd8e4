package dev.tiphys.apiserver.discovery;

import dev.tiphys.apiserver.aggregation.RemoteGroup;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What other servers say that they serve, from the form of old, `APIResourceList`, to that in
/// which all groups are told together.
final class RemoteResources {

  private RemoteResources() {}

  /// A version of a group as it stands in the document of all groups.
  static Struct aggregated(RemoteGroup group) {
    Map<String, StructBuilder> resources = new LinkedHashMap<>();
    Map<String, List<Object>> below = new LinkedHashMap<>();
    for (Struct each : group.resources().structs("resources")) {
      String[] name = each.string("name").split("/", 2);
      if (name.length == 1) {
        resources.put(name[0], resource(group, each));
      } else {
        below
            .computeIfAbsent(name[0], _ -> new ArrayList<>())
            .add(
                new StructBuilder()
                    .add("subresource", name[1])
                    .add("responseKind", kind(group, each))
                    .add("verbs", each.list("verbs"))
                    .build());
      }
    }
    List<Object> all = new ArrayList<>();
    resources.forEach(
        (name, resource) -> {
          resource.addUnlessEmpty("subresources", List.copyOf(below.getOrDefault(name, List.of())));
          all.add(resource.build());
        });
    return Struct.of(
        "version",
        group.spec().string("version"),
        "resources",
        List.copyOf(all),
        "freshness",
        group.available() ? "Current" : "Stale");
  }

  private static StructBuilder resource(RemoteGroup group, Struct resource) {
    return new StructBuilder()
        .add("resource", resource.string("name"))
        .add("responseKind", kind(group, resource))
        .add("scope", resource.bool("namespaced") ? "Namespaced" : "Cluster")
        .add("singularResource", resource.string("singularName"))
        .add("verbs", resource.list("verbs"))
        .addUnlessEmpty("shortNames", resource.list("shortNames"))
        .addUnlessEmpty("categories", resource.list("categories"));
  }

  private static Struct kind(RemoteGroup group, Struct resource) {
    String other = resource.string("group");
    String version = resource.string("version");
    return Struct.of(
        "group",
        other.isEmpty() ? group.spec().string("group") : other,
        "version",
        version.isEmpty() ? group.spec().string("version") : version,
        "kind",
        resource.string("kind"));
  }
}
