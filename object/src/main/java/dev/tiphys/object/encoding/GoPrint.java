package dev.tiphys.object.encoding;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import java.math.BigDecimal;
import java.util.List;
import java.util.StringJoiner;

/// Trees as Go prints maps and lists: `map[a:1 b:[x y]]`. Some of upstream's messages show them so.
public final class GoPrint {

  /// The least power of ten that is written as one.
  private static final int FIRST_EXPONENT = 6;

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
      case Double number -> number(number);
      default -> tree.toString();
    };
  }

  /// A tree where Go was told to print a text: what is none is shown with its type.
  public static String string(Object tree) {
    return switch (tree) {
      case Struct struct -> {
        StringJoiner fields = new StringJoiner(" ", "map[", "]");
        struct.forEach((name, value) -> fields.add(name + ":" + string(value)));
        yield fields.toString();
      }
      case List<?> list -> {
        StringJoiner elements = new StringJoiner(" ", "[", "]");
        list.forEach(element -> elements.add(string(element)));
        yield elements.toString();
      }
      case String text -> text;
      case Null _ -> "%!s(<nil>)";
      default -> "%!s(" + type(tree) + "=" + text(tree) + ")";
    };
  }

  /// The name of a value's type where Go was told to print a text.
  public static String typeOf(Object value) {
    return value instanceof Null ? string(value) : type(value);
  }

  /// A number with as many digits as need be, and an exponent if it is large or small.
  public static String number(double number) {
    if (Double.isNaN(number)) {
      return "NaN";
    }
    if (Double.isInfinite(number)) {
      return number > 0 ? "+Inf" : "-Inf";
    }
    if (number == 0) {
      return 1 / number < 0 ? "-0" : "0";
    }
    BigDecimal exact = new BigDecimal(Double.toString(number)).stripTrailingZeros();
    int exponent = exact.precision() - exact.scale() - 1;
    if (exponent >= -4 && exponent < FIRST_EXPONENT) {
      return exact.toPlainString();
    }
    String digits = exact.unscaledValue().abs().toString();
    String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
    return (number < 0 ? "-" : "")
        + digits.charAt(0)
        + fraction
        + String.format("e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
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
