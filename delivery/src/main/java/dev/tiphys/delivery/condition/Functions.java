package dev.tiphys.delivery.condition;

import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/// The functions of values, by name.
///
/// @param fewest how many arguments it needs
/// @param most how many it takes
record Functions(int fewest, int most, BiFunction<Scope, List<Object>, Object> body) {

  private static final int MANY = 100;

  private static final Map<String, Functions> ALL =
      Map.ofEntries(
          one("len", Functions::length),
          one("asInt", value -> whole("asInt", value)),
          one("int", value -> whole("int", value)),
          one("asFloat", value -> fraction("asFloat", value)),
          one("float", value -> fraction("float", value)),
          one("isNaN", value -> Double.isNaN(Values.number(value, "isNaN"))),
          one("isInf", value -> Double.isInfinite(Values.number(value, "isInf"))),
          one("isNil", value -> value == Null.NULL),
          Map.entry(
              "default",
              new Functions(
                  2, 2, (_, given) -> given.get(0) == Null.NULL ? given.get(1) : given.get(0))),
          one("abs", Functions::absolute),
          one("ceil", value -> Math.ceil(Values.number(value, "ceil"))),
          one("floor", value -> Math.floor(Values.number(value, "floor"))),
          one("round", value -> rounded(Values.number(value, "round"))),
          one("string", Functions::text),
          one("upper", value -> Values.text(value, "upper").toUpperCase(Locale.ROOT)),
          one("lower", value -> Values.text(value, "lower").toLowerCase(Locale.ROOT)),
          one("trim", value -> Values.text(value, "trim").strip()),
          one("first", value -> end(Values.list(value, "first"), true)),
          one("last", value -> end(Values.list(value, "last"), false)),
          numbers("max", all -> all.max().orElse(Double.NaN)),
          numbers("min", all -> all.min().orElse(Double.NaN)),
          numbers("sum", DoubleStream::sum),
          numbers("mean", all -> all.average().orElse(0)),
          numbers("median", Functions::median),
          Map.entry("now", new Functions(0, 0, (scope, _) -> scope.now())),
          one("duration", Functions::span),
          one("date", Functions::moment));

  static @Nullable Functions named(String name) {
    return ALL.get(name);
  }

  private static Map.Entry<String, Functions> one(String name, Function<Object, Object> body) {
    return Map.entry(
        name,
        new Functions(
            1,
            1,
            (scope, given) -> {
              scope.spend(1 + cost(given.getFirst()));
              return body.apply(given.getFirst());
            }));
  }

  private static long cost(Object value) {
    return value instanceof String text ? text.length() : 0;
  }

  /// A function of numbers, which are given one by one or as a list. Whole numbers stay whole.
  private static Map.Entry<String, Functions> numbers(
      String name, ToDoubleFunction<DoubleStream> body) {
    return Map.entry(
        name,
        new Functions(
            1,
            MANY,
            (scope, given) -> {
              List<?> all = given.getFirst() instanceof List<?> list ? list : given;
              scope.spend(all.size());
              double value =
                  body.applyAsDouble(all.stream().mapToDouble(each -> Values.number(each, name)));
              boolean isWhole =
                  List.of("max", "min", "sum").contains(name)
                      && !all.isEmpty()
                      && all.stream().allMatch(Long.class::isInstance);
              return isWhole ? (Object) (long) value : (Object) value;
            }));
  }

  private static Object length(Object value) {
    return switch (value) {
      case List<?> list -> (long) list.size();
      case String text -> (long) text.codePointCount(0, text.length());
      case Struct struct -> (long) struct.size();
      default -> throw Values.argument(value, "len");
    };
  }

  private static Object whole(String name, Object value) {
    return switch (value) {
      case Number number -> number.longValue();
      case String text -> {
        try {
          yield Long.parseLong(text);
        } catch (NumberFormatException e) {
          throw unparsable("strconv.ParseInt", text);
        }
      }
      default -> throw unsupported(name, value);
    };
  }

  private static Object fraction(String name, Object value) {
    return switch (value) {
      case Number number -> number.doubleValue();
      case String text -> {
        try {
          yield GoNumbers.parse(text);
        } catch (NumberFormatException e) {
          throw unparsable("strconv.ParseFloat", text);
        }
      }
      default -> throw unsupported(name, value);
    };
  }

  private static ConditionException unparsable(String function, String text) {
    return new ConditionException(function + ": parsing \"" + text + "\": invalid syntax");
  }

  private static ConditionException unsupported(String name, Object value) {
    return new ConditionException(name + "() not supported on " + Values.type(value) + " " + value);
  }

  private static Object absolute(Object value) {
    return value instanceof Long number
        ? (Object) Math.abs(number)
        : (Object) Math.abs(Values.number(value, "abs"));
  }

  /// Halves go away from zero.
  private static double rounded(double value) {
    return Math.copySign(Math.floor(Math.abs(value) + 0.5), value);
  }

  private static Object text(Object value) {
    return value instanceof String text ? text : GoNumbers.text(value);
  }

  private static Object end(List<?> list, boolean first) {
    return list.isEmpty() ? Null.NULL : first ? list.getFirst() : list.getLast();
  }

  private static double median(DoubleStream all) {
    double[] sorted = all.toArray();
    Arrays.sort(sorted);
    if (sorted.length == 0) {
      return 0;
    }
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static Duration span(Object value) {
    try {
      return GoDuration.parse(Values.text(value, "duration"));
    } catch (IllegalArgumentException e) {
      throw new ConditionException(String.valueOf(e.getMessage()));
    }
  }

  private static Instant moment(Object value) {
    Instant moment = Timestamps.of(Values.text(value, "date"));
    if (moment == null) {
      throw new ConditionException("invalid date " + value);
    }
    return moment;
  }
}
