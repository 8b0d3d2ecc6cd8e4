package dev.tiphys.cel.library;

import dev.tiphys.cel.Bytes;
import dev.tiphys.cel.EvaluationException;
import dev.tiphys.cel.Functions;
import dev.tiphys.cel.Overload;
import dev.tiphys.cel.Price;
import dev.tiphys.cel.Range;
import dev.tiphys.cel.Type;
import dev.tiphys.cel.eval.Arithmetic;
import dev.tiphys.cel.eval.Conversions;
import dev.tiphys.cel.eval.HashMapValue;
import dev.tiphys.cel.eval.MapValue;
import dev.tiphys.cel.eval.Values;
import dev.tiphys.cel.syntax.Macros;
import dev.tiphys.cel.syntax.Operators;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;

/// The operators and conversions of the language itself.
final class Standard {

  static final Type A = Type.parameter("A");
  static final Type B = Type.parameter("B");
  static final Type LIST = Type.list(A);
  static final Type MAP = Type.map(A, B);
  private static final List<Type> ORDERED =
      List.of(
          Type.BOOL,
          Type.INT,
          Type.UINT,
          Type.DOUBLE,
          Type.STRING,
          Type.BYTES,
          Type.TIMESTAMP,
          Type.DURATION);
  private static final List<Type> NUMBERS = List.of(Type.INT, Type.UINT, Type.DOUBLE);

  private final Functions functions = new Functions();

  private Standard() {}

  static Functions functions() {
    Standard standard = new Standard();
    standard.types();
    standard.logic();
    standard.comparisons();
    standard.arithmetic();
    standard.containers();
    standard.conversions();
    return standard.functions;
  }

  private void types() {
    ORDERED.forEach(functions::addType);
    functions.addType(Type.NULL);
    functions.addType(Type.list(Type.DYN));
    functions.addType(Type.map(Type.DYN, Type.DYN));
    functions.addType(Type.of(Type.DYN));
  }

  /// What the evaluator does itself, and the checker only has to know of.
  private static final Overload.Implementation EVALUATED =
      _ -> {
        throw EvaluationException.noOverload();
      };

  private void logic() {
    for (String operator : List.of(Operators.AND, Operators.OR)) {
      functions.add(operator, Type.BOOL, Price.NOMINAL, EVALUATED, Type.BOOL, Type.BOOL);
    }
    functions.add(Operators.CONDITIONAL, A, Price.NOMINAL, EVALUATED, Type.BOOL, A, A);
    functions.add(Operators.NOT_STRICTLY_FALSE, Type.BOOL, Price.NOMINAL, EVALUATED, Type.BOOL);
    functions.add(Operators.NOT, Type.BOOL, Price.NOMINAL, a -> !(Boolean) a[0], Type.BOOL);
    functions.add(Operators.EQUALS, Type.BOOL, Equality.PRICE, a -> Values.equal(a[0], a[1]), A, A);
    functions.add("_!=_", Type.BOOL, Equality.PRICE, a -> !Values.equal(a[0], a[1]), A, A);
  }

  private void comparisons() {
    comparison("_<_", order -> order == -1);
    comparison("_<=_", order -> order == -1 || order == 0);
    comparison("_>_", order -> order == 1);
    comparison("_>=_", order -> order == 1 || order == 0);
  }

  private void comparison(String operator, IntPredicate holds) {
    Overload.Implementation compare =
        a -> {
          int order = Values.compare(a[0], a[1]);
          return holds.test(order == Values.UNORDERED ? order : Integer.signum(order));
        };
    for (Type type : ORDERED) {
      boolean letters = type == Type.STRING || type == Type.BYTES;
      functions.add(
          operator, Type.BOOL, letters ? Prices.comparing() : Price.NOMINAL, compare, type, type);
    }
    for (Type one : NUMBERS) {
      for (Type other : NUMBERS) {
        if (one != other) {
          functions.add(operator, Type.BOOL, Price.NOMINAL, compare, one, other);
        }
      }
    }
  }

  private void binary(
      String operator,
      BinaryOperator<Object> compute,
      Price price,
      Type result,
      Type one,
      Type other) {
    functions.add(operator, result, price, a -> compute.apply(a[0], a[1]), one, other);
  }

  private void numeric(String operator, BinaryOperator<Object> compute, List<Type> types) {
    for (Type type : types) {
      binary(operator, compute, Price.NOMINAL, type, type, type);
    }
  }

