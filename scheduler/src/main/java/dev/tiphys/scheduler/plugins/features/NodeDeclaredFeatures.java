package dev.tiphys.scheduler.plugins.features;

import dev.tiphys.object.Struct;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.events.Action;
import dev.tiphys.scheduler.events.Interest;
import dev.tiphys.scheduler.events.Resource;
import dev.tiphys.scheduler.framework.CycleState;
import dev.tiphys.scheduler.framework.EnqueueExtensions;
import dev.tiphys.scheduler.framework.FilterPlugin;
import dev.tiphys.scheduler.framework.PodPreFilterPlugin;
import dev.tiphys.scheduler.verdict.Filter;
import dev.tiphys.scheduler.verdict.PreFilterResult;
import dev.tiphys.scheduler.verdict.Rejection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Keeps Pods to nodes that declare the features which the Pods need.
public final class NodeDeclaredFeatures
    implements PodPreFilterPlugin, FilterPlugin, EnqueueExtensions {

  private static final String NAME = "NodeDeclaredFeatures";

  /// That the end of one container may restart all of the Pod.
  private static final String RESTART_ALL = "RestartAllContainersOnContainerExits";

  private static final Rejection REJECTION =
      Rejection.lasting(NAME, "node(s) didn't match Pod's required features");

  @Override
  public String name() {
    return NAME;
  }

  /// What a Pod needs is no part of its template: see [#preFilter].
  @Override
  public @Nullable Filter filter(PodTemplate pod) {
    return null;
  }

  @Override
  public PreFilterResult preFilter(CycleState state, PodInfo pod) {
    Set<String> needed = needed(pod.object().struct("spec"));
    return needed.isEmpty()
        ? PreFilterResult.SKIP
        : PreFilterResult.of(
            node -> node.facts().features().containsAll(needed) ? null : REJECTION);
  }

  private static Set<String> needed(Struct spec) {
    for (String list : List.of("containers", "initContainers")) {
      for (Struct container : spec.structs(list)) {
        for (Struct rule : container.structs("restartPolicyRules")) {
          if (rule.string("action").equals("RestartAllContainers")) {
            return Set.of(RESTART_ALL);
          }
        }
      }
    }
    return Set.of();
  }

  @Override
  public List<Interest> events() {
    return List.of(
        // What a Pod needs stands in fields that can't be changed.
        Interest.in(Resource.NODE, Action.ADD, Action.UPDATE_NODE_DECLARED_FEATURE));
  }
}
