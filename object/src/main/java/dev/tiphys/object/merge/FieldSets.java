package dev.tiphys.object.merge;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.merge.MergeShape.ListShape;
import dev.tiphys.object.merge.MergeShape.MapShape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The set of all that stands in an object: what is owned by a manager that says all of it.
public final class FieldSets {

  private FieldSets() {}

  /// @throws MergeException if there is an element of a list that can't be told from others
  public static FieldSet of(Struct object, MergeShape shape) {
    return inside(object, shape);
  }

  private static FieldSet inside(Object value, MergeShape shape) {
    return switch (shape.form(value)) {
      case MAP ->
          value instanceof Struct struct && !shape.mapHere().isAtomic()
              ? fields(struct, shape.mapHere())
              : FieldSet.EMPTY;
      case LIST ->
          value instanceof List<?> list && !shape.listHere().isAtomic()
              ? elements(list, shape.listHere())
              : FieldSet.EMPTY;
      case SCALAR -> FieldSet.EMPTY;
    };
  }

  private static FieldSet fields(Struct struct, MapShape map) {
    FieldSetBuilder fields = new FieldSetBuilder();
    for (int i = 0; i < struct.size(); i++) {
      String name = struct.name(i);
      Object value = struct.value(i);
      MergeShape shape = map.field(name);
      if (shape != null) {
        boolean member = isLeaf(value, shape) || isEmpty(value) || !map.declares(name);
        fields.add(new PathElement.Field(name), member, inside(value, shape));
      }
    }
    return fields.build();
  }

  private static FieldSet elements(List<?> list, ListShape shape) {
    ListElements found = ListElements.of(list, shape);
    FieldSetBuilder elements = new FieldSetBuilder();
    found
        .values()
        .forEach(
            (step, values) ->
                elements.add(
                    step,
                    true,
                    values.size() == 1
                        ? inside(values.getFirst(), shape.elements())
                        : FieldSet.EMPTY));
    return elements.build();
  }

  private static boolean isLeaf(Object value, MergeShape shape) {
    return switch (shape.form(value)) {
      case MAP -> shape.mapHere().isAtomic();
      case LIST -> shape.listHere().isAtomic();
      case SCALAR -> true;
    };
  }

  private static boolean isEmpty(Object value) {
    return value == Null.NULL || (value instanceof Struct struct && struct.isEmpty());
  }

  /// The set with the declared fields on the way to what is in it. Entries of maps and elements of
  /// lists on the way are not added.
  public static FieldSet withDeclared(FieldSet set, MergeShape shape) {
    MapShape map = shape.map();
    FieldSetBuilder all = new FieldSetBuilder();
    for (int i = 0; i < set.width(); i++) {
      PathElement step = set.element(i);
      boolean named =
          map != null && step instanceof PathElement.Field(String name) && map.declares(name);
      MergeShape inner = inner(shape, step);
      all.add(
          step,
          set.isMember(i) || (named && !set.below(i).isEmpty()),
          inner == null ? set.below(i) : withDeclared(set.below(i), inner));
    }
    return all.build();
  }

  /// What a step leads to; null if the shape does not have it.
  static @Nullable MergeShape inner(MergeShape shape, PathElement step) {
    MapShape map = shape.map();
    ListShape list = shape.list();
    return switch (step) {
      case PathElement.Field(String name) -> map == null ? null : map.field(name);
      default -> list == null ? null : list.elements();
    };
  }

  /// A set that was made under an older schema, in the form of this one: what has become atomic is
  /// owned as a whole by the owner of anything in it.
  public static FieldSet reconciled(FieldSet set, MergeShape shape) {
    if (set.isEmpty() || shape.isDeduced()) {
      return set;
    }
    MapShape map = shape.map();
    ListShape list = shape.list();
    boolean scalars = map == null && shape.scalars() != MergeShape.Scalars.NONE;
    if (scalars || (map == null && list == null)) {
      return set;
    }
    FieldSetBuilder changed = null;
    for (int i = 0; i < set.width(); i++) {
      FieldSet below = set.below(i);
      MergeShape inner = inner(shape, set.element(i));
      boolean whole = inner != null && !below.isEmpty() && isAtomic(inner);
      FieldSet after = inner == null || whole ? below : reconciled(below, inner);
      if (changed == null && (whole || after != below)) {
        changed = new FieldSetBuilder();
        for (int j = 0; j < i; j++) {
          changed.add(set.element(j), set.isMember(j), set.below(j));
        }
      }
      if (changed != null) {
        changed.add(set.element(i), whole || set.isMember(i), whole ? null : after);
      }
    }
    return changed == null ? set : changed.build();
  }

  private static boolean isAtomic(MergeShape shape) {
    if (shape.isDeduced()) {
      return false;
    }
    MapShape map = shape.map();
    if (map != null) {
      return map.isAtomic();
    }
    ListShape list = shape.list();
    return shape.scalars() == MergeShape.Scalars.NONE && list != null && list.isAtomic();
  }
}
