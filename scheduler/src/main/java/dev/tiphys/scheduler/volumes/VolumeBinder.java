package dev.tiphys.scheduler.volumes;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.PatchType;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.world.Timer;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// Sees to it that the claims which have waited for a Pod get their volumes, before the Pod is
/// bound: names existing volumes for them, or the node that new ones are made for, and waits until
/// the claims are bound.
///
/// Threads: the scheduling task, but for the writes.
public final class VolumeBinder {

  private static final Duration PATIENCE = Duration.ofSeconds(600);
  private static final String FAILED = "running PreBind plugin \"VolumeBinding\": ";

  private final World world;
  private final Api api;
  private final Volumes volumes;
  private final VolumeBinding plugin;
  private final BiConsumer<PodInfo, Runnable> writers;
  private final Consumer<Runnable> inbox;
  private final Map<String, Waiting> waiting = new LinkedHashMap<>();

  /// A Pod whose claims are being bound.
  private static final class Waiting {
    final Plan plan;
    final Runnable onBound;
    final Consumer<String> onFailure;
    final Timer patience;
    final Set<ObjectKey> announced = new HashSet<>();

    Waiting(Plan plan, Runnable onBound, Consumer<String> onFailure, Timer patience) {
      this.plan = plan;
      this.onBound = onBound;
      this.onFailure = onFailure;
      this.patience = patience;
    }

    List<ObjectKey> claims() {
      List<ObjectKey> claims = new ArrayList<>();
      plan.bind().forEach(match -> claims.add(ObjectKey.of(match.claim())));
      plan.provision().forEach(claim -> claims.add(ObjectKey.of(claim)));
      return claims;
    }
  }

  /// @param writers what writes are handed to
  /// @param inbox what hands something to the scheduling task
  public VolumeBinder(
      World world,
      Api api,
      Volumes volumes,
      VolumeBinding plugin,
      BiConsumer<PodInfo, Runnable> writers,
      Consumer<Runnable> inbox) {
    this.world = world;
    this.api = api;
    this.volumes = volumes;
    this.plugin = plugin;
    this.writers = writers;
    this.inbox = inbox;
  }

  /// Binds the claims of a Pod that is to run on a node.
  ///
  /// @param onBound called on the scheduling task once all are bound: at once, if all are
  /// @param onFailure called there with the reason if that fails
  public void bind(PodInfo pod, NodeInfo node, Runnable onBound, Consumer<String> onFailure) {
    if (pod.template().claims().isEmpty()) {
      onBound.run();
      return;
    }
    Optional<Plan> plan = plugin.plan(pod.template(), node);
    if (plan.isEmpty()) {
      onFailure.accept(FAILED + "binding volumes: the volumes have changed");
    } else if (plan.get().isEmpty()) {
      onBound.run();
    } else {
      carryOut(plan.get(), pod, node, onBound, onFailure);
    }
  }

  private void carryOut(
      Plan plan, PodInfo pod, NodeInfo node, Runnable onBound, Consumer<String> onFailure) {
    Timer patience =
        world
            .background()
            .schedule(
                PATIENCE,
                () -> inbox.accept(() -> fail(pod, "binding volumes: context deadline exceeded")));
    plan.bind()
        .forEach(
            match -> volumes.promise(Meta.of(match.volume()).name(), ObjectKey.of(match.claim())));
    waiting.put(pod.uid(), new Waiting(plan, onBound, onFailure, patience));
    writers.accept(
        pod,
        () -> {
          try {
            write(plan, node);
          } catch (ApiException e) {
            inbox.accept(() -> fail(pod, "binding volumes: " + e.message()));
          }
        });
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

  /// Looks which Pods' claims are bound by now.
  public void look() {
    for (String uid : List.copyOf(waiting.keySet())) {
      Waiting one = waiting.get(uid);
      if (one != null) {
        look(uid, one);
      }
    }
  }

  private void look(String uid, Waiting one) {
    boolean all = true;
    for (ObjectKey key : one.claims()) {
      Struct claim = volumes.claim(key);
      if (claim == null) {
        fail(uid, "binding volumes: persistentvolumeclaim \"" + key.name() + "\" not found");
        return;
      }
      all &= Volumes.isBound(claim);
      boolean announced = Meta.of(claim).annotations().has(Volumes.SELECTED_NODE);
      if (announced) {
        one.announced.add(key);
      } else if (one.announced.contains(key) && !Volumes.isBound(claim)) {
        // A provisioner takes the annotation away when it can't make a volume for this node.
        fail(uid, "binding volumes: provisioning failed for PVC \"" + key.name() + "\"");
        return;
      }
    }
    if (all) {
      end(uid, one);
      one.onBound.run();
    }
  }

  private void fail(PodInfo pod, String reason) {
    fail(pod.uid(), reason);
  }

  private void fail(String uid, String reason) {
    Waiting one = waiting.get(uid);
    if (one != null) {
      end(uid, one);
      one.onFailure.accept(FAILED + reason);
    }
  }

  /// Stops waiting for the claims of a Pod that is gone.
  public void forget(PodInfo pod) {
    Waiting one = waiting.get(pod.uid());
    if (one != null) {
      end(pod.uid(), one);
    }
  }

  private void end(String uid, Waiting one) {
    waiting.remove(uid);
    one.patience.cancel();
    one.plan.bind().forEach(match -> volumes.takeBack(Meta.of(match.volume()).name()));
  }
}
