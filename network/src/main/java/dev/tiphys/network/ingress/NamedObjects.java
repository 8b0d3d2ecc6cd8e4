package dev.tiphys.network.ingress;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ListOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The objects of one kind that annotations of Ingresses name. Only these are watched, each by
/// itself.
///
/// Not shared between threads.
final class NamedObjects implements AutoCloseable {

  private final World world;
  private final Api api;
  private final ApiResource resource;
  private final Consumer<ObjectKey> changed;
  private final Map<ObjectKey, Informer> watched = new HashMap<>();
  private final Map<ObjectKey, Set<ObjectKey>> users = new HashMap<>();

  /// @param changed is told which object has changed; from any thread
  NamedObjects(World world, Api api, ApiResource resource, Consumer<ObjectKey> changed) {
    this.world = world;
    this.api = api;
    this.resource = resource;
    this.changed = changed;
  }

  /// The object, as it is known now; null if it is not there, or not known yet.
  ///
  /// @param user the Ingress that names it
  @Nullable Struct find(ObjectKey named, ObjectKey user) {
    users.computeIfAbsent(named, _ -> new HashSet<>()).add(user);
    Informer informer =
        watched.computeIfAbsent(
            named,
            key ->
                new Informer(
                        world,
                        api,
                        resource,
                        key.namespace(),
                        ListOptions.withFields("metadata.name=" + key.name()))
                    .listen(Informer.Listener.ofAll(_ -> changed.accept(key)))
                    .start());
    return informer.find(named);
  }

  /// The Ingresses that name an object.
  Set<ObjectKey> users(ObjectKey named) {
    return Set.copyOf(users.getOrDefault(named, Set.of()));
  }

  /// An Ingress names no object any more, or will name it again.
  void leave(ObjectKey user) {
    users.values().forEach(all -> all.remove(user));
  }

  /// Ends what no Ingress names.
  void dropUnused() {
    users
        .entrySet()
        .removeIf(
            each -> {
              boolean unused = each.getValue().isEmpty();
              Informer informer = unused ? watched.remove(each.getKey()) : null;
              if (informer != null) {
                informer.close();
              }
              return unused;
            });
  }

  @Override
  public void close() {
    watched.values().forEach(Informer::close);
    watched.clear();
  }
}
