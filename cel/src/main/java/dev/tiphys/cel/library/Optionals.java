package dev.tiphys.cel.library;

import dev.tiphys.cel.Bytes;
import dev.tiphys.cel.EvaluationException;
import dev.tiphys.cel.Functions;
import dev.tiphys.cel.Overload;
import dev.tiphys.cel.Price;
import dev.tiphys.cel.Type;
import dev.tiphys.cel.Unsigned;
import dev.tiphys.cel.eval.Conversions;
import dev.tiphys.cel.eval.MapValue;
import dev.tiphys.cel.eval.Maybe;
import dev.tiphys.cel.syntax.Operators;
import dev.tiphys.object.Null;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/// Values that may be absent.
final class Optionals {

  private Optionals() {}

  static Functions functions() {
    Type value = Type.parameter("V");
    Type key = Type.parameter("K");
    Type optional = Type.optional(value);
    Type list = Type.list(value);
    Type map = Type.map(key, value);
    Type listOfOptional = Type.list(optional);
    Price nominal = Price.NOMINAL;
    Overload.Implementation evaluated =
        _ -> {
          throw EvaluationException.noOverload();
        };
    Functions functions = new Functions();
    for (Type index : List.of(list, Type.optional(list))) {
      functions.add(Operators.OPTIONAL_INDEX, optional, nominal, evaluated, index, Type.INT);
    }
    for (Type index : List.of(map, Type.optional(map))) {
      functions.add(Operators.OPTIONAL_INDEX, optional, nominal, evaluated, index, key);
    }
    return functions
        .addType(Type.optional(Type.DYN))
        .add(Operators.INDEX, optional, nominal, evaluated, Type.optional(list), Type.INT)
        .add(Operators.INDEX, optional, nominal, evaluated, Type.optional(map), key)
        .add("optional.of", optional, nominal, a -> new Maybe(a[0]), value)
        .add("optional.none", optional, nominal, _ -> Maybe.NONE)
        .add(
            "optional.ofNonZeroValue",
            optional,
            nominal,
            a -> isZero(a[0]) ? Maybe.NONE : new Maybe(a[0]),
            value)
        .addMember("value", value, nominal, Optionals::value, optional)
        .addMember("hasValue", Type.BOOL, nominal, a -> !((Maybe) a[0]).isEmpty(), optional)
        .addMember("or", optional, nominal, evaluated, optional, optional)
        .addMember("orValue", value, nominal, evaluated, optional, value)
        .addMember("first", optional, nominal, a -> end((List<?>) a[0], true), list)
        .addMember("last", optional, nominal, a -> end((List<?>) a[0], false), list)
        .add("optional.unwrap", list, nominal, a -> present((List<?>) a[0]), listOfOptional)
        .addMember("unwrapOpt", list, nominal, a -> present((List<?>) a[0]), listOfOptional);
  }

  private static Object value(Object[] a) {
    Object value = ((Maybe) a[0]).value();
    if (value == null) {
      throw new EvaluationException("optional.none() dereference");
    }
    return value;
  }

  private static boolean isZero(Object value) {
    return switch (value) {
      case Boolean truth -> !truth;
      case Long number -> number == 0;
      case Unsigned(long bits) -> bits == 0;
      case Double number -> number == 0;
      case String text -> text.isEmpty();
      case Bytes bytes -> bytes.size() == 0;
      case List<?> list -> list.isEmpty();
      case MapValue map -> map.size() == 0;
      case Duration span -> span.isZero();
      case OffsetDateTime time -> time.isEqual(Conversions.FIRST);
      case Null _ -> true;
      case Maybe maybe -> maybe.isEmpty();
      default -> false;
    };
  }

  private static Maybe end(List<?> list, boolean first) {
    if (list.isEmpty()) {
      return Maybe.NONE;
    }
    return new Maybe(first ? list.getFirst() : list.getLast());
  }

  private static List<Object> present(List<?> list) {
    List<Object> present = new ArrayList<>();
    for (Object element : list) {
      Object value = element instanceof Maybe maybe ? maybe.value() : null;
      if (value != null) {
        present.add(value);
      }
    }
    return present;
  }
}
