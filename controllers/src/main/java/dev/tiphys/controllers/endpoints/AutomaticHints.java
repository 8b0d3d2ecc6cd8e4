package dev.tiphys.controllers.endpoints;

import dev.tiphys.controllers.endpoints.SlicePlan.Step;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The hints of a Service that leaves it to the cluster which zone is served by which places
/// (`service.kubernetes.io/topology-mode: Auto`). Each zone gets places in proportion to its
/// processors, its own ones first. Pure.
///
/// Slices that need not change keep their hints as long as no zone has too many.
final class AutomaticHints {

  /// By how much a place may be busier than if all were equally so.
  private static final double OVERLOAD = 0.2;

  private final String family;
  private final List<Step> steps;
  private final List<List<Struct>> places = new ArrayList<>();
  private final List<Integer> free = new ArrayList<>(); // steps whose places get hints anew
  private final SortedMap<String, Integer> given = new TreeMap<>();

  /// What a zone may have, in numbers of places.
  private record Allocation(int least, int most, double ideal) {}

  /// What comes of it.
  ///
  /// @param steps those that were planned, with hints or without any
  /// @param given how many places each zone has; empty if there are no hints
  /// @param refusal why there are none; empty if there are
  record Result(List<Step> steps, SortedMap<String, Integer> given, String refusal) {}

  private AutomaticHints(String family, List<Step> steps) {
    this.family = family;
    this.steps = steps;
  }

  /// @param shares of the zones in the cluster's processors, which are one in sum; none if they
  ///   cannot be told
  /// @param steps the plan for the slices of one family, whose new places have no hints
  static Result of(String family, Map<String, Double> shares, List<Step> steps) {
    return new AutomaticHints(family, steps).assign(new TreeMap<>(shares));
  }

  private Result assign(SortedMap<String, Double> shares) {
    long ready =
        steps.stream()
            .flatMap(step -> endpoints(step).stream())
            .filter(AutomaticHints::isReady)
            .count();
    if (shares.size() < 2) {
      return refused(
          "Insufficient Node information: allocatable CPU or zone not specified on one or more"
              + " nodes");
    }
    String numbers = " (%d endpoints, %d zones)".formatted(ready, shares.size());
    if (shares.size() > ready) {
      return refused("Insufficient number of endpoints" + numbers);
    }
    SortedMap<String, Allocation> allocations = allocations(shares, (int) ready);
    if (allocations == null) {
      return refused(
          "Unable to allocate minimum required endpoints to each zone without exceeding overload"
              + " threshold"
              + numbers);
    }
    keepWhatMayStay(allocations);
    if (!hintOwnZones()) {
      return refused("One or more endpoints do not have a zone specified");
    }
    redistribute(allocations);
    return new Result(finished(), given, "");
  }

  private Result refused(String reason) {
    return new Result(steps, new TreeMap<>(), reason + ", addressType: " + family);
  }

  /// Null if there are too few places for what each zone needs at least.
  private static @Nullable SortedMap<String, Allocation> allocations(
      Map<String, Double> shares, int ready) {
    SortedMap<String, Integer> least = new TreeMap<>();
    shares.forEach((zone, share) -> least.put(zone, least(share, ready)));
    int sum = least.values().stream().mapToInt(Integer::intValue).sum();
    if (sum > ready) {
      return null;
    }
    SortedMap<String, Allocation> allocations = new TreeMap<>();
    least.forEach(
        (zone, count) ->
            allocations.put(
                zone,
                new Allocation(
                    count,
                    count + ready - sum,
                    Math.max(shares.getOrDefault(zone, 0.0) * ready, count))));
    return allocations;
  }

  private static int least(double share, int places) {
    return (int) Math.ceil(share * places * (1 / (1 + OVERLOAD)));
  }

  /// Whether a zone has too few places for its share by now.
  ///
  /// @param given to each zone
  static boolean isOverloaded(Map<String, Integer> given, Map<String, Double> shares) {
    int all = given.values().stream().mapToInt(Integer::intValue).sum();
    return !given.isEmpty()
        && (shares.isEmpty()
            || shares.entrySet().stream()
                .anyMatch(
                    zone -> {
                      Integer has = given.get(zone.getKey());
                      return has == null || has < least(zone.getValue(), all);
                    }));
  }

