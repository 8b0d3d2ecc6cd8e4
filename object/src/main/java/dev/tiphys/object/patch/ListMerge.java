package dev.tiphys.object.patch;

import dev.tiphys.object.Struct;
import dev.tiphys.object.patch.PatchException.Reason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Merges one list of a strategic merge patch with the present list.
///
/// @param name the list's field, for messages
/// @param key the field that tells elements apart; null if the elements are plain values
/// @param content the rules of the elements
record ListMerge(String name, @Nullable String key, @Nullable MergeRules content) {

  /// @param deleted plain values to be taken out
  /// @param order the merge keys, or plain values, in the order that the patch's author wants;
  ///   empty if there is none
  List<Object> merge(List<?> current, List<?> changes, List<?> deleted, List<?> order) {
    List<Object> merged =
        key == null ? mergeValues(current, changes) : mergeStructs(current, changes);
    merged.removeAll(deleted);
    return List.copyOf(order.isEmpty() ? merged : ordered(merged, current, order));
  }

  private static List<Object> mergeValues(List<?> current, List<?> changes) {
    List<Object> merged = new ArrayList<>();
    for (Object value : current) {
      if (!merged.contains(value)) {
        merged.add(value);
      }
    }
    for (Object value : changes) {
      if (!merged.contains(value)) {
        merged.add(value);
      }
    }
    return merged;
  }

  private List<Object> mergeStructs(List<?> current, List<?> changes) {
    List<Object> merged = new ArrayList<>(current);
    boolean replaces =
        changes.stream()
            .anyMatch(
                change ->
                    change instanceof Struct s
                        && "replace".equals(s.get(StrategicMergePatch.DIRECTIVE))
                        && !s.has(String.valueOf(key)));
    if (replaces) {
      merged.clear();
    }
    for (Object change : changes) {
      if (change instanceof Struct struct) {
        mergeElement(merged, struct);
      } else {
        throw new PatchException(
            Reason.MALFORMED, "the elements of " + name + " in the patch must be objects");
      }
    }
    return merged;
  }

  private void mergeElement(List<Object> merged, Struct change) {
    Object directive = change.get(StrategicMergePatch.DIRECTIVE);
    Object id = id(change);
    if (id == null) {
      if ("replace".equals(directive)) {
        return;
      }
      throw new PatchException(
          Reason.MALFORMED, "map: " + change + " does not contain declared merge key: " + key);
    }
    int place = find(merged, id);
    if ("delete".equals(directive)) {
      merged.removeIf(element -> id.equals(id(element)));
    } else if (place < 0) {
      merged.add(StrategicMergePatch.withoutDirectives(change));
    } else if (merged.get(place) instanceof Struct present) {
      merged.set(place, StrategicMergePatch.apply(present, change, content));
    }
  }

  private int find(List<?> list, Object id) {
    for (int i = 0; i < list.size(); i++) {
      if (id.equals(id(list.get(i)))) {
        return i;
      }
    }
    return -1;
  }

  private @Nullable Object id(@Nullable Object element) {
    if (key == null) {
      return element;
    }
    return element instanceof Struct struct ? struct.get(key) : null;
  }

  /// The elements the author knows in the author's order; each of the others is put before the
  /// first known one that came after it in the present list.
  private List<Object> ordered(List<Object> merged, List<?> current, List<?> order) {
    List<@Nullable Object> wanted = new ArrayList<>();
    for (Object element : order) {
      wanted.add(id(element));
    }
    List<Object> known = new ArrayList<>();
    List<Object> others = new ArrayList<>();
    for (Object element : merged) {
      (wanted.contains(id(element)) ? known : others).add(element);
    }
    known.sort((a, b) -> Integer.compare(wanted.indexOf(id(a)), wanted.indexOf(id(b))));
    int place = 0;
    for (Object other : others) {
      int rank = rank(current, other);
      while (place < known.size()) {
        int next = rank(current, known.get(place));
        if (next >= 0 && rank >= 0 && next > rank) {
          break;
        }
        place++;
      }
      known.add(place, other);
      place++;
    }
    return known;
  }

  private int rank(List<?> current, Object element) {
    Object id = id(element);
    return id == null ? -1 : find(current, id);
  }
}
