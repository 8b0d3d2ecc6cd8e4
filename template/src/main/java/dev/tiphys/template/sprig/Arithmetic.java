package dev.tiphys.template.sprig;

import static dev.tiphys.template.value.Type.ANY;
import static dev.tiphys.template.value.Type.FLOAT64;
import static dev.tiphys.template.value.Type.INT;
import static dev.tiphys.template.value.Type.STRING;

import dev.tiphys.template.format.Floats;
import dev.tiphys.template.format.Printer;
import dev.tiphys.template.function.Call;
import dev.tiphys.template.function.CallException;
import dev.tiphys.template.function.Function;
import dev.tiphys.template.value.Slice;
import dev.tiphys.template.value.Type;
import dev.tiphys.template.value.Whole;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/// Numbers, whole and fractional, and sequences of them.
final class Arithmetic {

  /// How many digits a quotient has after the point.
  private static final int QUOTIENT_DIGITS = 16;

  private Arithmetic() {}

  static List<Function> functions() {
    return List.of(
        Function.of("int", call -> (Long) Casts.whole(call.value(0)), ANY),
        Function.of("int64", call -> Whole.int64(Casts.whole(call.value(0))), ANY),
        Function.of("float64", call -> (Double) Casts.real(call.value(0)), ANY),
        Function.of("atoi", Arithmetic::atoi, STRING),
        Function.of("toDecimal", Arithmetic::decimal, ANY),
        Function.of("add1", call -> Whole.int64(Casts.whole(call.value(0)) + 1), ANY),
        Function.variadic("add", call -> fold(0, call.arguments(), Long::sum), ANY),
        Function.of("sub", call -> fold(call, (a, b) -> a - b), ANY, ANY),
        Function.of("div", call -> fold(call, Arithmetic::divide), ANY, ANY),
        Function.of("mod", call -> fold(call, Arithmetic::remainder), ANY, ANY),
        Function.variadic("mul", call -> fold(call, (a, b) -> a * b), ANY, ANY),
        Function.variadic("max", call -> fold(call, Math::max), ANY, ANY),
        Function.variadic("biggest", call -> fold(call, Math::max), ANY, ANY),
        Function.variadic("min", call -> fold(call, Math::min), ANY, ANY),
        Function.of("add1f", call -> exact(call.value(0), List.of(1L), BigDecimal::add), ANY),
        Function.variadic("addf", call -> exact(0.0, call.arguments(), BigDecimal::add), ANY),
        Function.variadic("subf", call -> exact(call, BigDecimal::subtract), ANY, ANY),
        Function.variadic("divf", call -> exact(call, Arithmetic::divide), ANY, ANY),
        Function.variadic("mulf", call -> exact(call, BigDecimal::multiply), ANY, ANY),
        Function.variadic("maxf", call -> reals(call, Math::max), ANY, ANY),
        Function.variadic("minf", call -> reals(call, Math::min), ANY, ANY),
        Function.of("ceil", call -> (Double) Math.ceil(Casts.real(call.value(0))), ANY),
        Function.of("floor", call -> (Double) Math.floor(Casts.real(call.value(0))), ANY),
        Function.variadic("round", Arithmetic::round, ANY, INT, FLOAT64),
        Function.of("until", Arithmetic::until, INT),
        Function.of(
            "untilStep",
            call -> Slice.of(INT, steps(call, call.whole(0), call.whole(1), call.whole(2))),
            INT,
            INT,
            INT),
        Function.variadic("seq", Arithmetic::sequence, INT));
  }

  private static Object atoi(Call call) {
    String text = call.text(0);
    try {
      boolean plain = text.matches("[+-]?[0-9]+");
      return (Long) (plain ? Long.parseLong(text) : 0L);
    } catch (NumberFormatException e) {
      return (Long) (text.startsWith("-") ? Long.MIN_VALUE : Long.MAX_VALUE);
    }
  }

