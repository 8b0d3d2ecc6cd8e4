package dev.tiphys.controllers.endpoints;

import dev.tiphys.client.EventRecorder;
import dev.tiphys.controllers.endpoints.SlicePlan.Step;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;

/// The Services that leave their hints to the cluster, and what they got. It is said in an event
/// when a Service gets hints, and when it is refused them.
///
/// Threads: any, one for each Service at a time.
final class HintedServices {
  private static final String MODE = "service.kubernetes.io/topology-mode";
  private static final String OLDER_MODE = "service.kubernetes.io/topology-aware-hints";
  private static final String DISABLED = "TopologyAwareHintsDisabled";

  private final EventRecorder events;
  private final Map<ObjectKey, Map<String, SortedMap<String, Integer>>> given =
      new ConcurrentHashMap<>();
  private final Set<ObjectKey> hinted = ConcurrentHashMap.newKeySet();

  HintedServices(EventRecorder events) {
    this.events = events;
  }

  /// Whether a Service leaves its hints to the cluster. If it says so in both ways, the older
  /// counts.
  static boolean asks(Struct service) {
    Struct annotations = Meta.of(service).annotations();
    String mode = annotations.string(annotations.has(OLDER_MODE) ? OLDER_MODE : MODE);
    return mode.equals("Auto") || mode.equals("auto");
  }

  /// Hints what is planned for the slices of a Service.
  ///
  /// @param shares of the zones
  List<Step> hint(
      Struct service, List<String> families, Map<String, Double> shares, List<Step> steps) {
    if (!asks(service)) {
      unhint(service, families);
      return steps;
    }
    List<Step> all = new ArrayList<>();
    steps.stream().filter(step -> !families.contains(step.family())).forEach(all::add);
    for (String family : families) {
      List<Step> own = steps.stream().filter(step -> step.family().equals(family)).toList();
      all.addAll(hint(service, family, shares, own));
    }
    return SlicePlan.ordered(all);
  }

  private List<Step> hint(
      Struct service, String family, Map<String, Double> shares, List<Step> steps) {
    ObjectKey key = ObjectKey.of(service);
    AutomaticHints.Result result = AutomaticHints.of(family, shares, steps);
    given.computeIfAbsent(key, _ -> new ConcurrentHashMap<>()).put(family, result.given());
    if (!result.refusal().isEmpty()) {
      hinted.remove(key);
      events.warning(service, DISABLED, result.refusal());
    } else if (hinted.add(key)) {
      events.normal(
          service,
          "TopologyAwareHintsEnabled",
          "Topology Aware Hints has been enabled, addressType: " + family);
    }
    return result.steps();
  }

  private void unhint(Struct service, List<String> families) {
    ObjectKey key = ObjectKey.of(service);
    given.remove(key);
    if (hinted.remove(key)) {
      events.warning(
          service,
          DISABLED,
          "Topology Aware Hints has been disabled, addressType: " + families.getFirst());
    }
  }

  /// The Services that may get other hints now that the zones have other shares: those of which a
  /// zone has too few places, and those that have no hints yet.
  List<ObjectKey> affected(Map<String, Double> shares) {
    List<ObjectKey> affected = new ArrayList<>();
    given.forEach(
        (service, families) -> {
          if (families.values().stream()
              .anyMatch(zones -> zones.isEmpty() || AutomaticHints.isOverloaded(zones, shares))) {
            affected.add(service);
          }
        });
    return affected;
  }

  /// Whether no Service asks for hints.
  boolean isEmpty() {
    return given.isEmpty();
  }

  /// Forgets a Service that is gone.
  void forget(ObjectKey service) {
    hinted.remove(service);
    given.remove(service);
  }
}
