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
  /// becomes null.
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
          shape.mapHere().isAtomic() ? null : filled(fields(struct, gone, shape.mapHere()), value);
      case List<?> list when shape.list() != null ->
          shape.listHere().isAtomic()
              ? null
              : filled(elements(list, gone, shape.listHere()), value);
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

  /// What is left of a value; null if that is nothing.
  private static Object filled(Object rest, Object before) {
    return rest != before && isEmpty(rest) ? Null.NULL : rest;
  }

  /// `object` with the empty structs and lists that `wanted` says, where it has null.
  public static Struct withEmpty(Struct object, Struct wanted) {
    Struct next = object;
    for (int i = 0; i < wanted.size(); i++) {
      String name = wanted.name(i);
      Object said = wanted.value(i);
      Object value = object.get(name);
      if (value == Null.NULL && isEmpty(said)) {
        next = next.with(name, said);
      } else if (said instanceof Struct inner && value instanceof Struct struct) {
        next = next.with(name, withEmpty(struct, inner));
      }
    }
    return next;
  }

  private static boolean isEmpty(Object value) {
    return (value instanceof Struct struct && struct.isEmpty())
        || (value instanceof List<?> list && list.isEmpty());
  }
}
