package dev.tiphys.network.proxy;

import dev.tiphys.network.nftables.Element;
import dev.tiphys.network.nftables.Family;
import dev.tiphys.network.nftables.Key;
import dev.tiphys.network.nftables.SetSpec;
import dev.tiphys.network.nftables.Verdict;
import dev.tiphys.network.proxy.Plan.Entry;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which ports of Services want which elements of the shared sets and maps. Several may want the
/// same one: an external address and port, say, that two Services name. The first by name has it
/// then, and the next once that lets go.
///
/// Threads: one.
final class Claims {
  private final Map<Place, Map<Key, TreeMap<String, Verdict>>> claims = new EnumMap<>(Place.class);
  private final Map<Place, Map<Key, Verdict>> given = new EnumMap<>(Place.class);
  private final Set<Entry> touched = new LinkedHashSet<>();

  /// What stands for the verdict of an element of a set.
  private static final Verdict NONE = Verdict.RETURN;

  /// What elements of a shared set or map are to go and to come.
  record Change(List<Element> removed, List<Element> added) {}

  /// Replaces what a port wants.
  void change(String port, List<Entry> before, List<Entry> now) {
    for (Entry entry : before) {
      of(entry.place())
          .computeIfPresent(
              entry.key(),
              (_, ports) -> {
                ports.remove(port);
                return ports.isEmpty() ? null : ports;
              });
      touched.add(new Entry(entry.place(), entry.key(), null));
    }
    for (Entry entry : now) {
      Verdict verdict = entry.verdict();
      of(entry.place())
          .computeIfAbsent(entry.key(), _ -> new TreeMap<>())
          .put(port, verdict == null ? NONE : verdict);
      touched.add(new Entry(entry.place(), entry.key(), null));
    }
  }

  /// What follows from all changes since the last call.
  Map<Place, Change> take() {
    Map<Place, Change> changes = new LinkedHashMap<>();
    for (Entry entry : touched) {
      Key key = entry.key();
      TreeMap<String, Verdict> ports = of(entry.place()).get(key);
      Verdict wanted = ports == null ? null : ports.firstEntry().getValue();
      Map<Key, Verdict> present = current(entry.place());
      Verdict before = wanted == null ? present.remove(key) : present.put(key, wanted);
      if (wanted == null ? before != null : !wanted.equals(before)) {
        Change change =
            changes.computeIfAbsent(
                entry.place(), _ -> new Change(new ArrayList<>(), new ArrayList<>()));
        add(change.removed(), key, before);
        add(change.added(), key, wanted);
      }
    }
    touched.clear();
    return changes;
  }

  /// How many elements there are in each place.
  Map<SetSpec, Integer> sizes(Family family) {
    Map<SetSpec, Integer> sizes = new HashMap<>();
    given.forEach((place, elements) -> sizes.put(place.spec(family), elements.size()));
    return sizes;
  }

  private static void add(List<Element> elements, Key key, @Nullable Verdict verdict) {
    if (verdict != null) {
      elements.add(verdict == NONE ? Element.of(key) : Element.to(key, verdict));
    }
  }

  private Map<Key, TreeMap<String, Verdict>> of(Place place) {
    return claims.computeIfAbsent(place, _ -> new HashMap<>());
  }

  private Map<Key, Verdict> current(Place place) {
    return given.computeIfAbsent(place, _ -> new HashMap<>());
  }
}
