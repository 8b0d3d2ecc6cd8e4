package dev.tiphys.apiserver.discovery;

import dev.tiphys.apiserver.aggregation.RemoteGroup;
import dev.tiphys.apiserver.aggregation.RemoteGroups;
import dev.tiphys.apiserver.catalog.Catalog;
import dev.tiphys.apiserver.catalog.CatalogSnapshot;
import dev.tiphys.apiserver.catalog.Derived;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Resource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The documents of discovery. See
/// <https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api>.
///
/// Threads: any.
public final class Discovery {

  /// What is offered of a resource that is about to go.
  private static final List<String> TERMINATING =
      List.of("delete", "deletecollection", "get", "list", "watch");

  /// The resources of each version of each group, by name.
  private final Derived<Map<String, Map<String, List<Resource>>>> groups;

  private final RemoteGroups remote;

  /// @param remote what other servers serve
  public Discovery(Catalog catalog, RemoteGroups remote) {
    groups = new Derived<>(catalog, Discovery::grouped);
    this.remote = remote;
  }

  private static Map<String, Map<String, List<Resource>>> grouped(CatalogSnapshot snapshot) {
    Map<String, Map<String, List<Resource>>> groups = new LinkedHashMap<>();
    for (Resource resource : snapshot.resources()) {
      groups
          .computeIfAbsent(resource.group(), _ -> new LinkedHashMap<>())
          .computeIfAbsent(resource.version(), _ -> new ArrayList<>())
          .add(resource);
    }
    groups
        .values()
        .forEach(
            versions ->
                versions
                    .values()
                    .forEach(list -> list.sort(Comparator.comparing(Resource::plural))));
    return groups;
  }

  /// `/api`: the versions of the core group.
  ///
  /// @param address where the server can be reached, as `host:port`
  public Struct coreVersions(String address) {
    Struct here = Struct.of("clientCIDR", "0.0.0.0/0", "serverAddress", address);
    return new StructBuilder()
        .add("kind", "APIVersions") // no version of its own, as upstream's
        .add("versions", List.of("v1"))
        .add("serverAddressByClientCIDRs", List.of(here))
        .build();
  }

  /// `/apis`: all groups but the core one.
  public Struct groupList() {
    List<Object> list = new ArrayList<>();
    for (String group : names()) {
      if (!group.isEmpty()) {
        list.add(group(group));
      }
    }
    return Struct.of("kind", "APIGroupList", "apiVersion", "v1", "groups", List.copyOf(list));
  }

  /// All groups: the server's own, then those that only other servers have.
  private Set<String> names() {
    Set<String> names = new LinkedHashSet<>(groups.now().keySet());
    remote.all().forEach(each -> names.add(each.spec().string("group")));
    return names;
  }

  /// `/apis/GROUP`, or null if there is no such group.
  public @Nullable Struct findGroup(String group) {
    return names().contains(group)
        ? StructBuilder.from(group(group)).add("kind", "APIGroup").add("apiVersion", "v1").build()
        : null;
  }

  private Struct group(String group) {
    List<Struct> versions =
        versions(group).stream()
            .map(
                version ->
                    Struct.of(
                        "groupVersion",
                        new GroupVersion(group, version).toString(),
                        "version",
                        version))
            .toList();
    return Struct.of("name", group, "versions", versions, "preferredVersion", versions.getFirst());
  }

  /// The versions of a group, the preferred one first.
  private List<String> versions(String group) {
    Set<String> versions = new TreeSet<>(groups.now().getOrDefault(group, Map.of()).keySet());
    for (RemoteGroup each : remote.all()) {
      if (each.spec().string("group").equals(group)) {
        versions.add(each.spec().string("version"));
      }
    }
    return versions.stream().sorted(VersionPriority.ORDER).toList();
  }

  /// `/api/v1` or `/apis/GROUP/VERSION`, or null if there is no such version.
  public @Nullable Struct findResources(GroupVersion groupVersion) {
    List<Resource> resources =
        groups.now().getOrDefault(groupVersion.group(), Map.of()).get(groupVersion.version());
    if (resources == null) {
      return null;
    }
    List<Object> list = new ArrayList<>();
    for (Resource resource : resources) {
      list.add(resource(resource));
      for (Resource.Subresource below : resource.subresources()) {
        list.add(subresource(resource, below));
      }
    }
    return new StructBuilder()
        .add("kind", "APIResourceList")
        .add("apiVersion", "v1")
        .add("groupVersion", groupVersion.toString())
        .add("resources", List.copyOf(list))
        .build();
  }

