package dev.tiphys.cel.eval;

import dev.tiphys.cel.Bytes;
import dev.tiphys.cel.EvaluationException;
import dev.tiphys.cel.Opaque;
import dev.tiphys.cel.Type;
import dev.tiphys.cel.Unsigned;
import dev.tiphys.object.Null;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;

/// What holds for values of every type: their types, sizes, equality and order.
public final class Values {

  public static final Type QUANTITY = Type.opaque("kubernetes.Quantity");
  private static final Type LIST = Type.list(Type.DYN);
  private static final Type MAP = Type.map(Type.DYN, Type.DYN);
  private static final Type OBJECT = Type.object("object", java.util.Map.of());
  private static final Type OPTIONAL = Type.optional(Type.DYN);
  private static final Type TYPE = Type.of(Type.DYN);

  private Values() {}

  public static Type typeOf(Object value) {
    return switch (value) {
      case Boolean _ -> Type.BOOL;
      case Long _ -> Type.INT;
      case Unsigned _ -> Type.UINT;
      case Double _ -> Type.DOUBLE;
      case String _ -> Type.STRING;
      case Bytes _ -> Type.BYTES;
      case Null _ -> Type.NULL;
      case OffsetDateTime _ -> Type.TIMESTAMP;
      case Duration _ -> Type.DURATION;
      case List<?> _ -> LIST;
      case TreeMapValue map when map.isObject() -> map.type();
      case HashMapValue map -> map.type() == null ? MAP : map.type();
      case MapValue map -> map.isObject() ? OBJECT : MAP;
      case Maybe _ -> OPTIONAL;
      case Type _ -> TYPE;
      case Quantity _ -> QUANTITY;
      case Opaque opaque -> opaque.type();
      default -> throw new IllegalArgumentException("no value of expressions: " + value);
    };
  }

  /// Whether a value can be passed where a type is declared.
  public static boolean is(Object value, Type type) {
    return switch (type.kind()) {
      case DYN, PARAMETER, ERROR -> true;
      case BOOL -> value instanceof Boolean;
      case INT -> value instanceof Long;
      case UINT -> value instanceof Unsigned;
      case DOUBLE -> value instanceof Double;
      case STRING -> value instanceof String;
      case BYTES -> value instanceof Bytes;
      case NULL -> value == Null.NULL;
      case TIMESTAMP -> value instanceof OffsetDateTime;
      case DURATION -> value instanceof Duration;
      case LIST ->
          value instanceof List<?> list
              && (list.isEmpty() || isElement(list.getFirst(), type.parameter(0)));
      case MAP -> value instanceof MapValue;
      case OBJECT -> value instanceof MapValue map && map.isObject();
      case TYPE -> value instanceof Type;
      case OPAQUE -> typeOf(value).name().equals(type.name());
    };
  }

  /// Elements tell overloads apart by their plain types; what is inside of them is not looked at.
  private static boolean isElement(Object value, Type type) {
    return switch (type.kind()) {
      case LIST, MAP, OBJECT, OPAQUE -> true;
      default -> is(value, type);
    };
  }

  /// How many characters, bytes, elements or entries; 1 for all else.
  public static long size(Object value) {
    return switch (value) {
      case String text -> text.codePointCount(0, text.length());
      case Bytes bytes -> bytes.size();
      case List<?> list -> list.size();
      case MapValue map -> map.size();
      case Maybe(Object inner) when inner != null -> size(inner);
      case Sized sized -> sized.size();
      default -> 1;
    };
  }

  /// An opaque value whose size costs are told by.
  public interface Sized extends Opaque {
    int size();
  }

