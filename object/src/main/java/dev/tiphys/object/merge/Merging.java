package dev.tiphys.object.merge;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.merge.MergeShape.ListShape;
import dev.tiphys.object.merge.MergeShape.MapShape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Puts what a manager wants over what there is. Nothing is removed by that.
public final class Merging {

  private Merging() {}

  /// `live` with all that `wanted` says. Elements of lists that both have come in the order of
  /// `wanted`, each of the others as early as it can. What does not change is shared with `live`.
  ///
  /// @throws MergeException if there is an element of a list that can't be told from others
  public static Struct merge(Struct live, Struct wanted, MergeShape shape) {
    return structs(live, wanted, shape.mapHere());
  }

  private static Struct structs(Struct live, Struct wanted, MapShape map) {
    Struct merged = live;
    StructBuilder more = null;
    for (int i = 0; i < wanted.size(); i++) {
      String name = wanted.name(i);
      Object present = live.get(name);
      MergeShape shape = map.field(name);
      Object value =
          present == null || shape == null
              ? wanted.value(i)
              : values(present, wanted.value(i), shape);
      if (value != present) {
        more = more == null ? StructBuilder.from(live) : more;
        more.put(name, value);
      }
    }
    return more == null ? merged : more.build();
  }

  private static Object values(Object live, Object wanted, MergeShape shape) {
    return switch (shape.form(wanted)) {
      case SCALAR -> kept(live, wanted);
      case MAP -> {
        MapShape map = shape.mapHere();
        Struct present = live instanceof Struct struct ? struct : Struct.EMPTY;
        Struct more = wanted instanceof Struct struct ? struct : Struct.EMPTY;
        yield map.isAtomic() || (present.isEmpty() && more.isEmpty())
            ? kept(live, wanted)
            : structs(present, more, map);
      }
      case LIST -> {
        ListShape list = shape.listHere();
        List<?> present = live instanceof List<?> elements ? elements : List.of();
        List<?> more = wanted instanceof List<?> elements ? elements : List.of();
        yield list.isAtomic() || (present.isEmpty() && more.isEmpty())
            ? kept(live, wanted)
            : kept(live, lists(present, more, list));
      }
    };
  }

  /// The new value; the present one if that is the same.
  private static Object kept(Object live, Object wanted) {
    return wanted.equals(live) ? live : wanted;
  }

  private static List<Object> lists(List<?> live, List<?> wanted, ListShape shape) {
    ListElements present = ListElements.of(live, shape);
    ListElements changes = ListElements.of(wanted, shape);
    if (changes.values().size() != wanted.size()) {
      throw new MergeException("", "duplicate entries for key " + firstDouble(changes));
    }
    List<PathElement> shared = changes.steps().stream().filter(present::has).toList();
    List<Object> merged = new ArrayList<>(live.size() + wanted.size());
    int next = 0; // of the shared ones
    int at = 0; // in the present list
    for (PathElement step : changes.steps()) {
      for (; at < live.size(); at++) {
        PathElement other = present.steps().get(at);
        if (!changes.has(other)) {
          merged.add(live.get(at));
        } else if (next < shared.size() && other.equals(shared.get(next))) {
          break;
        }
      }
      merged.add(element(present.at(step), changes.at(step).getFirst(), shape));
      if (next < shared.size() && step.equals(shared.get(next))) {
        next++;
      }
    }
    for (; at < live.size(); at++) {
      if (!changes.has(present.steps().get(at))) {
        merged.add(live.get(at));
      }
    }
    return List.copyOf(merged);
  }

  /// An element after a change. Several of the same key give way to it.
  private static Object element(List<Object> live, Object wanted, ListShape shape) {
    return live.size() == 1 ? values(live.getFirst(), wanted, shape.elements()) : wanted;
  }

  private static PathElement firstDouble(ListElements elements) {
    Set<PathElement> seen = new HashSet<>();
    return elements.steps().stream().filter(step -> !seen.add(step)).findFirst().orElseThrow();
  }
}