  /// A number whose digits are octal.
  private static Object decimal(Call call) {
    String text = Printer.text(call.value(0), call.budget());
    try {
      return Whole.int64(text.matches("[+-]?[0-7]+") ? Long.parseLong(text, 8) : 0);
    } catch (NumberFormatException e) {
      return Whole.int64(0); // larger than 64 bits
    }
  }

  private static Object fold(Call call, LongBinaryOperator operator) {
    return fold(Casts.whole(call.value(0)), call.rest(1), operator);
  }

  private static Object fold(
      long start, List<? extends @Nullable Object> rest, LongBinaryOperator operator) {
    long result = start;
    for (Object each : rest) {
      result = operator.applyAsLong(result, Casts.whole(each));
    }
    return Whole.int64(result);
  }

  private static long divide(long a, long b) {
    if (b == 0) {
      throw new CallException("runtime error: integer divide by zero");
    }
    return a / b;
  }

  private static long remainder(long a, long b) {
    if (b == 0) {
      throw new CallException("runtime error: integer divide by zero");
    }
    return a % b;
  }

  private static Object exact(Call call, BinaryOperator<BigDecimal> operator) {
    return exact(call.value(0), call.rest(1), operator);
  }

  private static Object exact(
      @Nullable Object start,
      List<? extends @Nullable Object> rest,
      BinaryOperator<BigDecimal> operator) {
    BigDecimal result = decimal(start);
    for (Object each : rest) {
      result = operator.apply(result, decimal(each));
    }
    return (Double) result.doubleValue();
  }

  private static BigDecimal decimal(@Nullable Object value) {
    double real = Casts.real(value);
    if (!Double.isFinite(real)) {
      throw new CallException("Cannot create a Decimal from " + Floats.shortest(real));
    }
    return new BigDecimal(Double.toString(real));
  }

  private static BigDecimal divide(BigDecimal a, BigDecimal b) {
    if (b.signum() == 0) {
      throw new CallException("decimal division by 0");
    }
    return a.divide(b, QUOTIENT_DIGITS, RoundingMode.HALF_UP);
  }

  private static Object reals(Call call, DoubleBinaryOperator operator) {
    double result = Casts.real(call.value(0));
    for (Object each : call.rest(1)) {
      result = operator.applyAsDouble(result, Casts.real(each));
    }
    return (Double) result;
  }

  private static Object round(Call call) {
    double on = call.count() > 2 ? call.real(2) : 0.5;
    double power = Math.pow(10, call.whole(1));
    double digits = power * Casts.real(call.value(0));
    double part = digits - (digits < 0 ? Math.ceil(digits) : Math.floor(digits));
    return (Double) ((part >= on ? Math.ceil(digits) : Math.floor(digits)) / power);
  }

  private static Object until(Call call) {
    long count = call.whole(0);
    return Slice.of(Type.INT, steps(call, 0, count, count < 0 ? -1 : 1));
  }

  private static List<Long> steps(Call call, long start, long stop, long step) {
    List<Long> numbers = new ArrayList<>();
    boolean down = stop < start;
    if (down ? step >= 0 : step <= 0) {
      return numbers;
    }
    for (long i = start; down ? i > stop : i < stop; i += step) {
      call.budget().step();
      call.budget().bytes(Long.BYTES);
      numbers.add(i);
    }
    return numbers;
  }

  private static String sequence(Call call) {
    if (call.count() == 0 || call.count() > 3) {
      return "";
    }
    long start = call.count() == 1 ? 1 : call.whole(0);
    long end = call.whole(call.count() - 1);
    long direction = end < start ? -1 : 1;
    long step = call.count() == 3 ? call.whole(1) : direction;
    if (call.count() == 3 && end < start && step > 0) {
      return "";
    }
    StringJoiner numbers = new StringJoiner(" ");
    steps(call, start, end + direction, step).forEach(number -> numbers.add(number.toString()));
    return call.made(numbers.toString());
  }
}
