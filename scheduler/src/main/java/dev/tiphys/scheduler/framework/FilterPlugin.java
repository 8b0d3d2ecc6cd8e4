package dev.tiphys.scheduler.framework;

import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.verdict.Filter;
import org.jspecify.annotations.Nullable;

/// Says which nodes the Pods of a template can't run on.
public interface FilterPlugin extends Plugin {

  /// The filter for Pods of a template; null if they can run on any node. It is kept, and what it
  /// says of a node holds until the node changes.
  @Nullable Filter filter(PodTemplate pod);
}
