package dev.tiphys.scheduler.config;

import dev.tiphys.scheduler.framework.BindPlugin;
import dev.tiphys.scheduler.framework.FilterPlugin;
import dev.tiphys.scheduler.framework.PermitPlugin;
import dev.tiphys.scheduler.framework.Plugin;
import dev.tiphys.scheduler.framework.PodPreFilterPlugin;
import dev.tiphys.scheduler.framework.PostBindPlugin;
import dev.tiphys.scheduler.framework.PostFilterPlugin;
import dev.tiphys.scheduler.framework.PreBindPlugin;
import dev.tiphys.scheduler.framework.PreEnqueuePlugin;
import dev.tiphys.scheduler.framework.PreFilterPlugin;
import dev.tiphys.scheduler.framework.PreScorePlugin;
import dev.tiphys.scheduler.framework.QueueSortPlugin;
import dev.tiphys.scheduler.framework.ReservePlugin;
import dev.tiphys.scheduler.framework.ScorePlugin;
import java.util.List;

/// A point where plugins take part, in the order in which upstream looks at them.
public enum ExtensionPoint {
  PRE_FILTER(
      "preFilter", List.of(PreFilterPlugin.class, PodPreFilterPlugin.class, FilterPlugin.class)),
  FILTER("filter", List.of(FilterPlugin.class)),
  POST_FILTER("postFilter", List.of(PostFilterPlugin.class)),
  RESERVE("reserve", List.of(ReservePlugin.class)),
  PRE_SCORE("preScore", List.of(PreScorePlugin.class, ScorePlugin.class)),
  SCORE("score", List.of(ScorePlugin.class, PreScorePlugin.class)),
  PRE_BIND("preBind", List.of(PreBindPlugin.class)),
  BIND("bind", List.of(BindPlugin.class)),
  POST_BIND("postBind", List.of(PostBindPlugin.class)),
  PERMIT("permit", List.of(PermitPlugin.class)),
  PRE_ENQUEUE("preEnqueue", List.of(PreEnqueuePlugin.class)),
  QUEUE_SORT("queueSort", List.of(QueueSortPlugin.class));

  private final String field;
  private final List<Class<? extends Plugin>> types;

  /// @param types what a plugin may be to take part; the first gives the point its name
  ExtensionPoint(String field, List<Class<? extends Plugin>> types) {
    this.field = field;
    this.types = types;
  }

  /// The field of a configuration.
  public String field() {
    return field;
  }

  /// What its plugins are, as messages have it.
  public String type() {
    return types.getFirst().getSimpleName();
  }

  /// Whether a plugin takes part.
  public boolean takes(Plugin plugin) {
    return types.stream().anyMatch(type -> type.isInstance(plugin));
  }
}
