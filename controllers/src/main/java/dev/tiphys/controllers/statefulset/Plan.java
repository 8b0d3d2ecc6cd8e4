package dev.tiphys.controllers.statefulset;

import dev.tiphys.controllers.common.Pods;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What is to be done next for the Pods of a StatefulSet. Pure.
///
/// The wanted Pods come first, from the lowest ordinal; then those for which there is no place,
/// from the highest; then those of another template, from the highest. In an ordered set each Pod
/// waits until all before it are available, so a plan ends at the first that is not.
///
/// Cost: one pass over the Pods.
final class Plan {

  private final StatefulSet set;
  private final String update;
  private final Instant now;
  private final Predicate<Struct> intact;
  private final Map<Long, Struct> wanted = new TreeMap<>();
  private final List<Struct> condemned = new ArrayList<>();
  private final List<Step> filling = new ArrayList<>();
  private final List<Step> clearing = new ArrayList<>();
  private @Nullable Struct blocker;

  /// @param pods those that belong to the set
  /// @param update the name of the newest revision
  /// @param intact whether a Pod's labels and claims are as they should be
  Plan(
      StatefulSet set,
      Collection<Struct> pods,
      String update,
      Instant now,
      Predicate<Struct> intact) {
    this.set = set;
    this.update = update;
    this.now = now;
    this.intact = intact;
    for (Struct pod : pods) {
      if (set.isWanted(set.ordinalOf(pod))) {
        wanted.put(set.ordinalOf(pod), pod);
      } else {
        condemned.add(pod);
      }
    }
    condemned.sort(Comparator.comparingLong(set::ordinalOf));
    if (fill()) {
      condemned.stream()
          .filter(pod -> !intact.test(pod))
          .forEach(pod -> clearing.add(new Step.Mend(pod)));
      if (clear() && set.isRolling()) {
        update();
      }
    }
  }

  /// What makes the wanted Pods whole; done first.
  List<Step> filling() {
    return filling;
  }

  /// What takes Pods away; done if everything before was.
  List<Step> clearing() {
    return clearing;
  }

  /// The Pod that all others wait for; null if there is none.
  @Nullable Struct blocker() {
    return blocker;
  }

  private boolean isAvailable(Struct pod) {
    Instant from = isRunning(pod) ? Pods.availableFrom(pod, set.minReadySeconds()) : null;
    return from != null && !from.isAfter(now) && !Meta.of(pod).isBeingDeleted();
  }

  static boolean isRunning(Struct pod) {
    return pod.string("status", "phase").equals("Running");
  }

  /// Returns whether the rest of the plan may follow.
  private boolean fill() {
    boolean whole = true;
    for (long ordinal = set.start(); ordinal < set.end(); ordinal++) {
      Struct pod = wanted.get(ordinal);
      if (pod == null) {
        filling.add(new Step.Create(ordinal));
        whole &= !set.isOrdered();
      } else if (Pods.isTerminal(pod)) {
        whole = false;
        if (!Meta.of(pod).isBeingDeleted()) {
          filling.add(new Step.Replace(pod));
        }
      } else {
        if (!intact.test(pod)) {
          filling.add(new Step.Mend(pod));
        }
        if (set.isOrdered() && !isAvailable(pod)) {
          block(pod, ordinal);
          whole = false;
        }
      }
      if (!whole && set.isOrdered()) {
        return false;
      }
    }
    return whole;
  }

  private void block(Struct pod, long ordinal) {
    blocker = pod;
    if (set.asksFor(StatefulSet.REPLACE_BROKEN)
        && set.isRolling()
        && ordinal >= set.firstUpdated()
        && isOutdated(pod)
        && !Pods.isReady(pod)) {
      filling.add(new Step.Delete(pod));
    }
  }

  private boolean isOutdated(Struct pod) {
    return !SetPods.revisionOf(pod).equals(update) && !Meta.of(pod).isBeingDeleted();
  }

  private boolean clear() {
    Struct firstUnhealthy = firstUnhealthy();
    for (Struct pod : condemned.reversed()) {
      if (Meta.of(pod).isBeingDeleted()) {
        if (set.isOrdered()) {
          return false;
        }
        continue;
      }
      if (set.isOrdered() && !isAvailable(pod) && pod != firstUnhealthy) {
        blocker = firstUnhealthy;
        return false;
      }
      clearing.add(new Step.Delete(pod));
      if (set.isOrdered()) {
        return false;
      }
    }
    return true;
  }

  private @Nullable Struct firstUnhealthy() {
    for (Struct pod : wanted.values()) {
      if (!isAvailable(pod)) {
        return pod;
      }
    }
    return condemned.stream().filter(pod -> !isAvailable(pod)).findFirst().orElse(null);
  }

  private void update() {
    long most = set.maxUnavailable();
    if (most == 1) {
      updateNext();
    } else {
      updateSeveral(most);
    }
  }

  /// The highest Pod that is outdated goes, unless one above it is not available yet.
  private void updateNext() {
    for (long ordinal = set.end() - 1; ordinal >= set.firstUpdated(); ordinal--) {
      Struct pod = wanted.get(ordinal);
      if (pod != null && isOutdated(pod)) {
        clearing.add(new Step.Delete(pod));
        return;
      }
      if (pod == null || !isAvailable(pod)) {
        blocker = pod;
        return;
      }
    }
  }

  /// As many as may be unavailable. One that is so already can be replaced at no cost: if it
  /// counted, a set that is broken as a whole could never be repaired.
  private void updateSeveral(long most) {
    long unavailable = set.replicas() - wanted.values().stream().filter(this::isAvailable).count();
    for (long ordinal = set.end() - 1; ordinal >= set.firstUpdated(); ordinal--) {
      Struct pod = wanted.get(ordinal);
      if (pod == null || !isOutdated(pod)) {
        continue;
      }
      if (isAvailable(pod)) {
        if (unavailable >= most) {
          continue;
        }
        unavailable++;
      }
      clearing.add(new Step.Delete(pod));
    }
  }
}