  private void keepWhatMayStay(Map<String, Allocation> allocations) {
    List<Integer> stale = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      places.add(new ArrayList<>(endpoints(steps.get(i))));
      if (!(steps.get(i) instanceof Step.Update(Struct slice, List<Struct> endpoints))
          || !sameBesideHints(slice.structs("endpoints"), endpoints)) {
        free.add(i);
        continue;
      }
      Map<String, Integer> hinted = hinted(slice, allocations);
      if (hinted == null) {
        stale.add(i);
      } else {
        places.set(i, slice.structs("endpoints"));
        hinted.forEach((zone, count) -> given.merge(zone, count, Integer::sum));
      }
    }
    free.addAll(stale);
  }

  private static boolean sameBesideHints(List<Struct> some, List<Struct> others) {
    return some.stream().map(AutomaticHints::bare).toList().equals(others);
  }

  private static Struct bare(Struct endpoint) {
    return endpoint.without("hints");
  }

  /// How many places of a slice are for each zone; null if they cannot stay so.
  private @Nullable Map<String, Integer> hinted(Struct slice, Map<String, Allocation> allocations) {
    Map<String, Integer> hinted = new TreeMap<>();
    for (Struct endpoint : slice.structs("endpoints")) {
      List<Struct> zones = endpoint.struct("hints").structs("forZones");
      if (isReady(endpoint) && zones.isEmpty()) {
        return null;
      }
      if (isReady(endpoint)) {
        zones.forEach(zone -> hinted.merge(zone.string("name"), 1, Integer::sum));
      }
    }
    for (Map.Entry<String, Integer> zone : hinted.entrySet()) {
      Allocation allocation = allocations.get(zone.getKey());
      if (allocation == null
          || zone.getValue() + given.getOrDefault(zone.getKey(), 0) > allocation.most()) {
        return null;
      }
    }
    return hinted;
  }

  /// Whether all places to be hinted are in a zone.
  private boolean hintOwnZones() {
    for (int i : free) {
      for (Struct endpoint : places.get(i)) {
        String zone = endpoint.string("zone");
        if (isReady(endpoint) && zone.isEmpty()) {
          return false;
        }
      }
      places.get(i).replaceAll(endpoint -> hint(endpoint, endpoint.string("zone")));
      places.get(i).stream()
          .filter(AutomaticHints::isReady)
          .forEach(endpoint -> given.merge(endpoint.string("zone"), 1, Integer::sum));
    }
    return true;
  }

  private static Struct hint(Struct endpoint, String zone) {
    return isReady(endpoint)
        ? endpoint.with("hints", Struct.of("forZones", List.of(Struct.of("name", zone))))
        : endpoint;
  }

  private void redistribute(SortedMap<String, Allocation> allocations) {
    SortedMap<String, Integer> giving = new TreeMap<>();
    SortedMap<String, Integer> receiving = new TreeMap<>();
    exchange(allocations, giving, receiving);
    for (int i : free) {
      List<Struct> here = places.get(i);
      for (int j = 0; j < here.size() && !receiving.isEmpty(); j++) {
        String from = here.get(j).string("zone");
        if (isReady(here.get(j)) && giving.containsKey(from)) {
          String to = receiving.firstKey();
          here.set(j, hint(here.get(j), to));
          takeOne(giving, from);
          takeOne(receiving, to);
          given.merge(from, -1, Integer::sum);
          given.merge(to, 1, Integer::sum);
        }
      }
    }
  }

  private static void takeOne(Map<String, Integer> counts, String zone) {
    counts.computeIfPresent(zone, (_, count) -> count == 1 ? null : count - 1);
  }

  /// How many places zones give away, and how many they get. Halves of a place are not moved to and
  /// fro.
  private void exchange(
      Map<String, Allocation> allocations,
      Map<String, Integer> giving,
      Map<String, Integer> receiving) {
    SortedMap<String, Double> surplus = new TreeMap<>();
    SortedMap<String, Double> lack = new TreeMap<>();
    allocations.forEach(
        (zone, allocation) -> {
          double over = given.getOrDefault(zone, 0) - allocation.ideal();
          if (over > 0) {
            surplus.put(zone, over);
          } else if (over < 0) {
            lack.put(zone, -over);
          }
        });
    while (true) {
      String from = most(surplus);
      String to = most(lack);
      double over = surplus.getOrDefault(from, 0.0);
      double under = lack.getOrDefault(to, 0.0);
      if ((over < 1 && under < 1) || over < 0.5 || under < 0.5) {
        return;
      }
      giving.merge(from, 1, Integer::sum);
      surplus.put(from, over - 1);
      receiving.merge(to, 1, Integer::sum);
      lack.put(to, under - 1);
    }
  }

  private static String most(SortedMap<String, Double> zones) {
    return zones.entrySet().stream()
        .max(Comparator.comparingDouble(Map.Entry::getValue))
        .map(Map.Entry::getKey)
        .orElse("");
  }

  private List<Step> finished() {
    List<Step> finished = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      List<Struct> endpoints = List.copyOf(places.get(i));
      finished.add(
          switch (steps.get(i)) {
            case Step.Create(SlicePlan.Group group, List<Struct> _) ->
                new Step.Create(group, endpoints);
            case Step.Update(Struct slice, List<Struct> _) -> new Step.Update(slice, endpoints);
            case Step.Delete delete -> delete;
          });
    }
    return finished;
  }

  private static List<Struct> endpoints(Step step) {
    return switch (step) {
      case Step.Create(SlicePlan.Group _, List<Struct> endpoints) -> endpoints;
      case Step.Update(Struct _, List<Struct> endpoints) -> endpoints;
      case Step.Delete _ -> List.of();
    };
  }

  private static boolean isReady(Struct endpoint) {
    return endpoint.struct("conditions").bool("ready");
  }
}
