package dev.tiphys.apiserver.catalog;

import dev.tiphys.apiserver.conversion.Conversions;
import dev.tiphys.apiserver.registry.Registry;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.structural.StructuralSchema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// All resources that the server serves at one time, and the registries of those that are stored.
///
/// Resources with the same prefix in the store are one resource in several versions, or under
/// several groups: those of built-in kinds share a registry, which holds the version that is
/// stored.
///
/// Threads: any; immutable.
public final class CatalogSnapshot {

  /// What one resource is called in paths.
  private record Path(GroupVersion groupVersion, String plural) {}

  /// What one resource is called, whatever the version.
  private record GroupResource(String group, String plural) {}

  private final long generation;
  private final List<Resource> resources;
  private final Map<Path, Endpoint> endpoints = new LinkedHashMap<>();
  private final Map<Path, Resource> virtual = new LinkedHashMap<>();
  private final Map<String, Registry> registries = new LinkedHashMap<>(); // by prefix in the store
  private final Map<GroupResource, Registry> byName = new HashMap<>();
  private final Map<String, List<Resource>> byPrefix = new HashMap<>();

  /// @param generation counts the snapshots
  /// @param unserved resources that have a registry all the same
  /// @param registryOf the registry of a resource, in the version in which objects are held
  /// @param untouchedOf the registry of the same objects as they were stored
  CatalogSnapshot(
      long generation,
      List<Resource> resources,
      List<Resource> unserved,
      Function<Resource, Registry> registryOf,
      UnaryOperator<Registry> untouchedOf,
      Conversions conversions) {
    this.generation = generation;
    Map<String, Resource> stored = new LinkedHashMap<>();
    for (Resource resource : resources) {
      Resource.Storage storage = resource.storage();
      if (storage != null
          && (!stored.containsKey(storage.prefix())
              || resource.groupVersion().equals(storage.groupVersion()))) {
        stored.put(storage.prefix(), resource);
      }
    }
    for (Resource resource : unserved) {
      Resource.Storage storage = resource.storage();
      if (storage != null) {
        stored.putIfAbsent(storage.prefix(), resource);
      }
    }
    Map<Path, Registry> apart = new HashMap<>();
    for (Resource resource : resources) {
      if (isHeldApart(resource) && !stored.containsValue(resource)) {
        apart.put(path(resource), registryOf.apply(resource));
      }
    }
    // last, so that of all forms of an object this one is kept
    stored.forEach(
        (prefix, resource) -> {
          Registry registry = registryOf.apply(resource);
          registries.put(prefix, registry);
          byName.put(new GroupResource(resource.group(), resource.plural()), registry);
        });
    for (Resource resource : resources) {
      add(resource, apart.get(path(resource)), conversions, untouchedOf);
    }
    List<Resource> all = new ArrayList<>(virtual.values());
    endpoints.values().forEach(endpoint -> all.add(endpoint.served()));
    this.resources = List.copyOf(all);
    for (Resource resource : all) {
      Resource.Storage storage = resource.storage();
      if (storage != null) {
        byPrefix.computeIfAbsent(storage.prefix(), _ -> new ArrayList<>()).add(resource);
      }
    }
  }

  private static Path path(Resource resource) {
    return new Path(resource.groupVersion(), resource.plural());
  }

  /// Whether each served version has a registry of its own: what custom objects look like in
  /// another version is known to their codec alone.
  private static boolean isHeldApart(Resource resource) {
    return switch (resource.schema()) {
      case Type _ -> false;
      case StructuralSchema _ -> resource.storage() != null;
    };
  }

  /// @param apart the registry of this version alone; null if it shares one
  private void add(
      Resource served,
      @Nullable Registry apart,
      Conversions conversions,
      UnaryOperator<Registry> untouchedOf) {
    Resource.Storage storage = served.storage();
    if (storage == null) {
      virtual.put(path(served), served);
      return;
    }
    Registry registry = apart == null ? registries.get(storage.prefix()) : apart;
    if (registry != null) {
      Resource held = registry.resource();
      endpoints.put(
          path(served),
          new Endpoint(
              served,
              registry,
              conversions.between(served, held),
              served.schema().equals(held.schema()),
              untouchedOf.apply(registry)));
    }
  }

  /// Which snapshot this is: each has a higher number than the one before.
  public long generation() {
    return generation;
  }

  /// All resources: those without objects, then the others in the order of their table.
  public List<Resource> resources() {
    return resources;
  }

  /// The resources that have the same objects in the store as one: it among them.
  List<Resource> equivalents(Resource resource) {
    Resource.Storage storage = resource.storage();
    return storage == null ? List.of() : byPrefix.getOrDefault(storage.prefix(), List.of());
  }

  boolean holds(Registry registry) {
    Endpoint endpoint = endpoints.get(path(registry.resource()));
    return endpoint != null
        && (endpoint.registry() == registry || endpoint.untouched() == registry);
  }

  @Nullable Endpoint find(GroupVersion groupVersion, String plural) {
    return endpoints.get(new Path(groupVersion, plural));
  }

  @Nullable Resource findVirtual(GroupVersion groupVersion, String plural) {
    return virtual.get(new Path(groupVersion, plural));
  }

  @Nullable Registry findRegistry(String group, String plural) {
    return byName.get(new GroupResource(group, plural));
  }

  Collection<Registry> registries() {
    return registries.values();
  }
}
