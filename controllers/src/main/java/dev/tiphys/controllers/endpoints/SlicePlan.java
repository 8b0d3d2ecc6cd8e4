package dev.tiphys.controllers.endpoints;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is to be done with a Service's EndpointSlices. Pure.
///
/// Places stay in the slice they are in; new ones go where there is room, so that few slices change
/// and few are half empty.
final class SlicePlan {

  static final int LARGEST = 100;

  /// A slice is for one family of addresses and one list of ports.
  record Group(String family, List<Struct> ports) {
    Group {
      ports = List.copyOf(ports);
    }

    static Group of(Struct slice) {
      return new Group(slice.string("addressType"), slice.structs("ports"));
    }
  }

  /// One step. Closed.
  sealed interface Step {
    record Create(Group group, List<Struct> endpoints) implements Step {}

    /// @param endpoints what the slice is to hold
    record Update(Struct slice, List<Struct> endpoints) implements Step {}

    record Delete(Struct slice) implements Step {}

    /// Of which family of addresses the slice is.
    default String family() {
      return switch (this) {
        case Create(Group group, List<Struct> _) -> group.family();
        case Update(Struct slice, List<Struct> _) -> slice.string("addressType");
        case Delete(Struct slice) -> slice.string("addressType");
      };
    }
  }

  private final List<Step> steps = new ArrayList<>();

  private SlicePlan() {}

  /// @param wanted the places of each group
  /// @param present the slices that there are
  static List<Step> of(Map<Group, List<Struct>> wanted, Collection<Struct> present) {
    SlicePlan plan = new SlicePlan();
    Map<Group, List<Struct>> slices = new HashMap<>();
    for (Struct slice : present) {
      slices.computeIfAbsent(Group.of(slice), _ -> new ArrayList<>()).add(slice);
    }
    slices.forEach(
        (group, unwanted) -> {
          if (!wanted.containsKey(group)) {
            unwanted.forEach(slice -> plan.steps.add(new Step.Delete(slice)));
          }
        });
    wanted.forEach(
        (group, endpoints) -> plan.group(group, endpoints, slices.getOrDefault(group, List.of())));
    return ordered(plan.steps);
  }

  /// A place that moves is in its new slice before it leaves the old one: there is never a moment
  /// at which a Service seems to have fewer places than it has.
  static List<Step> ordered(List<Step> steps) {
    return steps.stream().sorted(Comparator.comparingInt(SlicePlan::rank)).toList();
  }

  private static int rank(Step step) {
    return switch (step) {
      case Step.Create _ -> 0;
      case Step.Update(Struct slice, List<Struct> endpoints) ->
          endpoints.size() > slice.list("endpoints").size() ? 1 : 2;
      case Step.Delete _ -> 3;
    };
  }

  /// A slice on its way to what it is to hold.
  private static final class Draft {
    final Struct slice;
    final List<Struct> endpoints = new ArrayList<>();
    boolean changed;

    Draft(Struct slice) {
      this.slice = slice;
    }

    int room() {
      return LARGEST - endpoints.size();
    }
  }

  private void group(Group group, List<Struct> endpoints, List<Struct> slices) {
    Map<String, Struct> left = new LinkedHashMap<>();
    endpoints.forEach(endpoint -> left.put(keyOf(endpoint), endpoint));
    List<Draft> drafts = new ArrayList<>();
    slices.stream()
        .sorted(Comparator.comparing(slice -> Meta.of(slice).name()))
        .forEach(slice -> drafts.add(kept(slice, left)));
    List<Struct> rest = new ArrayList<>(left.values());
    fill(drafts, rest);
    boolean none = rest.isEmpty() && drafts.stream().allMatch(d -> d.endpoints.isEmpty());
    if (none && drafts.isEmpty()) {
      steps.add(new Step.Create(group, List.of()));
    }
    for (Draft draft : drafts) {
      // One slice stays even if it is empty, to tell that the Service has no places.
      boolean stays = !draft.endpoints.isEmpty() || (none && draft == drafts.getFirst());
      steps.add(
          stays ? new Step.Update(draft.slice, draft.endpoints) : new Step.Delete(draft.slice));
    }
    for (int i = 0; i < rest.size(); i += LARGEST) {
      List<Struct> part = rest.subList(i, Math.min(rest.size(), i + LARGEST));
      steps.add(new Step.Create(group, List.copyOf(part)));
    }
  }

  /// Takes what a slice holds, and may go on holding, out of what is left to place.
  private static Draft kept(Struct slice, Map<String, Struct> left) {
    Draft draft = new Draft(slice);
    for (Struct before : slice.structs("endpoints")) {
      Struct now = left.remove(keyOf(before));
      draft.changed |= now == null || !before.without("hints").equals(now.without("hints"));
      if (now != null) {
        draft.endpoints.add(now);
      }
    }
    return draft;
  }

  /// Puts what is left where there is room: into slices that change anyway, and then into the
  /// fullest one that takes all of it.
  private static void fill(List<Draft> drafts, List<Struct> rest) {
    for (Draft draft : drafts) {
      if (draft.changed) {
        take(draft, rest);
      }
    }
    if (rest.isEmpty()) {
      return;
    }
    int part = rest.size() % LARGEST;
    drafts.stream()
        .filter(draft -> !draft.changed && draft.room() >= part && part > 0)
        .min(Comparator.comparingInt(Draft::room))
        .ifPresent(draft -> take(draft, rest.subList(rest.size() - part, rest.size())));
  }

  private static void take(Draft draft, List<Struct> rest) {
    List<Struct> taken = rest.subList(0, Math.min(draft.room(), rest.size()));
    draft.endpoints.addAll(taken);
    draft.changed |= !taken.isEmpty();
    taken.clear();
  }

  private static String keyOf(Struct endpoint) {
    return endpoint.string("targetRef", "uid") + "/" + endpoint.strings("addresses");
  }
}
