package dev.tiphys.node.sync;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ListOptions;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.object.Struct;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Watches the ConfigMaps, Secrets and trust bundles that the volumes of Pods show: each with one
/// watch, however many Pods name it, for as long as one does. What can't change any more is not
/// watched.
///
/// Threads: any.
public final class ReferenceWatches implements AutoCloseable {
  private final World world;
  private final Api api;
  private final Map<Reference, Watched> watched = new HashMap<>();

  /// What a Pod names: one object, or all of a signer's.
  ///
  /// @param fields the selector that finds it
  record Reference(ApiResource resource, String namespace, String fields) {
    static Reference named(ApiResource resource, String namespace, String name) {
      return new Reference(resource, namespace, "metadata.name=" + name);
    }
  }

  /// @param listeners what to tell, by the uid of the Pod
  /// @param informer null if the object can't change
  private record Watched(Map<String, Runnable> listeners, @Nullable Informer informer) {}

  public ReferenceWatches(World world, Api api) {
    this.world = world;
    this.api = api;
  }

  /// Watches what a Pod's volumes name.
  ///
  /// @param onChange told when one of them has changed, came or went; it must not wait
  void watch(Pod pod, Runnable onChange) {
    Set<Reference> wanted = of(pod);
    synchronized (watched) {
      for (Reference reference : wanted) {
        Watched known = watched.computeIfAbsent(reference, this::start);
        known.listeners.put(pod.uid(), onChange);
      }
    }
  }

  /// The Pod is not to be told any more.
  void forget(String uid) {
    List<Informer> unused = new ArrayList<>();
    synchronized (watched) {
      watched
          .values()
          .removeIf(
              known -> {
                boolean last = known.listeners.remove(uid) != null && known.listeners.isEmpty();
                if (last && known.informer != null) {
                  unused.add(known.informer);
                }
                return last;
              });
    }
    unused.forEach(Informer::close);
  }

  private Watched start(Reference reference) {
    Informer informer =
        new Informer(
            world.background(),
            api,
            reference.resource,
            reference.namespace,
            ListOptions.withFields(reference.fields));
    // What changed before the watch began is seen by a look when it has begun.
    Informer _ =
        informer
            .listen(
                Informer.Listener.ofAll(
                    object -> {
                      if (informer.synced()) {
                        tell(reference);
                      }
                      if (object.bool("immutable")) {
                        rest(reference);
                      }
                    }))
            .onSynced(() -> tell(reference))
            .start();
    return new Watched(new HashMap<>(), informer);
  }

  private void tell(Reference reference) {
    List<Runnable> listeners;
    synchronized (watched) {
      Watched known = watched.get(reference);
      listeners = known == null ? List.of() : List.copyOf(known.listeners.values());
    }
    listeners.forEach(Runnable::run);
  }

  /// Ends the watch of an object that can't change any more. Not on the informer's own task, which
  /// can't wait for itself.
  private void rest(Reference reference) {
    synchronized (watched) {
      Watched known = watched.get(reference);
      if (known != null && known.informer != null) {
        watched.put(reference, new Watched(known.listeners, null));
        world.background().start("reference-rest", known.informer::close);
      }
    }
  }

  /// The objects that a Pod's volumes name.
  static Set<Reference> of(Pod pod) {
    Set<Reference> references = new HashSet<>();
    for (Struct volume : pod.spec().structs("volumes")) {
      add(references, pod, volume);
      for (Struct part : volume.structs("projected", "sources")) {
        add(references, pod, part);
      }
    }
    return references;
  }

  private static void add(Set<Reference> references, Pod pod, Struct source) {
    String map = source.string("configMap", "name");
    if (!map.isEmpty()) {
      references.add(Reference.named(ApiResource.CONFIG_MAPS, pod.namespace(), map));
    }
    String inVolume = source.string("secret", "secretName");
    String secret = inVolume.isEmpty() ? source.string("secret", "name") : inVolume;
    if (!secret.isEmpty()) {
      references.add(Reference.named(ApiResource.SECRETS, pod.namespace(), secret));
    }
    Struct bundle = source.struct("clusterTrustBundle");
    if (bundle.has("name")) {
      references.add(Reference.named(ApiResource.CLUSTER_TRUST_BUNDLES, "", bundle.string("name")));
    } else if (bundle.has("signerName")) {
      String fields = "spec.signerName=" + bundle.string("signerName");
      references.add(new Reference(ApiResource.CLUSTER_TRUST_BUNDLES, "", fields));
    }
  }

  /// How many objects are watched.
  public int size() {
    synchronized (watched) {
      return (int) watched.values().stream().filter(known -> known.informer != null).count();
    }
  }

  @Override
  public void close() {
    List<Informer> all = new ArrayList<>();
    synchronized (watched) {
      for (Watched known : watched.values()) {
        if (known.informer != null) {
          all.add(known.informer);
        }
      }
      watched.clear();
    }
    all.forEach(Informer::close);
  }
}
