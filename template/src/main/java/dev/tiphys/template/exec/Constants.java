package dev.tiphys.template.exec;

import dev.tiphys.template.parse.Node;
import dev.tiphys.template.value.Kind;
import dev.tiphys.template.value.Type;
import dev.tiphys.template.value.Whole;
import org.jspecify.annotations.Nullable;

/// What texts and numbers that stand in a template are, where one of a type is wanted.
final class Constants {

  private Constants() {}

  /// A number of which nothing says what type it is to have.
  static Object ideal(Node.Number number) {
    if (number.pointed()) {
      return number.fraction();
    }
    if (number.whole() != null) {
      return number.whole();
    }
    throw new Failure(number.text() + " overflows int");
  }

  /// A constant as an argument of a type.
  static Object literal(Type type, Node node) {
    return switch (type.kind()) {
      case BOOL -> found(node instanceof Node.Bool bool ? bool.value() : null, "bool", node);
      case FLOAT -> found(node instanceof Node.Number n ? n.fraction() : null, "float", node);
      case INT -> found(whole(type, node), "integer", node);
      case UINT -> found(whole(type, node), "unsigned integer", node);
      case STRING ->
          found(node instanceof Node.Quoted quoted ? quoted.text() : null, "string", node);
      case INTERFACE -> any(node);
      case STRUCT, SLICE, MAP, POINTER -> {
        if (type == Type.VALUE) {
          yield any(node);
        }
        throw new Failure("can't handle " + node + " for arg of type " + type.name());
      }
    };
  }

  private static Object found(@Nullable Object value, String expected, Node node) {
    if (value == null) {
      throw new Failure("expected " + expected + "; found " + node);
    }
    return value;
  }

  private static @Nullable Object whole(Type type, Node node) {
    boolean fits =
        node instanceof Node.Number number
            && number.whole() != null
            && (type.kind() == Kind.INT || number.whole() >= 0);
    return fits && node instanceof Node.Number number && number.whole() != null
        ? Whole.of(type, number.whole())
        : null;
  }

  private static Object any(Node node) {
    return switch (node) {
      case Node.Bool bool -> bool.value();
      case Node.Number number -> ideal(number);
      case Node.Quoted quoted -> quoted.text();
      default ->
          throw new Failure("can't handle assignment of " + node + " to empty interface argument");
    };
  }
}
