package dev.tiphys.scheduler.plugins.spread;

import static dev.tiphys.scheduler.events.QueueingHint.queueIf;

import dev.tiphys.object.Struct;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.object.selector.Requirement;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.cluster.SpreadConstraint;
import dev.tiphys.scheduler.events.Action;
import dev.tiphys.scheduler.events.ClusterEvent;
import dev.tiphys.scheduler.events.Interest;
import dev.tiphys.scheduler.events.QueueingHint;
import dev.tiphys.scheduler.events.Resource;
import dev.tiphys.scheduler.framework.EnqueueExtensions;
import dev.tiphys.scheduler.framework.FilterPlugin;
import dev.tiphys.scheduler.framework.Handle;
import dev.tiphys.scheduler.framework.ScorePlugin;
import dev.tiphys.scheduler.framework.TemplateRefiner;
import dev.tiphys.scheduler.verdict.Filter;
import dev.tiphys.scheduler.verdict.Score;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Spreads Pods evenly over zones, nodes, or whatever else a label tells apart. Pods that say
/// nothing about it are spread by default, together with those of the same owner and Services.
public final class PodTopologySpread
    implements FilterPlugin, ScorePlugin, TemplateRefiner, EnqueueExtensions {

  public static final String NAME = "PodTopologySpread";

  private static final int REMEMBERED = 1_024;

  private final DefaultSelectors selectors;
  private final List<SpreadConstraint> defaults;
  private final Map<Refinement, PodTemplate> refined =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Refinement, PodTemplate> eldest) {
          return size() > REMEMBERED;
        }
      };

  /// Counts down, so that no number is one of an unrefined template.
  private long refinements;

  /// A template, and what Pods its own are spread with by default.
  private record Refinement(long template, List<Requirement> together) {}

  /// @param arguments a PodTopologySpreadArgs
  public PodTopologySpread(Handle handle, Struct arguments) {
    this.selectors = new DefaultSelectors(handle.informers());
    this.defaults =
        arguments.string("defaultingType").equals("List")
            ? arguments.structs("defaultConstraints").stream()
                .map(constraint -> SpreadConstraint.of(constraint, LabelSelector.NOTHING))
                .toList()
            : SpreadConstraint.systemDefaults();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public PodTemplate refine(PodInfo pod, PodTemplate template) {
    if (!template.spread().isEmpty() || defaults.isEmpty()) {
      return template;
    }
    List<Requirement> together = selectors.requirements(pod);
    return together.isEmpty()
        ? template
        : refined.computeIfAbsent(
            new Refinement(template.id(), together), _ -> refined(template, together));
  }

  private PodTemplate refined(PodTemplate template, List<Requirement> together) {
    LabelSelector selector = LabelSelector.of(together);
    return template.spreadBy(
        defaults.stream().map(constraint -> constraint.about(selector)).toList(), --refinements);
  }

  @Override
  public @Nullable Filter filter(PodTemplate pod) {
    List<SpreadConstraint> required =
        pod.spread().stream().filter(SpreadConstraint::required).toList();
    return required.isEmpty() ? null : new SpreadFilter(pod, required);
  }

  @Override
  public @Nullable Score score(PodTemplate pod) {
    List<SpreadConstraint> wished =
        pod.spread().stream().filter(constraint -> !constraint.required()).toList();
    return wished.isEmpty() ? null : new SpreadScore(pod, wished);
  }

  @Override
  public List<Interest> events() {
    return List.of(
        Interest.in(
                Resource.POD,
                Action.ADD,
                Action.DELETE,
                Action.UPDATE_POD_LABEL,
                Action.UPDATE_POD_TOLERATION,
                Action.UPDATE_POD_OTHER)
            .when(this::ofPod),
        // A domain that is new may be the emptiest, one that is gone may have been.
        Interest.in(
                Resource.NODE,
                Action.ADD,
                Action.DELETE,
                Action.UPDATE_NODE_LABEL,
                Action.UPDATE_NODE_TAINT)
            .when(PodTopologySpread::ofNode));
  }

  private QueueingHint ofPod(PodInfo pod, ClusterEvent event) {
    if (!(event instanceof ClusterEvent.OfPod(var _, var other, var before, var _))) {
      return QueueingHint.QUEUE;
    }
    if (other.uid().equals(pod.uid())) {
      return QueueingHint.QUEUE;
    }
    return queueIf(
        counts(other.template(), pod.template())
            || (before != null && counts(before.template(), pod.template())));
  }

  /// Whether a Pod is one that constraints count. Of defaults it is not known here, so any of the
  /// namespace may be.
  private static boolean counts(PodTemplate other, PodTemplate pod) {
    return other.namespace().equals(pod.namespace())
        && (pod.spread().isEmpty()
            || pod.spread().stream()
                .anyMatch(constraint -> constraint.selector().matches(other.labels())));
  }

  private static QueueingHint ofNode(PodInfo pod, ClusterEvent event) {
    List<SpreadConstraint> spread = pod.template().spread();
    if (spread.isEmpty()
        || !(event instanceof ClusterEvent.OfNode(var _, var _, var node, var before))) {
      return QueueingHint.QUEUE;
    }
    boolean now = node != null && Spread.hasLabels(node.facts().labels(), spread);
    boolean then = before != null && Spread.hasLabels(before.labels(), spread);
    return queueIf(now || then);
  }
}
