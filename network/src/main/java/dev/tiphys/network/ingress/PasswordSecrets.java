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

/// The Secrets with passwords that Ingresses name. Only these are watched, each by itself.
///
/// Not shared between threads.
final class PasswordSecrets implements AutoCloseable {

  private final World world;
  private final Api api;
  private final Consumer<ObjectKey> changed;
  private final Map<ObjectKey, Informer> watched = new HashMap<>();
  private final Map<ObjectKey, Set<ObjectKey>> users = new HashMap<>();

  /// @param changed is told which Secret has changed; from any thread
  PasswordSecrets(World world, Api api, Consumer<ObjectKey> changed) {
    this.world = world;
    this.api = api;
    this.changed = changed;
  }

  /// The Secret, as it is known now; null if it is not there, or not known yet.
  ///
  /// @param user the Ingress that names it
  @Nullable Struct find(ObjectKey secret, ObjectKey user) {
    users.computeIfAbsent(secret, _ -> new HashSet<>()).add(user);
    Informer informer =
        watched.computeIfAbsent(
            secret,
            key ->
                new Informer(
                        world,
                        api,
                        ApiResource.SECRETS,
                        key.namespace(),
                        ListOptions.withFields("metadata.name=" + key.name()))
                    .listen(Informer.Listener.ofAll(_ -> changed.accept(key)))
                    .start());
    return informer.find(secret);
  }

  /// The Ingresses that name a Secret.
  Set<ObjectKey> users(ObjectKey secret) {
    return Set.copyOf(users.getOrDefault(secret, Set.of()));
  }

  /// An Ingress names no Secret any more, or will name it again.
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
