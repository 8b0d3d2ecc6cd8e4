package dev.tiphys.network.policy;

import dev.tiphys.network.nftables.Element;
import dev.tiphys.network.nftables.Family;
import dev.tiphys.network.nftables.Key;
import dev.tiphys.network.nftables.SetSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is in each set of Pods, and what has changed of it. Two Pods may have one address for a
/// moment, as one ends and the next begins: an element stays as long as one of them has it.
///
/// Cost of a change of a Pod: a look at each selection.
///
/// Threads: one.
final class Memberships {
  private final Family family;
  private final Map<Selection, Members> sets = new HashMap<>();

  /// Those of one set.
  private static final class Members {
    final Map<String, List<Key>> byPod = new HashMap<>();
    final Map<Key, Integer> count = new HashMap<>();
    final Map<Key, Boolean> before = new LinkedHashMap<>();
  }

  /// What elements of a set are to go and to come.
  record Change(List<Element> removed, List<Element> added) {}

  Memberships(Family family) {
    this.family = family;
  }

  /// Those of which there is a set.
  Set<Selection> selections() {
    return new HashSet<>(sets.keySet());
  }

  /// How many elements there are in each set.
  Map<SetSpec, Integer> sizes() {
    Map<SetSpec, Integer> sizes = new HashMap<>();
    sets.forEach((selection, members) -> sizes.put(selection.spec(family), members.count.size()));
    return sizes;
  }

  boolean has(Selection selection) {
    return sets.containsKey(selection);
  }

  /// Begins a set, with those of these Pods that are meant.
  void add(Selection selection, Collection<Member> pods) {
    Members members = new Members();
    sets.put(selection, members);
    pods.forEach(pod -> put(members, pod.uid(), selection.elements(pod, family)));
  }

  void remove(Selection selection) {
    sets.remove(selection);
  }

  /// A Pod has changed.
  ///
  /// @param pod null if it is gone
  void update(String uid, @Nullable Member pod) {
    sets.forEach(
        (selection, members) ->
            put(members, uid, pod == null ? List.of() : selection.elements(pod, family)));
  }

  private static void put(Members members, String uid, List<Key> elements) {
    List<Key> before =
        elements.isEmpty() ? members.byPod.remove(uid) : members.byPod.put(uid, elements);
    if (before != null) {
      before.forEach(key -> count(members, key, -1));
    }
    elements.forEach(key -> count(members, key, 1));
  }

  private static void count(Members members, Key key, int more) {
    members.before.putIfAbsent(key, members.count.containsKey(key));
    members.count.merge(key, more, Integer::sum);
    members.count.remove(key, 0);
  }

  /// What follows from all changes since the last call.
  Map<Selection, Change> take() {
    Map<Selection, Change> changes = new LinkedHashMap<>();
    sets.forEach(
        (selection, members) -> {
          Change change = new Change(new ArrayList<>(), new ArrayList<>());
          members.before.forEach(
              (key, before) -> {
                boolean now = members.count.containsKey(key);
                if (before != now) {
                  (now ? change.added() : change.removed()).add(Element.of(key));
                }
              });
          members.before.clear();
          if (!change.added().isEmpty() || !change.removed().isEmpty()) {
            changes.put(selection, change);
          }
        });
    return changes;
  }
}
