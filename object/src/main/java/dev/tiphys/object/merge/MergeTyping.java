package dev.tiphys.object.merge;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.GoPrint;
import dev.tiphys.object.merge.MergeShape.ListShape;
import dev.tiphys.object.merge.MergeShape.MapShape;
import dev.tiphys.object.merge.MergeShape.Scalars;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Checks that an object has the form that its schema gives it: that there are no other fields,
/// that values are of their types, and that no two elements of a list have the same key.
public final class MergeTyping {

  private static final int MOST_PROBLEMS = 100;

  private final List<String> problems = new ArrayList<>();
  private final StringBuilder path = new StringBuilder();

  private MergeTyping() {}

  /// @throws MergeException that names what is wrong with `object`
  public static void check(Struct object, MergeShape shape) {
    MergeTyping typing = new MergeTyping();
    typing.value(object, shape);
    if (!typing.problems.isEmpty()) {
      throw new MergeException(typing.problems);
    }
  }

  private void value(Object value, MergeShape shape) {
    if (value == Null.NULL || shape.isDeduced()) {
      return;
    }
    switch (shape.form(value)) {
      case MAP -> {
        if (value instanceof Struct struct) {
          struct(struct, shape.mapHere());
        } else {
          add("expected map, got &{" + GoPrint.text(value) + "}");
        }
      }
      case LIST -> {
        if (value instanceof List<?> list) {
          list(list, shape.listHere());
        } else {
          add("expected list, got &{" + GoPrint.text(value) + "}");
        }
      }
      case SCALAR -> scalar(value, shape.scalars());
    }
  }

  private void struct(Struct struct, MapShape map) {
    for (int i = 0; i < struct.size(); i++) {
      int length = path.length();
      path.append('.').append(struct.name(i));
      MergeShape field = map.field(struct.name(i));
      if (field == null) {
        add("field not declared in schema");
        path.setLength(length);
        return;
      }
      value(struct.value(i), field);
      path.setLength(length);
    }
  }

  private void list(List<?> list, ListShape shape) {
    Set<PathElement> seen = new HashSet<>();
    for (int i = 0; i < list.size(); i++) {
      PathElement step;
      try {
        step = ListElements.step(list.get(i), i, shape);
      } catch (MergeException e) {
        add(String.valueOf(e.getMessage()));
        return;
      }
      if (!seen.add(step)) {
        add("duplicate entries for key " + step);
      }
      int length = path.length();
      path.append(step);
      value(list.get(i), shape.elements());
      path.setLength(length);
    }
  }

  private void scalar(Object value, Scalars scalars) {
    boolean fits =
        switch (scalars) {
          case NONE -> false;
          case STRING -> value instanceof String;
          case NUMBER -> value instanceof Number;
          case BOOLEAN -> value instanceof Boolean;
          case ANY -> !(value instanceof Struct || value instanceof List<?>);
        };
    if (!fits) {
      add("expected " + scalars.text() + ", got " + shown(value, scalars));
    }
  }

  private static String shown(Object value, Scalars scalars) {
    return switch (scalars) {
      case NUMBER -> GoPrint.type(value);
      case STRING ->
          "&value.valueUnstructured{Value:"
              + (value instanceof Number || value instanceof Boolean
                  ? GoPrint.text(value)
                  : GoPrint.type(value) + "{...}")
              + "}";
      case NONE, BOOLEAN, ANY -> "&{" + GoPrint.text(value) + "}";
    };
  }

  /// Adds a problem in the present place, unless there are enough of them.
  private void add(String problem) {
    if (problems.size() < MOST_PROBLEMS) {
      problems.add(path.isEmpty() ? problem : path + ": " + problem);
    }
  }
}
