package dev.tiphys.apiserver.registry;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.flow.FlowRecorder;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Resource;
import dev.tiphys.store.Store;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// All resources that the server serves, and the registries of those that are stored.
///
/// Resources with the same prefix in the store are one resource in several versions, or under
/// several groups: they share a registry, which holds the version that is stored.
///
/// Threads: any; immutable.
public final class Catalog {

  /// What one resource is called in paths.
  private record Path(GroupVersion groupVersion, String plural) {}

  private final Map<Path, Endpoint> endpoints = new LinkedHashMap<>();
  private final Map<Path, Resource> virtual = new LinkedHashMap<>();
  private final Map<String, Registry> registries = new LinkedHashMap<>(); // by prefix in the store
  private final Map<GroupResource, Registry> byName = new HashMap<>();

  /// What one resource is called, whatever the version.
  private record GroupResource(String group, String plural) {}

  /// @param flow told of every write
  /// @param strategies what is special to a kind, by its resource
  /// @param conversions how served versions differ from the stored one
  public Catalog(
      List<Resource> resources,
      Store store,
      World world,
      Admission admission,
      FlowRecorder flow,
      Function<Resource, Strategy> strategies,
      Conversions conversions) {
    Map<String, Resource> stored = new LinkedHashMap<>();
    for (Resource resource : resources) {
      Resource.Storage storage = resource.storage();
      if (storage != null
          && (!stored.containsKey(storage.prefix())
              || resource.groupVersion().equals(storage.groupVersion()))) {
        stored.put(storage.prefix(), resource);
      }
    }
    stored.forEach(
        (prefix, resource) -> {
          Storage storage = new Storage(store, resource, storageOf(resource), flow);
          Strategy strategy = strategies.apply(resource);
          Registry registry = new Registry(resource, storage, strategy, admission, world);
          registries.put(prefix, registry);
          byName.put(new GroupResource(resource.group(), resource.plural()), registry);
        });
    for (Resource resource : resources) {
      add(resource, conversions);
    }
  }

  private static Resource.Storage storageOf(Resource resource) {
    Resource.Storage storage = resource.storage();
    if (storage == null) {
      throw new IllegalArgumentException("not stored: " + resource);
    }
    return storage;
  }

  private void add(Resource served, Conversions conversions) {
    Path path = new Path(served.groupVersion(), served.plural());
    if (served.storage() == null) {
      virtual.put(path, served);
      return;
    }
    Registry registry = registries.get(storageOf(served).prefix());
    if (registry != null) {
      Resource stored = registry.resource();
      endpoints.put(
          path,
          new Endpoint(
              served,
              registry,
              conversions.between(served, stored),
              served.type().equals(stored.type())));
    }
  }

  /// A resource with objects, as served in one version; null if there is none of that name.
  public @Nullable Endpoint find(GroupVersion groupVersion, String plural) {
    return endpoints.get(new Path(groupVersion, plural));
  }

  /// A resource without objects, such as reviews; null if there is none of that name.
  public @Nullable Resource findVirtual(GroupVersion groupVersion, String plural) {
    return virtual.get(new Path(groupVersion, plural));
  }

  /// Whether anything is served in a version.
  public boolean serves(GroupVersion groupVersion) {
    return resources().stream().anyMatch(each -> each.groupVersion().equals(groupVersion));
  }

  /// The versions in which anything is served.
  public List<GroupVersion> groupVersions() {
    return resources().stream().map(Resource::groupVersion).distinct().toList();
  }

  /// The registry of a built-in resource that is known to exist.
  public Registry registry(String group, String plural) {
    Registry found = byName.get(new GroupResource(group, plural));
    if (found != null) {
      return found;
    }
    throw new IllegalArgumentException("no such resource: " + plural + "." + group);
  }

  /// All resources, in the order of the table.
  public List<Resource> resources() {
    List<Resource> all = new ArrayList<>(virtual.values());
    endpoints.values().forEach(endpoint -> all.add(endpoint.served()));
    return all;
  }

  public Collection<Registry> registries() {
    return registries.values();
  }
}
