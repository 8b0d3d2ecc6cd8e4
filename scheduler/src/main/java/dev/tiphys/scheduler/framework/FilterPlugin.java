package dev.tiphys.scheduler.framework;

import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A plugin that says which nodes a Pod can't run on.
public interface FilterPlugin {

  /// The name, as messages have it.
  String name();

  /// Why Pods of a template can't run anywhere, if that is known without a look at any node.
  default Optional<Rejection> refusal(PodTemplate pod) {
    return Optional.empty();
  }

  /// The filter for Pods of a template; null if they can run on any node.
  @Nullable Filter preFilter(PodTemplate pod);

  /// The only nodes that are worth a look for Pods of a template, if there are few.
  default Optional<Set<String>> only(PodTemplate pod) {
    return Optional.empty();
  }

  /// Whether a Pod of a template that this plugin has kept from running may run after an event.
  /// When in doubt yes: else it waits until all Pods are tried again.
  default boolean mayHelp(ClusterEvent event, PodTemplate pod) {
    return switch (event) {
      case ClusterEvent.NodeChanged(var node) -> suits(node, pod);
      case ClusterEvent.PodLeft(var _, var node) -> suits(node, pod);
      case ClusterEvent.NodeLeft _, ClusterEvent.PodArrived _ -> false;
    };
  }

  private boolean suits(NodeInfo node, PodTemplate pod) {
    Filter filter = preFilter(pod);
    return filter == null || filter.filter(node) == null;
  }
}