  public static boolean equal(Object one, Object other) {
    return switch (one) {
      case Long _, Unsigned _, Double _ -> isNumber(other) && compareNumbers(one, other) == 0;
      case List<?> list -> other instanceof List<?> second && equalLists(list, second);
      case MapValue map -> other instanceof MapValue second && equalMaps(map, second);
      case Maybe maybe ->
          other instanceof Maybe second
              && (maybe.value() == null || second.value() == null
                  ? maybe.value() == second.value()
                  : equal(maybe.value(), second.value()));
      case Type type ->
          other instanceof Type second
              && type.kind() == second.kind()
              && type.name().equals(second.name());
      case OffsetDateTime time -> other instanceof OffsetDateTime second && time.isEqual(second);
      default -> one.equals(other);
    };
  }

  private static boolean equalLists(List<?> one, List<?> other) {
    Type.Correlation by = one instanceof TreeList list ? list.type().correlation() : null;
    if (by != null) {
      return Lists.equal(one, other, by);
    }
    if (one.size() != other.size()) {
      return false;
    }
    for (int i = 0; i < one.size(); i++) {
      if (!equal(one.get(i), other.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean equalMaps(MapValue one, MapValue other) {
    if (one instanceof TreeMapValue(Struct first, Type type)
        && other instanceof TreeMapValue(Struct second, Type otherType)
        && Objects.equals(first, second)
        && type.equals(otherType)) {
      return true;
    }
    if (one.size() != other.size()) {
      return false;
    }
    for (Object key : one.keys()) {
      Object value = one.find(key);
      Object counterpart = other.find(key);
      if (value == null || counterpart == null || !equal(value, counterpart)) {
        return false;
      }
    }
    return true;
  }

  static boolean isNumber(Object value) {
    return value instanceof Long || value instanceof Double || value instanceof Unsigned;
  }

  /// The order of two values of the same type; numbers of all types have one order.
  ///
  /// @throws EvaluationException if there is no order
  public static int compare(Object one, Object other) {
    if (isNumber(one) && isNumber(other)) {
      return compareNumbers(one, other);
    }
    return switch (one) {
      case String text when other instanceof String second -> compareTexts(text, second);
      case Boolean truth when other instanceof Boolean second -> truth.compareTo(second);
      case Bytes bytes when other instanceof Bytes second -> bytes.compareTo(second);
      case OffsetDateTime time when other instanceof OffsetDateTime second ->
          time.toInstant().compareTo(second.toInstant());
      case Duration span when other instanceof Duration second -> span.compareTo(second);
      default -> throw EvaluationException.noOverload();
    };
  }

  /// By characters, not by halves of them.
  private static int compareTexts(String one, String other) {
    int end = Math.min(one.length(), other.length());
    for (int i = 0; i < end; i++) {
      char a = one.charAt(i);
      char b = other.charAt(i);
      if (a != b) {
        boolean halves = Character.isSurrogate(a) != Character.isSurrogate(b);
        return halves ? (Character.isSurrogate(a) ? 1 : -1) : Character.compare(a, b);
      }
    }
    return Integer.compare(one.length(), other.length());
  }

  /// The order of a number that is none and another: there is none.
  public static final int UNORDERED = Integer.MAX_VALUE;

  static int compareNumbers(Object one, Object other) {
    if (one instanceof Long a && other instanceof Long b) {
      return Long.compare(a, b);
    }
    if (one instanceof Double a && other instanceof Double b) {
      return a.isNaN() || b.isNaN() ? UNORDERED : a < b ? -1 : a > b ? 1 : 0;
    }
    if (isNone(one) || isNone(other)) {
      return UNORDERED;
    }
    if (one instanceof Double a && a.isInfinite()) {
      return a > 0 ? 1 : -1;
    }
    if (other instanceof Double b && b.isInfinite()) {
      return b > 0 ? -1 : 1;
    }
    return exact(one).compareTo(exact(other));
  }

  private static boolean isNone(Object number) {
    return number instanceof Double value && value.isNaN();
  }

  private static BigDecimal exact(Object number) {
    return switch (number) {
      case Long whole -> BigDecimal.valueOf(whole);
      case Double fraction -> new BigDecimal(fraction);
      default -> new BigDecimal(number.toString());
    };
  }
}
