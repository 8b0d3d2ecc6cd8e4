package dev.tiphys.object.encoding;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import java.util.List;
import java.util.StringJoiner;

/// Trees as Go prints maps and lists: `map[a:1 b:[x y]]`. Some of upstream's messages show them so.
public final class GoPrint {

  private GoPrint() {}

  public static String text(Object tree) {
    return switch (tree) {
      case Struct struct -> {
        StringJoiner fields = new StringJoiner(" ", "map[", "]");
        struct.forEach((name, value) -> fields.add(name + ":" + text(value)));
        yield fields.toString();
      }
      case List<?> list -> {
        StringJoiner elements = new StringJoiner(" ", "[", "]");
        list.forEach(element -> elements.add(text(element)));
        yield elements.toString();
      }
      case String text -> text;
      case Null _ -> "<nil>";
      case Double number -> Json.text(number);
      default -> tree.toString();
    };
  }

  /// The name of the type that Go's decoder gives a value.
  public static String type(Object value) {
    return switch (value) {
      case Struct _ -> "map[string]interface {}";
      case List<?> _ -> "[]interface {}";
      case String _ -> "string";
      case Boolean _ -> "bool";
      case Long _ -> "int64";
      case Double _ -> "float64";
      default -> "<nil>";
    };
  }
}
