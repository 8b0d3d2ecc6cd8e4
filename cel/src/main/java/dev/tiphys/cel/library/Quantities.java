package dev.tiphys.cel.library;

import dev.tiphys.cel.EvaluationException;
import dev.tiphys.cel.Functions;
import dev.tiphys.cel.Price;
import dev.tiphys.cel.Type;
import dev.tiphys.cel.eval.Values;
import dev.tiphys.object.Quantity;

/// Amounts of resources.
final class Quantities {

  private static final Quantity LARGEST = Quantity.of(Long.MAX_VALUE);

  private Quantities() {}

  static Functions functions() {
    Type type = Values.QUANTITY;
    Price nominal = Price.NOMINAL;
    return new Functions()
        .addType(type)
        .add(
            "quantity", type, Prices.reading(1, false), a -> parse(Strings.text(a, 0)), Type.STRING)
        .add("isQuantity", Type.BOOL, Prices.reading(1, false), Quantities::isQuantity, Type.STRING)
        .add("sign", Type.INT, nominal, a -> (long) of(a, 0).compareTo(Quantity.ZERO), type)
        .addMember("isGreaterThan", Type.BOOL, nominal, a -> order(a) > 0, type, type)
        .addMember("isLessThan", Type.BOOL, nominal, a -> order(a) < 0, type, type)
        .addMember("compareTo", Type.INT, nominal, a -> (long) order(a), type, type)
        .addMember("asApproximateFloat", Type.DOUBLE, nominal, a -> of(a, 0).doubleValue(), type)
        .addMember("asInteger", Type.INT, nominal, Quantities::integer, type)
        .addMember("isInteger", Type.BOOL, nominal, a -> isInteger(of(a, 0)), type)
        .addMember("add", type, nominal, a -> of(a, 0).plus(of(a, 1)), type, type)
        .addMember("add", type, nominal, a -> of(a, 0).plus(of(a, 1)), type, Type.INT)
        .addMember("sub", type, nominal, a -> of(a, 0).minus(of(a, 1)), type, type)
        .addMember("sub", type, nominal, a -> of(a, 0).minus(of(a, 1)), type, Type.INT);
  }

  private static Quantity of(Object[] arguments, int index) {
    return arguments[index] instanceof Long units
        ? Quantity.of(units)
        : (Quantity) arguments[index];
  }

  private static Quantity parse(String text) {
    try {
      return Quantity.parse(text);
    } catch (IllegalArgumentException e) {
      throw new EvaluationException(String.valueOf(e.getMessage()));
    }
  }

  private static Object isQuantity(Object[] a) {
    try {
      return !Quantity.parse(Strings.text(a, 0)).toString().isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static int order(Object[] a) {
    return of(a, 0).compareTo(of(a, 1));
  }

  private static boolean isInteger(Quantity quantity) {
    return quantity.isWhole() && quantity.compareTo(LARGEST) <= 0;
  }

  private static Object integer(Object[] a) {
    if (!isInteger(of(a, 0))) {
      throw new EvaluationException("cannot convert value to integer");
    }
    return of(a, 0).units();
  }
}