  private static Struct resource(Resource resource) {
    return new StructBuilder()
        .add("name", resource.plural())
        .add("singularName", resource.singular())
        .add("namespaced", resource.namespaced())
        .add("kind", resource.kind())
        .add("verbs", verbs(resource))
        .addUnlessEmpty("shortNames", resource.shortNames())
        .addUnlessEmpty("categories", resource.categories())
        .addUnlessEmpty("storageVersionHash", storageHash(resource))
        .build();
  }

  private static List<String> verbs(Resource resource) {
    return resource.has(Resource.Rule.TERMINATING) ? TERMINATING : resource.verbs();
  }

  private static Struct subresource(Resource resource, Resource.Subresource below) {
    StructBuilder described =
        new StructBuilder()
            .add("name", resource.plural() + "/" + below.name())
            .add("singularName", "")
            .add("namespaced", resource.namespaced())
            .add("kind", below.kind())
            .add("verbs", below.verbs());
    if (!below.groupVersion().equals(resource.groupVersion())) {
      described.addUnlessEmpty("group", below.groupVersion().group());
      described.add("version", below.groupVersion().version());
    }
    return described.build();
  }

  /// By which clients can tell that a resource is stored in another version than before.
  private static String storageHash(Resource resource) {
    Resource.Storage storage = resource.storage();
    if (storage == null) {
      return "";
    }
    GroupVersion version = storage.groupVersion();
    String text = version.group() + "/" + version.version() + "/" + resource.kind();
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(Arrays.copyOf(digest, 8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /// `/api` or `/apis` with everything below them in one document.
  ///
  /// @param core whether of the core group only, or of all others
  /// @param version of the document: `v2` or `v2beta1`
  public Struct aggregated(boolean core, String version) {
    List<Object> items = new ArrayList<>();
    for (String group : names()) {
      if (group.isEmpty() == core) {
        items.add(aggregatedGroup(group));
      }
    }
    return new StructBuilder()
        .add("kind", "APIGroupDiscoveryList")
        .add("apiVersion", "apidiscovery.k8s.io/" + version)
        .add("metadata", Struct.EMPTY)
        .add("items", List.copyOf(items))
        .build();
  }

  private Struct aggregatedGroup(String group) {
    List<Object> versions = new ArrayList<>();
    for (String version : versions(group)) {
      RemoteGroup elsewhere = remote.find(group, version);
      if (elsewhere != null) {
        versions.add(RemoteResources.aggregated(elsewhere));
        continue;
      }
      List<Resource> resources =
          groups.now().getOrDefault(group, Map.of()).getOrDefault(version, List.of());
      versions.add(
          Struct.of(
              "version",
              version,
              "resources",
              resources.stream().map(Discovery::aggregatedResource).toList(),
              "freshness",
              "Current"));
    }
    Struct metadata = group.isEmpty() ? Struct.EMPTY : Struct.of("name", group);
    return Struct.of("metadata", metadata, "versions", List.copyOf(versions));
  }

  private static Struct aggregatedResource(Resource resource) {
    List<Object> below = new ArrayList<>();
    for (Resource.Subresource subresource : resource.subresources()) {
      below.add(
          Struct.of(
              "subresource",
              subresource.name(),
              "responseKind",
              kind(resource, subresource.groupVersion(), subresource.kind()),
              "verbs",
              subresource.verbs()));
    }
    return new StructBuilder()
        .add("resource", resource.plural())
        .add("responseKind", kind(resource, resource.groupVersion(), resource.kind()))
        .add("scope", resource.namespaced() ? "Namespaced" : "Cluster")
        .add("singularResource", resource.singular())
        .add("verbs", verbs(resource))
        .addUnlessEmpty("shortNames", resource.shortNames())
        .addUnlessEmpty("categories", resource.categories())
        .addUnlessEmpty("subresources", List.copyOf(below))
        .build();
  }

  /// A kind, whose group and version are empty if they are those of the document's part.
  private static Struct kind(Resource resource, GroupVersion groupVersion, String kind) {
    GroupVersion told =
        groupVersion.equals(resource.groupVersion()) ? new GroupVersion("", "") : groupVersion;
    return Struct.of("group", told.group(), "version", told.version(), "kind", kind);
  }
}
