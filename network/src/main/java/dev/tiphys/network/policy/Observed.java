package dev.tiphys.network.policy;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.Gate;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is known of the cluster's policies, Pods and namespaces, and what of it has changed since
/// the last look.
///
/// Threads: any.
final class Observed implements AutoCloseable {
  private final Informer pods;
  private final Informer namespaces;
  private final Informer policies;
  private final Informer nameServers;
  private final ObjectIndex policiesOf;
  private final Gate changed;
  private final Object lock = new Object();
  private Changes changes = Changes.none();
  private long newestPolicy;

  /// What has changed.
  ///
  /// @param pods by uid, which outlives a Pod of the same name
  /// @param namespaces whose labels have changed
  /// @param policies namespaces whose policies have changed
  record Changes(Map<String, ObjectKey> pods, Set<String> namespaces, Set<String> policies) {
    private static Changes none() {
      return new Changes(new HashMap<>(), new HashSet<>(), new HashSet<>());
    }
  }

  Observed(World world, Api api) {
    this.changed = world.background().gate();
    this.pods = new Informer(world, api, ApiResource.PODS);
    this.namespaces = new Informer(world, api, ApiResource.NAMESPACES);
    this.policies = new Informer(world, api, ApiResource.NETWORK_POLICIES);
    this.nameServers =
        new Informer(
            world,
            api,
            ApiResource.ENDPOINT_SLICES,
            NameServers.NAMESPACE,
            ListOptions.withLabels("kubernetes.io/service-name=" + NameServers.SERVICE));
    this.policiesOf = policies.index(policy -> List.of(Meta.of(policy).namespace()));
    pods.listen(
        Informer.Listener.ofAll(
            pod -> mark(() -> changes.pods().put(Meta.of(pod).uid(), ObjectKey.of(pod)))));
    namespaces.listen(
        Informer.Listener.ofAll(
            namespace -> mark(() -> changes.namespaces().add(Meta.of(namespace).name()))));
    policies.listen(Informer.Listener.ofAll(policy -> mark(() -> policyChanged(Meta.of(policy)))));
    nameServers.listen(Informer.Listener.ofAll(_ -> changed.open()));
  }

  /// Where names are asked for.
  NameServers nameServers() {
    return NameServers.of(nameServers.list(), labelsOf(NameServers.NAMESPACE));
  }

  private void policyChanged(Meta policy) {
    changes.policies().add(policy.namespace());
    newestPolicy = Math.max(newestPolicy, policy.revision());
  }

  private void mark(Runnable change) {
    synchronized (lock) {
      change.run();
    }
    changed.open();
  }

  void start() {
    policies.start();
    namespaces.start();
    nameServers.start();
    pods.start();
  }

  void awaitSynced() throws InterruptedException {
    policies.awaitSynced();
    namespaces.awaitSynced();
    nameServers.awaitSynced();
    pods.awaitSynced();
  }

  /// Is opened when something has changed.
  Gate changed() {
    return changed;
  }

  /// What has changed since the last call.
  Changes take() {
    synchronized (lock) {
      Changes taken = changes;
      changes = Changes.none();
      return taken;
    }
  }

  List<Struct> pods() {
    return pods.list();
  }

  /// The Pod of this name; null if it is gone, or another of the same name has taken its place.
  @Nullable Struct pod(String uid, ObjectKey key) {
    Struct pod = pods.find(key);
    return pod == null || !Meta.of(pod).uid().equals(uid) ? null : pod;
  }

  Struct labelsOf(String namespace) {
    Struct known = namespaces.find("", namespace);
    return known == null ? Struct.EMPTY : Meta.of(known).labels();
  }

  /// Those of a namespace, by name.
  List<Struct> policies(String namespace) {
    List<Struct> found = new ArrayList<>(policiesOf.with(namespace));
    found.sort(Comparator.comparing(policy -> Meta.of(policy).name()));
    return found;
  }

  /// Whether these policies are known as they are here, or newer, and [#take] tells of them or has
  /// told: an object can be found a moment before its change is heard of.
  boolean knows(List<Struct> listed) {
    long heard;
    synchronized (lock) {
      heard = newestPolicy;
    }
    for (Struct policy : listed) {
      Struct known = policies.find(ObjectKey.of(policy));
      long revision = Meta.of(policy).revision();
      if (known == null || Meta.of(known).revision() < revision || heard < revision) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    pods.close();
    namespaces.close();
    nameServers.close();
    policies.close();
  }
}
