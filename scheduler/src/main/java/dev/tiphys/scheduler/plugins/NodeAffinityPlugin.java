package dev.tiphys.scheduler.plugins;

import static dev.tiphys.scheduler.events.QueueingHint.queueIf;

import dev.tiphys.client.placement.NodeAffinity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.selector.Requirement;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.decisions.Remedy;
import dev.tiphys.scheduler.decisions.RemedyPlugin;
import dev.tiphys.scheduler.events.Action;
import dev.tiphys.scheduler.events.ClusterEvent;
import dev.tiphys.scheduler.events.Interest;
import dev.tiphys.scheduler.events.QueueingHint;
import dev.tiphys.scheduler.events.Resource;
import dev.tiphys.scheduler.framework.EnqueueExtensions;
import dev.tiphys.scheduler.framework.FilterPlugin;
import dev.tiphys.scheduler.framework.PreFilterPlugin;
import dev.tiphys.scheduler.framework.ScorePlugin;
import dev.tiphys.scheduler.verdict.Filter;
import dev.tiphys.scheduler.verdict.PreFilterResult;
import dev.tiphys.scheduler.verdict.Rejection;
import dev.tiphys.scheduler.verdict.Score;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Keeps to a Pod's node selector and node affinity, and to what is added to all of them.
final class NodeAffinityPlugin
    implements PreFilterPlugin, FilterPlugin, ScorePlugin, EnqueueExtensions, RemedyPlugin {

  private static final String NAME = "NodeAffinity";
  private static final Rejection REJECTION =
      Rejection.lasting(NAME, "node(s) didn't match Pod's node affinity/selector");
  private static final Rejection ENFORCED =
      Rejection.lasting(NAME, "node(s) didn't match scheduler-enforced node affinity");
  private static final Rejection CONFLICT = Rejection.lasting(NAME, "pod affinity terms conflict");

  private final NodeAffinity added;

  /// @param arguments a NodeAffinityArgs
  NodeAffinityPlugin(Struct arguments) {
    this.added =
        NodeAffinity.of(
            Struct.of("affinity", Struct.of("nodeAffinity", arguments.struct("addedAffinity"))));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public PreFilterResult preFilter(PodTemplate pod) {
    Set<String> only = pod.nodeAffinity().only().orElse(null);
    if (only == null) {
      return PreFilterResult.SKIP;
    }
    return only.isEmpty() ? PreFilterResult.refuse(CONFLICT) : PreFilterResult.only(only);
  }

  @Override
  public @Nullable Filter filter(PodTemplate pod) {
    NodeAffinity affinity = pod.nodeAffinity();
    return affinity.hasRequirements() || added.hasRequirements()
        ? node -> rejection(affinity, node)
        : null;
  }

  private @Nullable Rejection rejection(NodeAffinity affinity, NodeInfo node) {
    if (!allows(added, node)) {
      return ENFORCED;
    }
    return allows(affinity, node) ? null : REJECTION;
  }

  private static boolean allows(NodeAffinity affinity, NodeInfo node) {
    return !affinity.hasRequirements() || affinity.allows(node.name(), node.facts().labels());
  }

  @Override
  public @Nullable Score score(PodTemplate pod) {
    NodeAffinity affinity = pod.nodeAffinity();
    return affinity.preferred().isEmpty() && added.preferred().isEmpty()
        ? null
        : (Score.Relative) node -> preference(affinity, node) + preference(added, node);
  }

  private static long preference(NodeAffinity affinity, NodeInfo node) {
    return affinity.preference(node.name(), node.facts().labels());
  }

  @Override
  public List<Interest> events() {
    return List.of(
        Interest.in(Resource.NODE, Action.ADD, Action.UPDATE_NODE_LABEL).when(this::ofNode));
  }

  private QueueingHint ofNode(PodInfo pod, ClusterEvent event) {
    NodeAffinity affinity = pod.template().nodeAffinity();
    return queueIf(Hints.hasNode(event, node -> rejection(affinity, node) == null));
  }

  @Override
  public List<Remedy> remedies(PodInfo pod, NodeInfo node) {
    return Labels.missing(List.of(added, pod.template().nodeAffinity()), node).stream()
        .map(requirement -> remedy(requirement, node))
        .toList();
  }

  private static Remedy remedy(Requirement requirement, NodeInfo node) {
    String key = requirement.key();
    List<String> values = requirement.values().stream().sorted().toList();
    String text =
        switch (requirement.operator()) {
          case IN -> "label node " + node.name() + " with " + key + "=" + values.getFirst();
          case EXISTS -> "label node " + node.name() + " with " + key;
          case NOT_IN, DOES_NOT_EXIST -> "take the label " + key + " off node " + node.name();
          case GREATER_THAN ->
              "label node " + node.name() + " with " + key + " above " + values.getFirst();
          case LESS_THAN ->
              "label node " + node.name() + " with " + key + " below " + values.getFirst();
        };
    return new Remedy(
        "label", Struct.of("node", node.name(), "key", key, "values", values), text, 1);
  }
}
