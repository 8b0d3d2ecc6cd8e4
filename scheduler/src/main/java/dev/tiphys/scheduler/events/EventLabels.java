package dev.tiphys.scheduler.events;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/// What events are called where they are counted.
final class EventLabels {

  private static final Map<Resource, Map<Action, String>> ALL = all("");
  private static final Map<Resource, Map<Action, String>> ASSIGNED = all("Assigned");
  private static final Map<Resource, Map<Action, String>> UNSCHEDULED = all("Unscheduled");

  private EventLabels() {}

  static String of(Resource resource, Action action) {
    return of(ALL, resource, action);
  }

  /// @param assigned whether the Pod is on a node
  static String ofPod(Action action, boolean assigned) {
    return of(assigned ? ASSIGNED : UNSCHEDULED, Resource.POD, action);
  }

  private static String of(
      Map<Resource, Map<Action, String>> labels, Resource resource, Action action) {
    return labels.getOrDefault(resource, Map.of()).getOrDefault(action, "");
  }

  private static Map<Resource, Map<Action, String>> all(String prefix) {
    Map<Resource, Map<Action, String>> labels = new EnumMap<>(Resource.class);
    for (Resource resource : Resource.values()) {
      Map<Action, String> ofResource = new EnumMap<>(Action.class);
      for (Action action : Action.values()) {
        ofResource.put(action, prefix + label(resource, action));
      }
      labels.put(resource, ofResource);
    }
    return labels;
  }

  /// `NodeUpdateNodeTaint`
  private static String label(Resource resource, Action action) {
    StringBuilder label = new StringBuilder(resource.kind().kind());
    for (String word : action.name().split("_")) {
      label.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    return label.toString();
  }
}
