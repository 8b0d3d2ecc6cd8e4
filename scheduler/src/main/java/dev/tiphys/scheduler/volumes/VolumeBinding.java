package dev.tiphys.scheduler.volumes;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.framework.ClusterEvent;
import dev.tiphys.scheduler.framework.Filter;
import dev.tiphys.scheduler.framework.FilterPlugin;
import dev.tiphys.scheduler.framework.Rejection;
import dev.tiphys.scheduler.volumes.Plan.Open;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Keeps Pods to nodes that reach their volumes, or where their claims can get some.
public final class VolumeBinding implements FilterPlugin {

  public static final String NAME = "VolumeBinding";

  private static final Rejection OUT_OF_REACH =
      Rejection.lasting(NAME, "node(s) didn't match PersistentVolume's node affinity");
  private static final Rejection MISSING =
      Rejection.lasting(
          NAME, "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)");
  private static final Rejection NONE_TO_BIND =
      Rejection.lasting(NAME, "node(s) didn't find available persistent volumes to bind");

  private final Volumes volumes;

  public VolumeBinding(Volumes volumes) {
    this.volumes = volumes;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<Rejection> refusal(PodTemplate pod) {
    for (PodTemplate.Claim each : pod.claims()) {
      Struct claim = volumes.claim(new ObjectKey(pod.namespace(), each.name()));
      String reason = claim == null ? missing(each) : unusable(claim);
      if (!reason.isEmpty()) {
        return Optional.of(Rejection.lasting(NAME, reason));
      }
    }
    boolean immediate =
        volumes.claims(pod).stream()
            .anyMatch(claim -> !Volumes.isBound(claim) && !volumes.waitsForPod(claim));
    return immediate
        ? Optional.of(Rejection.lasting(NAME, "pod has unbound immediate PersistentVolumeClaims"))
        : Optional.empty();
  }

  private static String missing(PodTemplate.Claim claim) {
    return claim.ephemeral()
        ? "waiting for ephemeral volume controller to create the persistentvolumeclaim \""
            + claim.name()
            + "\""
        : "persistentvolumeclaim \"" + claim.name() + "\" not found";
  }

  private static String unusable(Struct claim) {
    String quoted = "persistentvolumeclaim \"" + Meta.of(claim).name() + "\"";
    if (claim.string("status", "phase").equals("Lost")) {
      return quoted
          + " bound to non-existent persistentvolume \""
          + claim.string("spec", "volumeName")
          + "\"";
    }
    return Meta.of(claim).isBeingDeleted() ? quoted + " is being deleted" : "";
  }

  @Override
  public @Nullable Filter preFilter(PodTemplate pod) {
    if (pod.claims().isEmpty()) {
      return null;
    }
    List<String> bound =
        volumes.claims(pod).stream()
            .filter(Volumes::isBound)
            .map(claim -> claim.string("spec", "volumeName"))
            .toList();
    List<Open> open = open(pod);
    return node -> rejection(bound, open, node);
  }

  /// The claims of a Pod that wait for it, the smallest first.
  private List<Open> open(PodTemplate pod) {
    List<Open> open = new ArrayList<>();
    for (Struct claim : volumes.claims(pod)) {
      if (!Volumes.isBound(claim)) {
        open.add(new Open(claim, volumes.candidates(claim)));
      }
    }
    open.sort(
        Comparator.comparing(
            each -> Quantity.from(each.claim().get("spec", "resources", "requests", "storage"))));
    return open;
  }

  private @Nullable Rejection rejection(List<String> bound, List<Open> open, NodeInfo node) {
    for (String name : bound) {
      Struct volume = volumes.volume(name);
      if (volume == null) {
        return MISSING;
      }
      if (!Matching.reaches(volume, node.facts())) {
        return OUT_OF_REACH;
      }
    }
    return Plan.of(open, node, volumes).isPresent() ? null : NONE_TO_BIND;
  }

  /// What has to be done for a Pod's claims before it runs on a node; absent if something has
  /// changed since the node passed the filter.
  Optional<Plan> plan(PodTemplate pod, NodeInfo node) {
    return Plan.of(open(pod), node, volumes);
  }

  @Override
  public boolean mayHelp(ClusterEvent event, PodTemplate pod) {
    return event instanceof ClusterEvent.NodeChanged;
  }
}
