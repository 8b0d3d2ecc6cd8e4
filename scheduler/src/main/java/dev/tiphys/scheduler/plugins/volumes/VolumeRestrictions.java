package dev.tiphys.scheduler.plugins.volumes;

import static dev.tiphys.scheduler.events.QueueingHint.queueIf;

import dev.tiphys.object.Struct;
import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodClaim;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.events.Action;
import dev.tiphys.scheduler.events.ClusterEvent;
import dev.tiphys.scheduler.events.Interest;
import dev.tiphys.scheduler.events.QueueingHint;
import dev.tiphys.scheduler.events.Resource;
import dev.tiphys.scheduler.framework.CycleState;
import dev.tiphys.scheduler.framework.EnqueueExtensions;
import dev.tiphys.scheduler.framework.FilterPlugin;
import dev.tiphys.scheduler.framework.PodPreFilterPlugin;
import dev.tiphys.scheduler.verdict.Filter;
import dev.tiphys.scheduler.verdict.PreFilterResult;
import dev.tiphys.scheduler.verdict.Rejection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Gives a claim that only one Pod may use to one Pod, and a disk that only one node may write to
/// one Pod of a node.
public final class VolumeRestrictions
    implements PodPreFilterPlugin, FilterPlugin, EnqueueExtensions {

  private static final String NAME = "VolumeRestrictions";
  private static final Rejection USED =
      Rejection.curable(
          NAME,
          "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access"
              + " mode");
  private static final Rejection DISK = Rejection.curable(NAME, "node(s) had no available disk");

  private final Volumes volumes;
  private final Cluster cluster;

  public VolumeRestrictions(Volumes volumes, Cluster cluster) {
    this.volumes = volumes;
    this.cluster = cluster;
  }

  @Override
  public String name() {
    return NAME;
  }

  /// What is to be asked depends on the Pod's volumes: see [#preFilter].
  @Override
  public @Nullable Filter filter(PodTemplate pod) {
    return null;
  }

  @Override
  public PreFilterResult preFilter(CycleState state, PodInfo pod) {
    List<Struct> own = pod.object().structs("spec", "volumes");
    if (own.isEmpty()) {
      return PreFilterResult.SKIP;
    }
    List<Struct> disks = own.stream().filter(Disks::isDisk).toList();
    Set<String> exclusive = exclusive(pod);
    long users = exclusive.isEmpty() ? 0 : users(pod, exclusive);
    if (users == 0 && disks.isEmpty()) {
      return PreFilterResult.SKIP;
    }
    return PreFilterResult.of(
        node -> {
          if (!disks.isEmpty() && Disks.conflict(disks, node)) {
            return DISK;
          }
          return users > 0 && isUsed(pod, exclusive, users, node) ? USED : null;
        });
  }

  /// The claims of a Pod that only one may use.
  private Set<String> exclusive(PodInfo pod) {
    Set<String> exclusive = new HashSet<>();
    for (Struct claim : volumes.claims(pod)) {
      if (claim.strings("spec", "accessModes").contains("ReadWriteOncePod")) {
        exclusive.add(claim.string("metadata", "name"));
      }
    }
    return exclusive;
  }

  private long users(PodInfo pod, Set<String> claims) {
    long users = 0;
    for (NodeInfo node : cluster.nodes()) {
      users += users(pod, claims, node);
    }
    return users;
  }

  private static long users(PodInfo pod, Set<String> claims, NodeInfo node) {
    long users = 0;
    for (PodInfo other : node.pods()) {
      boolean uses =
          !other.claims().isEmpty()
              && other.key().namespace().equals(pod.key().namespace())
              && other.claims().stream().anyMatch(claim -> claims.contains(claim.name()));
      users += uses ? 1 : 0;
    }
    return users;
  }

  /// Whether a Pod uses the claims, if a node is in a state that it may not be in.
  private boolean isUsed(PodInfo pod, Set<String> claims, long users, NodeInfo node) {
    NodeInfo real = cluster.nodeAt(node.slot());
    long there = real == null || real == node ? 0 : users(pod, claims, real);
    long then = real == node ? 0 : users(pod, claims, node);
    return users - there + then > 0;
  }

  @Override
  public List<Interest> events() {
    return List.of(
        Interest.in(Resource.POD, Action.DELETE).when(VolumeRestrictions::ofPod),
        Interest.in(Resource.NODE, Action.ADD),
        Interest.in(Resource.PERSISTENT_VOLUME_CLAIM, Action.ADD, Action.UPDATE)
            .when(
                (pod, event) ->
                    queueIf(
                        event instanceof ClusterEvent.OfObject object
                            && VolumeBinding.isUsed(pod, object.object()))));
  }

  private static QueueingHint ofPod(PodInfo pod, ClusterEvent event) {
    if (!(event instanceof ClusterEvent.OfPod(var _, var other, var _, var _))) {
      return QueueingHint.QUEUE;
    }
    boolean shared =
        other.key().namespace().equals(pod.key().namespace())
            && other.claims().stream()
                .map(PodClaim::name)
                .anyMatch(name -> pod.claims().stream().anyMatch(own -> own.name().equals(name)));
    return queueIf(
        shared || other.object().structs("spec", "volumes").stream().anyMatch(Disks::isDisk));
  }
}
