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

  private final List<String> problems = new ArrayList<>();

  private MergeTyping() {}

  /// @throws MergeException that names all that is wrong with `object`
  public static void check(Struct object, MergeShape shape) {
    MergeTyping typing = new MergeTyping();
    typing.value(object, shape, "");
    if (!typing.problems.isEmpty()) {
      throw new MergeException(typing.problems);
    }
  }

  private void value(Object value, MergeShape shape, String path) {
    if (value == Null.NULL || shape.isDeduced()) {
      return;
    }
    switch (shape.form(value)) {
      case MAP -> {
        if (value instanceof Struct struct) {
          struct(struct, shape.mapHere(), path);
        } else {
          add(path, "expected map, got &{" + GoPrint.text(value) + "}");
        }
      }
      case LIST -> {
        if (value instanceof List<?> list) {
          list(list, shape.listHere(), path);
        } else {
          add(path, "expected list, got &{" + GoPrint.text(value) + "}");
        }
      }
      case SCALAR -> scalar(value, shape.scalars(), path);
    }
  }

  private void struct(Struct struct, MapShape map, String path) {
    for (int i = 0; i < struct.size(); i++) {
      String inner = path + "." + struct.name(i);
      MergeShape field = map.field(struct.name(i));
      if (field == null) {
        add(inner, "field not declared in schema");
        return;
      }
      value(struct.value(i), field, inner);
    }
  }

  private void list(List<?> list, ListShape shape, String path) {
    Set<PathElement> seen = new HashSet<>();
    for (int i = 0; i < list.size(); i++) {
      PathElement step;
      try {
        step = ListElements.step(list.get(i), i, shape);
      } catch (MergeException e) {
        add(path, String.valueOf(e.getMessage()));
        return;
      }
      if (!seen.add(step)) {
        add(path, "duplicate entries for key " + step);
      }
      value(list.get(i), shape.elements(), path + step);
    }
  }

  private void scalar(Object value, Scalars scalars, String path) {
    boolean fits =
        switch (scalars) {
          case NONE -> false;
          case STRING -> value instanceof String;
          case NUMBER -> value instanceof Number;
          case BOOLEAN -> value instanceof Boolean;
          case ANY -> !(value instanceof Struct || value instanceof List<?>);
        };
    if (!fits) {
      add(path, "expected " + scalars.text() + ", got " + shown(value, scalars));
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

  private void add(String path, String problem) {
    problems.add(path.isEmpty() ? problem : path + ": " + problem);
  }
}
