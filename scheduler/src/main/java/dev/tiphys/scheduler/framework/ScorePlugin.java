package dev.tiphys.scheduler.framework;

import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.verdict.Score;
import org.jspecify.annotations.Nullable;

/// Says which nodes suit the Pods of a template better than others.
public interface ScorePlugin extends Plugin {

  /// The score for Pods of a template; null if all nodes suit them alike. It is kept as long as the
  /// template is in use.
  @Nullable Score score(PodTemplate pod);
}
