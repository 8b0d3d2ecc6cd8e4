package dev.tiphys.scheduler.framework;

import dev.tiphys.scheduler.cluster.PodTemplate;
import org.jspecify.annotations.Nullable;

/// A plugin that says which nodes suit a Pod better than others.
public interface ScorePlugin {

  /// How much its scores count.
  long weight();

  /// The score for Pods of a template; null if all nodes suit them alike.
  @Nullable Score preScore(PodTemplate pod);
}
