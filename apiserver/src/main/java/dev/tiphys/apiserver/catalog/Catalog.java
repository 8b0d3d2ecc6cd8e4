package dev.tiphys.apiserver.catalog;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.conversion.Conversions;
import dev.tiphys.apiserver.encryption.Encryption;
import dev.tiphys.apiserver.flow.FlowRecorder;
import dev.tiphys.apiserver.registry.Registry;
import dev.tiphys.apiserver.registry.Strategy;
import dev.tiphys.apiserver.storage.Codec;
import dev.tiphys.apiserver.storage.Storage;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.schema.Resource;
import dev.tiphys.store.Store;
import dev.tiphys.world.World;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The resources that the server serves. They can change: a [CatalogSnapshot] is replaced by
/// another as a whole, so that nothing that looks at one sees half of a change. What follows from
/// it, as discovery does, is [Derived] and made anew.
///
/// Threads: any.
public final class Catalog {

  private final List<Resource> unserved;
  private final Store store;
  private final World world;
  private final Admission admission;
  private final FlowRecorder flow;
  private final Function<Resource, Strategy> strategies;
  private final Function<Resource, Codec> codecs;
  private final Encryption encryption;
  private final Conversions conversions;
  private final AtomicLong forms = new AtomicLong();
  private final List<Runnable> followers = new CopyOnWriteArrayList<>();
  private volatile CatalogSnapshot snapshot;

  /// @param resources that are served to begin with
  /// @param unserved resources that have a registry all the same
  /// @param flow told of every write
  /// @param strategies what is special to a kind, by its resource
  /// @param codecs how objects become bytes, by their resource
  /// @param encryption how bytes are encrypted
  /// @param conversions how served versions differ from the stored one
  public Catalog(
      List<Resource> resources,
      List<Resource> unserved,
      Store store,
      World world,
      Admission admission,
      FlowRecorder flow,
      Function<Resource, Strategy> strategies,
      Function<Resource, Codec> codecs,
      Encryption encryption,
      Conversions conversions) {
    this.unserved = List.copyOf(unserved);
    this.store = store;
    this.world = world;
    this.admission = admission;
    this.flow = flow;
    this.strategies = strategies;
    this.codecs = codecs;
    this.encryption = encryption;
    this.conversions = conversions;
    this.snapshot =
        new CatalogSnapshot(
            1, resources, this.unserved, this::registryOf, this::untouchedOf, conversions);
  }

  /// Serves these resources from now on, and no others. The registries of resources that stay as
  /// they are stay too, with all that is known of their objects.
  public synchronized void replace(List<Resource> resources) {
    CatalogSnapshot old = snapshot;
    long generation = old.generation() + 1;
    snapshot =
        new CatalogSnapshot(
            generation,
            resources,
            unserved,
            held -> {
              Endpoint known = old.find(held.groupVersion(), held.plural());
              if (known != null && known.registry().resource().equals(held)) {
                return known.registry();
              }
              Registry hidden = old.findRegistry(held.group(), held.plural());
              return hidden != null && hidden.resource().equals(held) ? hidden : registryOf(held);
            },
            held -> {
              Resource resource = held.resource();
              Endpoint known = old.find(resource.groupVersion(), resource.plural());
              return known != null && known.registry() == held
                  ? known.untouched()
                  : untouchedOf(held);
            },
            conversions);
    followers.forEach(Runnable::run);
  }

  /// Has a follower told each time that other resources are served: it must not wait for anything.
  /// Returns what ends that.
  public Runnable follow(Runnable follower) {
    followers.add(follower);
    return () -> followers.remove(follower);
  }

  private Registry registryOf(Resource resource) {
    return registryOf(resource, codecs.apply(resource), forms.incrementAndGet());
  }

  private Registry untouchedOf(Registry registry) {
    Codec codec = codecs.apply(registry.resource());
    Codec untouched = codec.untouched();
    return untouched == codec ? registry : registryOf(registry.resource(), untouched);
  }

  /// The objects of a resource, whether it is served or not.
  ///
  /// @param codec between the form in which they are wanted, which no other caller wants, and their
  ///   bytes
  public Registry registryOf(Resource resource, Codec codec) {
    return registryOf(resource, codec, 0);
  }

  /// @param form counts the forms of objects: those of the highest are kept
  private Registry registryOf(Resource resource, Codec codec, long form) {
    Resource.Storage stored = resource.storage();
    if (stored == null) {
      throw new IllegalArgumentException("not stored: " + resource);
    }
    String group = stored.groupVersion().group();
    Storage storage =
        new Storage(
            store,
            resource,
            stored.prefix(),
            codec,
            encryption.of(group, resource.plural()),
            flow,
            form);
    return new Registry(resource, storage, strategies.apply(resource), admission, world);
  }

  /// What is served now.
  public CatalogSnapshot snapshot() {
    return snapshot;
  }

  /// Whether a registry is one of those that are served now.
  public boolean holds(Registry registry) {
    return snapshot.holds(registry);
  }

  /// A resource with objects, as served in one version; null if there is none of that name.
  public @Nullable Endpoint find(GroupVersion groupVersion, String plural) {
    return snapshot.find(groupVersion, plural);
  }

  /// The resource that people mean by a name: a plural, with or without its group, a singular, a
  /// short name or a kind. Null if there is none.
  public @Nullable Endpoint named(String name) {
    for (Resource resource : resources()) {
      if (isNamed(resource, name)) {
        Endpoint found = find(resource.groupVersion(), resource.plural());
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private static boolean isNamed(Resource resource, String name) {
    return resource.plural().equals(name)
        || resource.groupResource().equals(name)
        || resource.singular().equals(name)
        || resource.kind().equalsIgnoreCase(name)
        || resource.shortNames().contains(name);
  }

  /// A resource without objects, such as reviews; null if there is none of that name.
  public @Nullable Resource findVirtual(GroupVersion groupVersion, String plural) {
    return snapshot.findVirtual(groupVersion, plural);
  }

  /// The versions in which anything is served.
  public List<GroupVersion> groupVersions() {
    return resources().stream().map(Resource::groupVersion).distinct().toList();
  }

  /// The registry of a built-in resource that is known to exist.
  public Registry registry(String group, String plural) {
    Registry found = snapshot.findRegistry(group, plural);
    if (found != null) {
      return found;
    }
    throw new IllegalArgumentException("no such resource: " + plural + "." + group);
  }

  /// All resources: those without objects, then the others in the order of their table.
  public List<Resource> resources() {
    return snapshot.resources();
  }

  public Collection<Registry> registries() {
    return snapshot.registries();
  }
}
