package dev.tiphys.scheduler.events;

import dev.tiphys.client.placement.ResourceList;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import java.util.EnumSet;
import java.util.Set;

/// What has changed from one state of a Pod to the next.
public final class PodChanges {

  private PodChanges() {}

  /// Empty if nothing has that may let a Pod run, this one or another.
  public static Set<Action> between(PodInfo before, PodInfo now) {
    Set<Action> actions = EnumSet.noneOf(Action.class);
    PodTemplate old = before.template();
    PodTemplate template = now.template();
    if (old != template) {
      if (!old.labels().equals(template.labels())) {
        actions.add(Action.UPDATE_POD_LABEL);
      }
      if (asksForLess(template.requests(), old.requests())) {
        actions.add(Action.UPDATE_POD_SCALE_DOWN);
      }
      if (!old.tolerations().equals(template.tolerations())) {
        actions.add(Action.UPDATE_POD_TOLERATION);
      }
    }
    if (!before.gates().isEmpty() && now.gates().isEmpty()) {
      actions.add(Action.UPDATE_POD_GATES_ELIMINATED);
    }
    if (!generatedClaims(before).equals(generatedClaims(now))) {
      actions.add(Action.UPDATE_POD_GENERATED_CLAIM);
    }
    boolean other = old != template || before.ending() != now.ending();
    if (actions.isEmpty() && other) {
      actions.add(Action.UPDATE_POD_OTHER);
    }
    return actions;
  }

  private static Object generatedClaims(PodInfo pod) {
    return pod.object().list("status", "resourceClaimStatuses");
  }

  private static boolean asksForLess(ResourceList now, ResourceList before) {
    return now.cpu() < before.cpu()
        || now.memory() < before.memory()
        || now.ephemeralStorage() < before.ephemeralStorage()
        || before.others().entrySet().stream()
            .anyMatch(each -> now.other(each.getKey()) < each.getValue());
  }
}
