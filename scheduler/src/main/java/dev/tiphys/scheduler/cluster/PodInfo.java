package dev.tiphys.scheduler.cluster;

import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A Pod, in one state of it.
///
/// @param object the whole Pod
/// @param template what it asks of a node
/// @param scheduler the name of the scheduler that is to give it a node
/// @param claims the claims to volumes that it uses
/// @param revision the revision of this state
/// @param node where it runs; empty if nowhere yet
/// @param nominated the node that is being cleared for it; empty if none is
/// @param gates what holds it back from being scheduled
/// @param ending whether it is being deleted
/// @param over whether it has run its course, and takes nothing of its node any more
/// @param started when it began to run; null if it did not
public record PodInfo(
    Struct object,
    PodTemplate template,
    String scheduler,
    List<PodClaim> claims,
    ObjectKey key,
    String uid,
    long revision,
    long priority,
    String node,
    String nominated,
    List<String> gates,
    boolean ending,
    boolean over,
    @Nullable Instant started) {

  public static PodInfo of(Struct pod, PodTemplates templates) {
    Meta meta = Meta.of(pod);
    Struct spec = pod.struct("spec");
    Struct status = pod.struct("status");
    String phase = status.string("phase");
    return new PodInfo(
        pod,
        templates.of(pod),
        spec.string("schedulerName"),
        PodClaim.of(pod),
        meta.key(),
        meta.uid(),
        meta.revision(),
        spec.integer("priority"),
        spec.string("nodeName"),
        status.string("nominatedNodeName"),
        spec.structs("schedulingGates").stream().map(gate -> gate.string("name")).toList(),
        meta.isBeingDeleted(),
        phase.equals("Succeeded") || phase.equals("Failed"),
        Timestamps.of(status.get("startTime")));
  }

  /// The group that it is to be scheduled in, which is of its own namespace; null if in none.
  public @Nullable ObjectKey group() {
    String name = object.string("spec", "schedulingGroup", "podGroupName");
    return name.isEmpty() ? null : new ObjectKey(key.namespace(), name);
  }

  /// Whether `other` counts for the same on a node: a change from one to the other is none.
  boolean countsLike(PodInfo other) {
    return template == other.template && ending == other.ending && priority == other.priority;
  }

  /// The same state of the same Pod.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PodInfo that && revision == that.revision && uid.equals(that.uid);
  }

  @Override
  public int hashCode() {
    return uid.hashCode();
  }

  @Override
  public String toString() {
    return key.toString();
  }
}
