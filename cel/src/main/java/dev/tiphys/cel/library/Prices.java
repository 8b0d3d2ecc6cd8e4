package dev.tiphys.cel.library;

import dev.tiphys.cel.Bytes;
import dev.tiphys.cel.Price;
import dev.tiphys.cel.Range;
import dev.tiphys.cel.Type;
import dev.tiphys.cel.eval.MapValue;
import dev.tiphys.cel.eval.Values;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongBiFunction;
import org.jspecify.annotations.Nullable;

/// What functions cost that look at more than a fixed part of their arguments.
final class Prices {

  private Prices() {}

  /// @param estimate what is charged before, and how large the result is
  /// @param actual what is charged after
  private record Told(
      Function<List<Operand>, Estimate> estimate, ToLongBiFunction<Object[], Object> actual)
      implements Price {

    @Override
    public Estimate estimate(List<Operand> operands) {
      return estimate.apply(operands);
    }

    @Override
    public long actual(Object[] arguments, Object result) {
      return actual.applyAsLong(arguments, result);
    }
  }

  static Price of(
      Function<List<Price.Operand>, Price.Estimate> estimate,
      ToLongBiFunction<Object[], Object> actual) {
    return new Told(estimate, actual);
  }

  static Price.Estimate estimate(Range cost, @Nullable Range size) {
    return new Price.Estimate(cost, size);
  }

  private static long scaled(long size, double factor) {
    return Range.times(size, factor);
  }

  /// The first argument is read once, or as often as `times` says; the result is no larger.
  static Price reading(double times, boolean sized) {
    double factor = times * Price.PER_CHARACTER;
    return of(
        operands -> {
          Range size = operands.getFirst().size();
          return estimate(size.times(factor), sized ? size : null);
        },
        (arguments, _) -> scaled(Values.size(arguments[0]), factor));
  }

  /// A text is looked for in the first argument.
  static Price searching() {
    Price reading = reading(1, false);
    return of(reading::estimate, (arguments, _) -> traversal(arguments[0]));
  }

  /// The second argument is read once; `contains` reads the first as well for each of its letters.
  static Price affix() {
    return of(
        operands -> estimate(operands.get(1).size().times(Price.PER_CHARACTER), null),
        (arguments, _) -> scaled(Values.size(arguments[0]), Price.PER_CHARACTER));
  }

  static Price containing() {
    return of(
        operands ->
            estimate(
                operands
                    .get(0)
                    .size()
                    .times(Price.PER_CHARACTER)
                    .times(operands.get(1).size().times(Price.PER_CHARACTER)),
                null),
        (arguments, _) ->
            scaled(Values.size(arguments[0]), Price.PER_CHARACTER)
                * scaled(Values.size(arguments[1]), Price.PER_CHARACTER));
  }

  /// A regular expression is tried on a text.
  ///
  /// @param sized whether the result is a part of the text
  static Price regex(boolean sized) {
    return of(
        operands -> {
          Range size = operands.get(0).size();
          Range text = size.plus(Range.ONE).times(Price.PER_CHARACTER);
          Range expression = operands.get(1).size().times(Price.PER_REGEX_CHARACTER);
          return estimate(text.times(expression), sized ? new Range(0, size.max()) : null);
        },
        (arguments, _) -> regex(Values.size(arguments[0]), Values.size(arguments[1])));
  }

  static long regex(long text, long expression) {
    return scaled(text + 1, Price.PER_CHARACTER) * scaled(expression, Price.PER_REGEX_CHARACTER);
  }

  /// Two values are compared up to the end of the shorter one.
  static Price comparing() {
    return of(
        operands -> {
          long most = Math.min(operands.get(0).size().max(), operands.get(1).size().max());
          return estimate(new Range(most > 0 ? 1 : 0, most).times(Price.PER_CHARACTER), null);
        },
        (arguments, _) ->
            scaled(
                Math.min(Values.size(arguments[0]), Values.size(arguments[1])),
                Price.PER_CHARACTER));
  }

  /// Two texts are copied into one.
  static Price joining() {
    return of(
        operands -> {
          Range size = operands.get(0).size().plus(operands.get(1).size());
          return estimate(size.times(Price.PER_CHARACTER), size);
        },
        (arguments, _) ->
            scaled(Values.size(arguments[0]) + Values.size(arguments[1]), Price.PER_CHARACTER));
  }

  /// Lists are joined without a look at their elements.
  static Price appending() {
    return of(
        operands -> estimate(Range.ONE, operands.get(0).size().plus(operands.get(1).size())),
        (_, _) -> 1);
  }

  /// Each element of a list is looked at.
  static Price searching(int list) {
    return of(
        operands -> estimate(operands.get(list).size(), null),
        (arguments, _) -> Values.size(arguments[list]));
  }

  /// Each element of a list is compared, letter by letter if it has any.
  static Price comparingAll() {
    return of(
        operands -> {
          Price.Operand list = operands.getFirst();
          Range each = Range.ONE;
          Type element = list.type().kind() == Type.Kind.LIST ? list.type().parameter(0) : Type.DYN;
          if (element.kind() == Type.Kind.STRING || element.kind() == Type.Kind.BYTES) {
            each = each.plus(list.elementSize().times(Price.PER_CHARACTER));
          }
          return estimate(list.size().times(each), null);
        },
        (arguments, _) -> traversal(arguments[0]));
  }

  /// What it costs to read all of a value.
  private static long traversal(Object value) {
    return switch (value) {
      case String text -> (long) (text.length() * Price.PER_CHARACTER);
      case Bytes bytes -> (long) (bytes.size() * Price.PER_CHARACTER);
      case List<?> list -> {
        long cost = 0;
        for (Object element : list) {
          cost += traversal(element);
        }
        yield cost;
      }
      case MapValue map -> {
        long cost = 0;
        for (Object key : map.keys()) {
          Object inner = map.find(key);
          cost += traversal(key) + (inner == null ? 0 : traversal(inner));
        }
        yield cost;
      }
      default -> 1;
    };
  }

  /// A new list is made.
  ///
  /// @param size how large it is
  static Price.Estimate list(double factor, Range size) {
    return estimate(size.times(factor).plus(Range.of(1 + Price.LIST)), size);
  }

  static long listMade(double factor, long size) {
    return (long) (size * factor) + 1 + Price.LIST;
  }
}
