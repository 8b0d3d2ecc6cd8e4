package dev.tiphys.scheduler.plugins.volumes;

import static dev.tiphys.scheduler.events.QueueingHint.queueIf;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.events.Action;
import dev.tiphys.scheduler.events.ClusterEvent;
import dev.tiphys.scheduler.events.Interest;
import dev.tiphys.scheduler.events.Resource;
import dev.tiphys.scheduler.framework.CycleState;
import dev.tiphys.scheduler.framework.EnqueueExtensions;
import dev.tiphys.scheduler.framework.FilterPlugin;
import dev.tiphys.scheduler.framework.PodPreFilterPlugin;
import dev.tiphys.scheduler.verdict.Filter;
import dev.tiphys.scheduler.verdict.PreFilterResult;
import dev.tiphys.scheduler.verdict.Rejection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keeps Pods to the zones that the labels of their volumes name.
public final class VolumeZone implements PodPreFilterPlugin, FilterPlugin, EnqueueExtensions {

  public static final String NAME = "VolumeZone";

  private static final List<String> LABELS =
      List.of(
          "topology.kubernetes.io/zone",
          "topology.kubernetes.io/region",
          "failure-domain.beta.kubernetes.io/zone",
          "failure-domain.beta.kubernetes.io/region");

  /// Between the zones of a volume that is in several.
  private static final String SEPARATOR = "__";

  private static final Rejection REJECTION =
      Rejection.lasting(NAME, "node(s) had no available volume zone");

  private final Volumes volumes;

  /// A label and the values that a node may have.
  private record ZoneLabel(String label, List<String> values) {}

  public VolumeZone(Volumes volumes) {
    this.volumes = volumes;
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
    if (pod.claims().isEmpty()) {
      return PreFilterResult.SKIP;
    }
    List<ZoneLabel> zones = new ArrayList<>();
    for (Struct claim : volumes.claims(pod)) {
      Struct volume = volumes.volume(claim.string("spec", "volumeName"));
      for (String label : volume == null ? List.<String>of() : LABELS) {
        String value = volume == null ? "" : Meta.of(volume).label(label);
        if (!value.isEmpty()) {
          zones.add(new ZoneLabel(label, List.of(value.split(SEPARATOR))));
        }
      }
    }
    return zones.isEmpty()
        ? PreFilterResult.SKIP
        : PreFilterResult.of(node -> isIn(node, zones) ? null : REJECTION);
  }

  /// A node that says nothing of zones is in a cluster that has none.
  private static boolean isIn(NodeInfo node, List<ZoneLabel> zones) {
    boolean silent = LABELS.stream().noneMatch(node::hasLabel);
    return silent || zones.stream().allMatch(zone -> zone.values.contains(node.label(zone.label)));
  }

  @Override
  public List<Interest> events() {
    return List.of(
        Interest.in(Resource.STORAGE_CLASS, Action.ADD),
        Interest.in(Resource.NODE, Action.ADD, Action.UPDATE_NODE_LABEL),
        Interest.in(Resource.PERSISTENT_VOLUME_CLAIM, Action.ADD, Action.UPDATE)
            .when(
                (pod, event) ->
                    queueIf(
                        event instanceof ClusterEvent.OfObject object
                            && VolumeBinding.isUsed(pod, object.object()))),
        Interest.in(Resource.PERSISTENT_VOLUME, Action.ADD, Action.UPDATE));
  }
}
