package dev.tiphys.scheduler.plugins.volumes;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.PatchType;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.framework.Handle;
import dev.tiphys.scheduler.framework.PluginException;
import dev.tiphys.world.Gate;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Gives claims that have waited for a Pod their volumes: names existing volumes for them, or the
/// node that new ones are made for, and waits until the claims are bound.
///
/// Threads: any, one for each Pod whose claims are bound.
final class ClaimBinder {

  private static final String FAILED = "binding volumes: ";

  private final World world;
  private final Api api;
  private final Volumes volumes;
  private final Duration patience;
  private final Set<Gate> waiting = ConcurrentHashMap.newKeySet();

  ClaimBinder(Handle handle, Volumes volumes, Duration patience) {
    // Others bind the claims: how long they take is not this scheduler's work.
    this.world = handle.world().background();
    this.api = handle.api();
    this.volumes = volumes;
    this.patience = patience;
    volumes.onChange(() -> waiting.forEach(Gate::open));
  }

  /// Binds the claims of a plan for a node. Returns once all are bound.
  ///
  /// @throws PluginException if that fails, or takes too long
  void bind(Plan plan, NodeInfo node) throws InterruptedException {
    long end = world.nanoTime() + patience.toNanos();
    Set<ObjectKey> announced = new HashSet<>();
    Gate gate = world.gate();
    waiting.add(gate);
    try {
      write(plan, node);
      while (!allBound(plan, node, announced)) {
        if (!gate.await(Duration.ofNanos(Math.max(0, end - world.nanoTime())))) {
          throw new PluginException(FAILED + "context deadline exceeded");
        }
      }
    } catch (ApiException e) {
      throw new PluginException(FAILED + e.message());
    } finally {
      waiting.remove(gate);
    }
  }

  private void write(Plan plan, NodeInfo node) {
    for (Plan.Match match : plan.bind()) {
      Meta claim = Meta.of(match.claim());
      Struct reference =
          new StructBuilder()
              .add("apiVersion", "v1")
              .add("kind", "PersistentVolumeClaim")
              .add("namespace", claim.namespace())
              .add("name", claim.name())
              .add("uid", claim.uid())
              .add("resourceVersion", claim.resourceVersion())
              .build();
      Struct taken = match.volume().withAt(reference, "spec", "claimRef");
      api.update(
          ApiResource.PERSISTENT_VOLUMES,
          Meta.withAnnotation(taken, "pv.kubernetes.io/bound-by-controller", "yes"));
    }
    for (Struct claim : plan.provision()) {
      Struct annotations = Struct.of(Volumes.SELECTED_NODE, node.name());
      api.patch(
          ApiResource.PERSISTENT_VOLUME_CLAIMS,
          Meta.of(claim).namespace(),
          Meta.of(claim).name(),
          "",
          PatchType.MERGE,
          Struct.of(
              "metadata", Struct.of("annotations", annotations, "uid", Meta.of(claim).uid())));
    }
  }

  /// @param announced the claims that were seen with the node's name; those that newly are come to
  ///   it
  private boolean allBound(Plan plan, NodeInfo node, Set<ObjectKey> announced) {
    boolean all = true;
    for (ObjectKey key : plan.claims()) {
      Struct claim = volumes.claim(key);
      if (claim == null) {
        throw new PluginException(
            FAILED + "persistentvolumeclaim \"" + key.name() + "\" not found");
      }
      boolean bound = Volumes.isBound(claim) && isThere(claim, node);
      all &= bound;
      if (Meta.of(claim).annotation(Volumes.SELECTED_NODE).equals(node.name())) {
        announced.add(key);
      } else if (announced.contains(key) && !bound) {
        // A provisioner takes the annotation away when it can't make a volume for this node.
        throw new PluginException(FAILED + "provisioning failed for PVC \"" + key.name() + "\"");
      }
    }
    return all;
  }

  /// Whether the volume of a claim is known.
  ///
  /// @throws PluginException if it was made where the node can't reach it
  private boolean isThere(Struct claim, NodeInfo node) {
    Struct volume = volumes.volume(claim.string("spec", "volumeName"));
    if (volume != null && !Matching.reaches(volume, node.facts())) {
      throw new PluginException(
          FAILED
              + "pv \"%s\" node affinity doesn't match node \"%s\": no matching NodeSelectorTerms"
                  .formatted(Meta.of(volume).name(), node.name()));
    }
    return volume != null;
  }
}
