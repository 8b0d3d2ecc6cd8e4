package dev.tiphys.apiserver.authorization.node;

import dev.tiphys.apiserver.registry.Registry;
import dev.tiphys.apiserver.watch.StateFeed;
import dev.tiphys.object.Struct;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/// Which objects belong to which node: its Pods, what they refer to, and what that refers to in
/// turn.
///
/// Goes by the objects that this process knows when it is asked.
///
/// Threads: any.
final class Graph {

  private final Object lock = new Object();
  private final List<StateFeed> feeds;

  // guarded by lock
  private final Map<Reference, Map<String, Integer>> nodes = new HashMap<>(); // how often
  private final Map<Reference, Set<Reference>> volumes = new HashMap<>(); // of a Secret
  private final Map<Reference, Reference> claims = new HashMap<>(); // of a volume

  /// @param registries by group and plural; asked once there is a request
  Graph(BiFunction<String, String, Registry> registries) {
    feeds =
        List.of(
            new StateFeed(() -> registries.apply("", "pods"), new PodSink()),
            new StateFeed(() -> registries.apply("", "persistentvolumes"), new VolumeSink()),
            new StateFeed(
                () -> registries.apply("storage.k8s.io", "volumeattachments"),
                new NamedSink(Reference.ATTACHMENTS)),
            new StateFeed(
                () -> registries.apply("resource.k8s.io", "resourceslices"),
                new NamedSink(Reference.RESOURCE_SLICES)));
  }

  /// Whether an object belongs to a node.
  boolean relates(String node, Reference object) {
    synchronized (lock) {
      feeds.forEach(StateFeed::read);
      if (isNear(node, object)) {
        return true;
      }
      for (Reference volume : volumes.getOrDefault(object, Set.of())) {
        if (isMounted(node, volume)) {
          return true;
        }
      }
      return isMounted(node, object);
    }
  }

  private boolean isMounted(String node, Reference volume) {
    Reference claim = claims.get(volume);
    return claim != null && isNear(node, claim);
  }

  private boolean isNear(String node, Reference object) {
    return nodes.getOrDefault(object, Map.of()).containsKey(node);
  }

  private void link(Reference object, String node) {
    nodes.computeIfAbsent(object, _ -> new HashMap<>()).merge(node, 1, Integer::sum);
  }

  private void unlink(Reference object, String node) {
    nodes.computeIfPresent(
        object,
        (_, all) -> {
          all.computeIfPresent(node, (_, count) -> count == 1 ? null : count - 1);
          return all.isEmpty() ? null : all;
        });
  }

  /// Follows Pods.
  private final class PodSink implements StateFeed.Sink {
    private final Map<String, Placed> placed = new HashMap<>();

    /// A Pod on a node, with what it refers to.
    ///
    /// @param sources the parts of the Pod that references can be added to later
    private record Placed(String node, List<Object> sources, Set<Reference> references) {}

    @Override
    public void restart() {
      List.copyOf(placed.keySet()).forEach(this::remove);
    }

    @Override
    public void put(String key, Struct pod) {
      String node = pod.string("spec", "nodeName");
      if (node.isEmpty()) {
        return;
      }
      List<Object> sources =
          List.of(
              pod.string("metadata", "uid"),
              pod.list("spec", "ephemeralContainers"),
              pod.list("status", "resourceClaimStatuses"),
              pod.struct("status", "extendedResourceClaimStatus"));
      Placed before = placed.get(key);
      if (before != null && before.node.equals(node) && before.sources.equals(sources)) {
        return;
      }
      remove(key);
      Set<Reference> references = new HashSet<>(PodReferences.of(pod));
      references.add(
          new Reference(
              Reference.PODS, pod.string("metadata", "namespace"), pod.string("metadata", "name")));
      placed.put(key, new Placed(node, sources, references));
      references.forEach(each -> link(each, node));
    }

    @Override
    public void remove(String key) {
      Placed gone = placed.remove(key);
      if (gone != null) {
        gone.references.forEach(each -> unlink(each, gone.node));
      }
    }
  }

  /// Follows PersistentVolumes.
  private final class VolumeSink implements StateFeed.Sink {
    private final Map<String, Set<Reference>> secrets = new HashMap<>();

    @Override
    public void restart() {
      List.copyOf(secrets.keySet()).forEach(this::remove);
    }

    @Override
    public void put(String key, Struct volume) {
      remove(key);
      Struct claim = volume.struct("spec", "claimRef");
      if (claim.isEmpty()) {
        return;
      }
      Reference own = new Reference(Reference.VOLUMES, "", key);
      Set<Reference> needed = VolumeReferences.of(volume);
      secrets.put(key, needed);
      claims.put(
          own, new Reference(Reference.CLAIMS, claim.string("namespace"), claim.string("name")));
      needed.forEach(secret -> volumes.computeIfAbsent(secret, _ -> new HashSet<>()).add(own));
    }

    @Override
    public void remove(String key) {
      Reference own = new Reference(Reference.VOLUMES, "", key);
      claims.remove(own);
      Set<Reference> needed = secrets.remove(key);
      if (needed != null) {
        for (Reference secret : needed) {
          volumes.computeIfPresent(
              secret,
              (_, all) -> {
                all.remove(own);
                return all.isEmpty() ? null : all;
              });
        }
      }
    }
  }

  /// Follows objects of the whole cluster that name a node themselves.
  private final class NamedSink implements StateFeed.Sink {
    private final String resource;
    private final Map<String, String> known = new HashMap<>();

    NamedSink(String resource) {
      this.resource = resource;
    }

    @Override
    public void restart() {
      List.copyOf(known.keySet()).forEach(this::remove);
    }

    @Override
    public void put(String key, Struct object) {
      String node = object.string("spec", "nodeName");
      if (node.equals(known.get(key))) {
        return;
      }
      remove(key);
      if (!node.isEmpty()) {
        known.put(key, node);
        link(new Reference(resource, "", key), node);
      }
    }

    @Override
    public void remove(String key) {
      String node = known.remove(key);
      if (node != null) {
        unlink(new Reference(resource, "", key), node);
      }
    }
  }
}