  private void arithmetic() {
    numeric("_+_", Arithmetic::add, NUMBERS);
    numeric("_-_", Arithmetic::subtract, NUMBERS);
    numeric("_*_", Arithmetic::multiply, NUMBERS);
    numeric("_/_", Arithmetic::divide, NUMBERS);
    numeric("_%_", Arithmetic::remainder, List.of(Type.INT, Type.UINT));
    Type time = Type.TIMESTAMP;
    Type span = Type.DURATION;
    binary("_+_", Arithmetic::add, Prices.joining(), Type.STRING, Type.STRING, Type.STRING);
    binary("_+_", Arithmetic::add, Prices.joining(), Type.BYTES, Type.BYTES, Type.BYTES);
    binary("_+_", Arithmetic::add, Prices.appending(), LIST, LIST, LIST);
    binary("_+_", Arithmetic::add, Price.NOMINAL, time, time, span);
    binary("_+_", Arithmetic::add, Price.NOMINAL, time, span, time);
    binary("_+_", Arithmetic::add, Price.NOMINAL, span, span, span);
    binary("_-_", Arithmetic::subtract, Price.NOMINAL, time, time, span);
    binary("_-_", Arithmetic::subtract, Price.NOMINAL, span, time, time);
    binary("_-_", Arithmetic::subtract, Price.NOMINAL, span, span, span);
    for (Type type : List.of(Type.INT, Type.DOUBLE)) {
      functions.add(Operators.NEGATE, type, Price.NOMINAL, a -> Arithmetic.negate(a[0]), type);
    }
  }

  private void containers() {
    functions.add(
        Operators.IN,
        Type.BOOL,
        Prices.searching(1),
        a -> ((List<?>) a[1]).stream().anyMatch(element -> Values.equal(element, a[0])),
        A,
        LIST);
    functions.add(
        Operators.IN, Type.BOOL, Price.NOMINAL, a -> ((MapValue) a[1]).contains(a[0]), A, MAP);
    functions.add(Operators.INDEX, A, Price.NOMINAL, EVALUATED, LIST, Type.INT);
    functions.add(Operators.INDEX, B, Price.NOMINAL, EVALUATED, MAP, A);
    for (Type type : List.of(Type.STRING, Type.BYTES, LIST, MAP)) {
      functions.add("size", Type.INT, Price.NOMINAL, a -> Values.size(a[0]), type);
      functions.addMember("size", Type.INT, Price.NOMINAL, a -> Values.size(a[0]), type);
    }
    functions.add(
        Macros.INSERT,
        MAP,
        Price.NOMINAL,
        a -> inserted((HashMapValue) a[0], a[1], a[2]),
        MAP,
        A,
        B);
    functions.add(
        Macros.INSERT,
        MAP,
        Price.NOMINAL,
        a -> {
          MapValue more = (MapValue) a[1];
          for (Object key : more.keys()) {
            Object value = more.find(key);
            if (value != null) {
              inserted((HashMapValue) a[0], key, value);
            }
          }
          return a[0];
        },
        MAP,
        MAP);
  }

  private static MapValue inserted(HashMapValue map, Object key, Object value) {
    if (!map.put(key, value)) {
      throw new EvaluationException(
          "insert failed: key " + Conversions.shown(key) + " already exists");
    }
    return map;
  }

  private void conversion(Type to, Price price, UnaryOperator<Object> convert, Type... from) {
    String name =
        to.kind() == Type.Kind.TIMESTAMP || to.kind() == Type.Kind.DURATION
            ? to.toString()
            : to.name();
    for (Type type : from) {
      functions.add(name, to, price, a -> convert.apply(a[0]), type);
    }
  }

  private void conversions() {
    Price nominal = Price.NOMINAL;
    conversion(
        Type.INT,
        nominal,
        Conversions::toInt,
        Type.INT,
        Type.UINT,
        Type.DOUBLE,
        Type.STRING,
        Type.TIMESTAMP,
        Type.DURATION);
    conversion(
        Type.UINT, nominal, Conversions::toUint, Type.UINT, Type.INT, Type.DOUBLE, Type.STRING);
    conversion(
        Type.DOUBLE, nominal, Conversions::toDouble, Type.DOUBLE, Type.INT, Type.UINT, Type.STRING);
    conversion(Type.BOOL, nominal, Conversions::toBool, Type.BOOL, Type.STRING);
    conversion(Type.TIMESTAMP, nominal, Conversions::toTime, Type.TIMESTAMP, Type.STRING, Type.INT);
    conversion(Type.DURATION, nominal, Conversions::toSpan, Type.DURATION, Type.STRING, Type.INT);
    conversion(
        Type.STRING,
        nominal,
        Conversions::toText,
        Type.STRING,
        Type.BOOL,
        Type.INT,
        Type.UINT,
        Type.DOUBLE,
        Type.TIMESTAMP,
        Type.DURATION);
    conversion(
        Type.STRING,
        converting(size -> new Range(size.min() / 4, size.max())),
        Conversions::toText,
        Type.BYTES);
    conversion(Type.BYTES, nominal, value -> value, Type.BYTES);
    conversion(
        Type.BYTES,
        converting(size -> new Range(size.min(), size.times(4.0).max())),
        text -> new Bytes(((String) text).getBytes(StandardCharsets.UTF_8)),
        Type.STRING);
    functions.add("dyn", Type.DYN, nominal, a -> a[0], A);
    functions.add("type", Type.of(A), nominal, a -> Values.typeOf(a[0]), A);
  }

  private static Price converting(UnaryOperator<Range> size) {
    return Prices.of(
        operands -> {
          Range before = operands.getFirst().size();
          return Prices.estimate(before.times(Price.PER_CHARACTER), size.apply(before));
        },
        (arguments, _) -> Range.times(Values.size(arguments[0]), Price.PER_CHARACTER));
  }
}
