package dev.tiphys.scheduler.plugins;

import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.events.Action;
import dev.tiphys.scheduler.events.Interest;
import dev.tiphys.scheduler.events.Resource;
import dev.tiphys.scheduler.framework.EnqueueExtensions;
import dev.tiphys.scheduler.framework.FilterPlugin;
import dev.tiphys.scheduler.verdict.Filter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keeps a Pod to the node that it names. Such a Pod is on its node already and never waits here,
/// so there is nothing to filter; a configuration may name the plugin all the same.
final class NodeName implements FilterPlugin, EnqueueExtensions {

  @Override
  public String name() {
    return "NodeName";
  }

  @Override
  public @Nullable Filter filter(PodTemplate pod) {
    return null;
  }

  @Override
  public List<Interest> events() {
    return List.of(Interest.in(Resource.NODE, Action.ADD));
  }
}
