package dev.tiphys.scheduler.evaluation;

import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.framework.CycleState;
import dev.tiphys.scheduler.framework.PodPreFilterPlugin;
import dev.tiphys.scheduler.metrics.SchedulerMetrics.Point;
import dev.tiphys.scheduler.verdict.Filter;
import dev.tiphys.scheduler.verdict.PreFilterResult;
import dev.tiphys.scheduler.verdict.Rejection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What plugins say that look at the Pod at hand, in the cycle that goes on.
///
/// Threads: the scheduling task.
final class PodFilters {

  private final List<PodPreFilterPlugin> plugins;
  private final Map<String, Integer> places;
  private final NamedNodes ofTemplate;
  private final List<Step<Filter>> filters = new ArrayList<>();
  private NamedNodes named;
  private @Nullable Rejection refusal;

  /// @param places of the plugins that filter, by their names
  /// @param ofTemplate the nodes that are named for all Pods of the template
  PodFilters(List<PodPreFilterPlugin> plugins, Map<String, Integer> places, NamedNodes ofTemplate) {
    this.plugins = List.copyOf(plugins);
    this.places = places;
    this.ofTemplate = ofTemplate;
    this.named = ofTemplate;
  }

  /// Whether all of them come after a place.
  boolean comeAfter(int place) {
    return plugins.stream()
        .allMatch(plugin -> places.getOrDefault(plugin.name(), places.size()) > place);
  }

  /// Begins the cycle of a Pod.
  void begin(CycleState state, PodInfo pod) {
    filters.clear();
    named = ofTemplate;
    refusal = null;
    for (PodPreFilterPlugin plugin : plugins) {
      PreFilterResult result =
          state.<PreFilterResult, RuntimeException>timed(
              Point.PRE_FILTER, plugin, () -> plugin.preFilter(state, pod));
      if (result != PreFilterResult.SKIP) {
        refusal = result.refusal();
        if (refusal != null) {
          return;
        }
        add(plugin.name(), result.only(), result.filter());
      }
    }
  }

  private void add(String plugin, @Nullable Set<String> only, @Nullable Filter filter) {
    if (only != null) {
      named = named == ofTemplate ? ofTemplate.copy() : named;
      named.restrict(plugin, only);
    }
    Integer place = places.get(plugin);
    if (filter != null && place != null) {
      filters.add(new Step<>(place, filter));
    }
  }

  /// Whether they name no other nodes as worth a look than those that the template does.
  boolean namesNoOthers() {
    return named == ofTemplate;
  }

  /// Whether they have nothing to say of any node.
  boolean areSilent() {
    return filters.isEmpty() && named == ofTemplate && refusal == null;
  }

  /// Why no node will do; null if one may.
  @Nullable Rejection refusal() {
    return refusal;
  }

  /// The nodes that are worth a look, and which plugins say so.
  NamedNodes named() {
    return named;
  }

  /// What the first of the filters says that refuses a node.
  @Nullable Rejection first(NodeInfo node, int before) {
    return Step.first(filters, node, before);
  }
}
