package dev.tiphys.object.merge;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.merge.MergeShape.ListShape;
import dev.tiphys.object.merge.MergeShape.MapShape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes fields and elements out of an object.
public final class Removing {

  private Removing() {}

  /// `object` without the paths of a set, and all that is below them. What is left empty on the way
  /// stays.
  public static Struct remove(Struct object, FieldSet gone, MergeShape shape) {
    return gone.isEmpty() ? object : fields(object, gone, shape.mapHere());
  }

  private static Struct fields(Struct struct, FieldSet gone, MapShape map) {
    StructBuilder rest = new StructBuilder(struct.size());
    boolean same = true;
    for (int i = 0; i < struct.size(); i++) {
      PathElement step = new PathElement.Field(struct.name(i));
      Object before = struct.value(i);
      Object after =
          gone.has(step) ? null : inside(before, gone.below(step), map.field(struct.name(i)));
      same &= after == before;
      if (after != null) {
        rest.put(struct.name(i), after);
      }
    }
    return same ? struct : rest.build();
  }

  private static @Nullable Object inside(Object value, FieldSet gone, @Nullable MergeShape shape) {
    if (gone.isEmpty() || shape == null) {
      return value;
    }
    return switch (value) {
      case Struct struct when shape.map() != null ->
          shape.mapHere().isAtomic() ? null : fields(struct, gone, shape.mapHere());
      case List<?> list when shape.list() != null ->
          shape.listHere().isAtomic() ? null : elements(list, gone, shape.listHere());
      default -> value;
    };
  }

  private static List<?> elements(List<?> list, FieldSet gone, ListShape shape) {
    List<Object> rest = new ArrayList<>(list.size());
    boolean same = true;
    for (int i = 0; i < list.size(); i++) {
      PathElement step = ListElements.step(list.get(i), i, shape);
      Object before = list.get(i);
      Object after = gone.has(step) ? null : inside(before, gone.below(step), shape.elements());
      same &= after == before;
      if (after != null) {
        rest.add(after);
      }
    }
    return same ? list : List.copyOf(rest);
  }

  /// `object` with null where `wanted` says null of something that has become empty.
  public static Struct withNulls(Struct object, Struct wanted) {
    Struct next = object;
    for (int i = 0; i < wanted.size(); i++) {
      String name = wanted.name(i);
      Object value = object.get(name);
      if (wanted.value(i) == Null.NULL && isEmpty(value)) {
        next = next.with(name, Null.NULL);
      } else if (wanted.value(i) instanceof Struct inner && value instanceof Struct struct) {
        next = next.with(name, withNulls(struct, inner));
      }
    }
    return next;
  }

  private static boolean isEmpty(@Nullable Object value) {
    return (value instanceof Struct struct && struct.isEmpty())
        || (value instanceof List<?> list && list.isEmpty());
  }
}
