package dev.tiphys.scheduler.framework;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The plugins that decide for the Pods of one scheduler name, by extension point, in their order.
///
/// @param scheduler the name
/// @param nodesToScore which share of the nodes is enough to choose from, in percent; 0 or 100 for
///   all
public record Profile(
    String scheduler,
    int nodesToScore,
    List<PreEnqueuePlugin> preEnqueue,
    QueueSortPlugin queueSort,
    List<Plugin> preFilter,
    List<FilterPlugin> filter,
    List<PostFilterPlugin> postFilter,
    List<Weighted> score,
    List<ReservePlugin> reserve,
    List<PermitPlugin> permit,
    List<PreBindPlugin> preBind,
    List<BindPlugin> bind,
    List<PostBindPlugin> postBind,
    List<TemplateRefiner> refiners,
    List<Plugin> plugins) {

  /// A plugin that scores, and what its scores count for.
  ///
  /// @param plugin a [ScorePlugin], a [PreScorePlugin], or both
  public record Weighted(Plugin plugin, long weight) {}

  /// This profile, with a plugin that binds before the others.
  public Profile boundBy(BindPlugin first) {
    List<BindPlugin> all = new ArrayList<>();
    all.add(first);
    all.addAll(bind);
    return new Profile(
        scheduler,
        nodesToScore,
        preEnqueue,
        queueSort,
        preFilter,
        filter,
        postFilter,
        score,
        reserve,
        permit,
        preBind,
        all,
        postBind,
        refiners,
        plugins);
  }

  /// By the name of a plugin that filters: its place among them.
  public Map<String, Integer> places() {
    Map<String, Integer> places = new HashMap<>();
    filter.forEach(plugin -> places.put(plugin.name(), places.size()));
    return places;
  }
}
