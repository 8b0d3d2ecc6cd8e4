package dev.tiphys.object.patch;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.GoPrint;
import dev.tiphys.object.patch.PatchException.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Merges one list of a strategic merge patch with the present list.
///
/// @param name the list's field, for messages
/// @param merges whether the two are merged at all
/// @param key the field that tells elements apart; null if the elements are plain values
/// @param content the rules of the elements
record ListMerge(String name, boolean merges, @Nullable String key, @Nullable MergeRules content) {

  /// The elements of both: those of the patch in its order, and each of the others before the first
  /// one of them that it preceded so far, or else at the end.
  List<Object> merge(List<?> current, List<?> changes) {
    if (current.isEmpty() && changes.isEmpty()) {
      return List.of();
    }
    if (!holdsStructs(current, changes)) {
      LinkedHashSet<Object> values = new LinkedHashSet<>(current);
      values.addAll(changes);
      return ordered(List.copyOf(values), changes, current);
    }
    if (key == null) {
      throw StrategicMergePatch.malformed("cannot merge lists without merge key for " + name);
    }
    List<Object> present = new ArrayList<>(current);
    List<Struct> wanted = new ArrayList<>();
    boolean replaces = false;
    for (Object change : changes) {
      Struct struct = (Struct) change;
      Object directive = struct.get(StrategicMergePatch.DIRECTIVE);
      if (directive == null) {
        wanted.add(struct);
        continue;
      }
      switch (GoPrint.text(directive)) {
        case "replace" -> replaces = true;
        case "delete" -> {
          Object gone = id(struct);
          present.removeIf(element -> gone.equals(idOrNull(element)));
        }
        case "merge" ->
            throw StrategicMergePatch.malformed(
                "merging lists cannot yet be specified in the patch");
        default -> throw StrategicMergePatch.unknownDirective(directive, struct);
      }
    }
    if (replaces) {
      return List.copyOf(wanted);
    }
    List<Object> merged = new ArrayList<>(present);
    wanted.forEach(change -> mergeElement(merged, change));
    return ordered(merged, wanted, present);
  }

  /// The present elements without those that are to go. Elements with fields are merged instead, as
  /// upstream does with a directive that is not meant for them.
  List<Object> without(List<?> current, List<?> gone) {
    if (current.isEmpty() && gone.isEmpty()) {
      return List.of();
    }
    if (holdsStructs(current, gone)) {
      return merge(current, gone);
    }
    List<Object> rest = new ArrayList<>(current);
    rest.removeAll(gone);
    return List.copyOf(rest);
  }

  private static boolean holdsStructs(List<?> current, List<?> changes) {
    List<Object> all = new ArrayList<>(current);
    all.addAll(changes);
    String type = GoPrint.type(all.getFirst());
    if (all.getFirst() instanceof List<?>) {
      throw new PatchException(Reason.DOES_NOT_APPLY, "lists of lists are not supported");
    }
    for (Object element : all) {
      if (!GoPrint.type(element).equals(type)) {
        throw StrategicMergePatch.malformed(
            "list element types are not identical: ["
                + GoPrint.text(current)
                + " "
                + GoPrint.text(changes)
                + "]");
      }
    }
    return all.getFirst() instanceof Struct;
  }

  private void mergeElement(List<Object> merged, Struct change) {
    int place = find(merged, id(change));
    if (place < 0) {
      merged.add(change);
    } else if (merged.get(place) instanceof Struct present) {
      merged.set(place, StrategicMergePatch.apply(present, change, content));
    }
  }

  private int find(List<?> list, Object id) {
    for (int i = 0; i < list.size(); i++) {
      if (id.equals(idOrNull(list.get(i)))) {
        return i;
      }
    }
    return -1;
  }

  private @Nullable Object idOrNull(Object element) {
    if (key == null) {
      return element;
    }
    return element instanceof Struct struct ? struct.get(key) : null;
  }

  private Object id(Object element) {
    if (key != null && !(element instanceof Struct)) {
      throw StrategicMergePatch.wrongType("map[string]interface {}", element);
    }
    Object id = idOrNull(element);
    if (id == null) {
      throw StrategicMergePatch.malformed(
          "map: " + GoPrint.text(element) + " does not contain declared merge key: " + key);
    }
    return id;
  }

  /// Refuses a patch whose elements do not come in the order that it gives itself.
  void checkOrder(List<?> changes, List<?> order) {
    if (order.isEmpty()) {
      return;
    }
    int at = 0;
    for (Object change : changes) {
      boolean directive =
          change instanceof Struct struct && struct.get(StrategicMergePatch.DIRECTIVE) != null;
      if (directive) {
        continue;
      }
      while (at < order.size() && !id(change).equals(id(order.get(at)))) {
        at++;
      }
      if (at == order.size()) {
        throw StrategicMergePatch.malformed(
            "The order in patch list:\n"
                + GoPrint.text(changes)
                + "\n doesn't match $setElementOrder list:\n"
                + GoPrint.text(order)
                + "\n");
      }
      at++;
    }
  }

  /// Refuses an order that does not tell elements apart as the list does.
  ///
  /// @param elements of the list
  void checkPlaces(List<?> elements, List<?> order) {
    if (elements.isEmpty()) {
      return;
    }
    for (int i = 0; i < order.size(); i++) {
      boolean plain = !(order.get(i) instanceof Struct || order.get(i) instanceof List<?>);
      if (key == null ? !plain : !(order.get(i) instanceof Struct)) {
        throw StrategicMergePatch.malformed(
            key == null
                ? "invalid patch format of setElementOrder list"
                : "value for key " + i + " is not a map");
      }
      id(order.get(i));
    }
  }

  /// Elements in order: those that `order` names in its order, each of the others before the first
  /// of those that came after it in the present list.
  List<Object> ordered(List<?> elements, List<?> order, List<?> current) {
    Map<Object, Integer> wanted = places(order);
    Map<Object, Integer> present = places(current);
    List<Object> known = new ArrayList<>();
    List<Object> others = new ArrayList<>();
    for (Object element : elements) {
      (wanted.containsKey(placeOf(element)) ? known : others).add(element);
    }
    known.sort(Comparator.comparingInt(element -> wanted.getOrDefault(placeOf(element), 0)));
    List<Object> merged = new ArrayList<>(elements.size());
    int next = 0;
    for (Object element : known) {
      Integer rank = present.get(placeOf(element));
      while (next < others.size() && precedes(present.get(placeOf(others.get(next))), rank)) {
        merged.add(others.get(next++));
      }
      merged.add(element);
    }
    merged.addAll(others.subList(next, others.size()));
    return List.copyOf(merged);
  }

  private static boolean precedes(@Nullable Integer rank, @Nullable Integer other) {
    return rank != null && other != null && rank < other;
  }

  private Map<Object, Integer> places(List<?> list) {
    Map<Object, Integer> places = new HashMap<>();
    for (int i = 0; i < list.size(); i++) {
      places.putIfAbsent(placeOf(list.get(i)), i);
    }
    return places;
  }

  private Object placeOf(Object element) {
    Object id = idOrNull(element);
    return id == null ? Null.NULL : id;
  }
}
