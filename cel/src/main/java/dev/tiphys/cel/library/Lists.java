package dev.tiphys.cel.library;

import dev.tiphys.cel.CostException;
import dev.tiphys.cel.EvaluationException;
import dev.tiphys.cel.Functions;
import dev.tiphys.cel.Price;
import dev.tiphys.cel.Range;
import dev.tiphys.cel.Type;
import dev.tiphys.cel.Unsigned;
import dev.tiphys.cel.eval.Arithmetic;
import dev.tiphys.cel.eval.Values;
import dev.tiphys.cel.syntax.Macros;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Lists: what they hold, in which order, and new ones made of them.
final class Lists {

  private static final List<Type> ORDERED =
      List.of(
          Type.INT,
          Type.UINT,
          Type.DOUBLE,
          Type.BOOL,
          Type.DURATION,
          Type.TIMESTAMP,
          Type.STRING,
          Type.BYTES);

  private Lists() {}

  static Functions functions() {
    Functions functions = new Functions();
    Type list = Standard.LIST;
    Type element = Standard.A;
    Price reading = Prices.comparingAll();
    Map<Type, Object> zeros = new LinkedHashMap<>();
    zeros.put(Type.INT, 0L);
    zeros.put(Type.UINT, new Unsigned(0));
    zeros.put(Type.DOUBLE, 0.0);
    zeros.put(Type.DURATION, Duration.ZERO);
    zeros.forEach(
        (type, zero) ->
            functions.addMember("sum", type, reading, a -> sum(list(a), zero), Type.list(type)));
    for (Type type : ORDERED) {
      Type of = Type.list(type);
      functions
          .addMember("isSorted", Type.BOOL, reading, a -> isSorted(list(a)), of)
          .addMember("min", type, reading, a -> extreme(list(a), 1, "min"), of)
          .addMember("max", type, reading, a -> extreme(list(a), -1, "max"), of)
          .addMember("sort", of, sorting(0), a -> sorted(list(a), list(a)), of)
          .addMember(
              Macros.SORT_BY_KEYS,
              list,
              sorting(1),
              a -> sorted(list(a), (List<?>) a[1]),
              list,
              of);
    }
    return functions
        .addMember("indexOf", Type.INT, reading, a -> indexOf(list(a), a[1]), list, element)
        .addMember("lastIndexOf", Type.INT, reading, a -> lastIndexOf(list(a), a[1]), list, element)
        .addMember("slice", list, SLICING, Lists::slice, list, Type.INT, Type.INT)
        .addMember("flatten", list, FLATTENING, a -> flat(list(a), 1), Type.list(list))
        .addMember(
            "flatten",
            Type.list(Type.DYN),
            FLATTENING,
            a -> flat(list(a), Strings.number(a, 1)),
            Type.list(Type.DYN),
            Type.INT)
        .addMember("reverse", list, REVERSING, a -> list(a).reversed(), list)
        .addMember("distinct", list, sorting(0), a -> distinct(list(a)), list)
        .add("lists.range", Type.list(Type.INT), RANGING, Lists::range, Type.INT);
  }

  private static List<?> list(Object[] arguments) {
    return (List<?>) arguments[0];
  }

  private static Object sum(List<?> list, Object zero) {
    Object sum = zero;
    for (Object element : list) {
      sum = Arithmetic.add(sum, element);
    }
    return sum;
  }

  private static Object isSorted(List<?> list) {
    for (int i = 1; i < list.size(); i++) {
      int order = Values.compare(list.get(i - 1), list.get(i));
      if (order > 0 && order != Values.UNORDERED) {
        return false;
      }
    }
    return true;
  }

  /// @param order how the value that is given up compares with the one that takes its place
  private static Object extreme(List<?> list, int order, String name) {
    Object found = null;
    for (Object element : list) {
      if (found == null || precedes(found, element, order)) {
        found = element;
      }
    }
    if (found == null) {
      throw new EvaluationException(name + " called on empty list");
    }
    return found;
  }

  private static boolean precedes(Object one, Object other, int order) {
    int found = Values.compare(one, other);
    return found != Values.UNORDERED && Integer.signum(found) == order;
  }

  private static Object indexOf(List<?> list, Object value) {
    return (long)
        IntStream.range(0, list.size())
            .filter(i -> Values.equal(list.get(i), value))
            .findFirst()
            .orElse(-1);
  }

  private static Object lastIndexOf(List<?> list, Object value) {
    int i = list.size() - 1;
    while (i >= 0 && !Values.equal(list.get(i), value)) {
      i--;
    }
    return (long) i;
  }

  private static Object slice(Object[] a) {
    long from = Strings.number(a, 1);
    long to = Strings.number(a, 2);
    String call = "cannot slice(" + from + ", " + to + "), ";
    if (from < 0 || to < 0) {
      throw new EvaluationException(call + "negative indexes not supported");
    }
    if (from > to) {
      throw new EvaluationException(call + "start index must be less than or equal to end index");
    }
    if (to > list(a).size()) {
      throw new EvaluationException(call + "list is length " + list(a).size());
    }
    return new ArrayList<Object>(list(a).subList((int) from, (int) to));
  }

  private static List<Object> flat(List<?> list, long depth) {
    if (depth < 0) {
      throw new EvaluationException("level must be non-negative");
    }
    List<Object> flat = new ArrayList<>();
    for (Object element : list) {
      if (element instanceof List<?> inner && depth > 0) {
        flat.addAll(flat(inner, depth - 1));
      } else {
        flat.add(element);
      }
    }
    return flat;
  }

  private static Object sorted(List<?> list, List<?> keys) {
    if (list.size() != keys.size()) {
      throw new EvaluationException(
          "@sortByAssociatedKeys() expected a list of the same size as the associated keys list,"
              + " but got "
              + list.size()
              + " and "
              + keys.size()
              + " elements respectively");
    }
    for (Object key : keys) {
      if (!Values.typeOf(key).equals(Values.typeOf(keys.getFirst()))) {
        throw new EvaluationException("list elements must have the same type");
      }
    }
    List<Object> sorted = new ArrayList<>();
    IntStream.range(0, list.size())
        .boxed()
        .sorted((i, j) -> Values.compare(keys.get(i), keys.get(j)))
        .forEach(i -> sorted.add(list.get(i)));
    return sorted;
  }

  private static Object distinct(List<?> list) {
    List<Object> distinct = new ArrayList<>();
    for (Object element : list) {
      if (distinct.stream().noneMatch(other -> Values.equal(other, element))) {
        distinct.add(element);
      }
    }
    return distinct;
  }

  private static Object range(Object[] a) {
    long end = Strings.number(a, 0);
    if (end > LONGEST) {
      throw new CostException();
    }
    List<Object> range = new ArrayList<>();
    for (long i = 0; i < end; i++) {
      range.add(i);
    }
    return range;
  }

  /// A list that is longer costs more than any evaluation may.
  private static final long LONGEST = 10_000_000;

  private static long literal(List<Price.Operand> operands, int index, long otherwise) {
    return index < operands.size()
            && operands.get(index).literal() instanceof Long value
            && value >= 0
        ? value
        : otherwise;
  }

  private static final Price SLICING =
      Prices.of(
          operands -> {
            long end = literal(operands, 2, operands.getFirst().size().max());
            return Prices.list(1, Range.of(Math.max(0, end - literal(operands, 1, 0))));
          },
          (_, result) -> Prices.listMade(1, Values.size(result)));

  private static final Price RANGING =
      Prices.of(
          operands -> Prices.list(1, Range.of(literal(operands, 0, Range.ENDLESS))),
          (_, result) -> Prices.listMade(1, Values.size(result)));

  private static final Price REVERSING =
      Prices.of(
          operands -> Prices.list(1, operands.getFirst().size()),
          (_, result) -> Prices.listMade(1, Values.size(result)));

  private static final Price FLATTENING =
      Prices.of(
          operands -> {
            long depth = operands.size() > 1 ? literal(operands, 1, Range.ENDLESS) : 1;
            return Prices.list(depth, operands.getFirst().size());
          },
          (a, _) -> Prices.listMade(a.length > 1 ? (Long) a[1] : 1, Values.size(a[0])));

  /// Each element is compared with all others.
  ///
  /// @param keys which argument has what is compared
  private static Price sorting(int keys) {
    return Prices.of(
        operands -> {
          Price.Operand list = operands.get(keys);
          Type type = list.type().kind() == Type.Kind.LIST ? list.type().parameter(0) : Type.DYN;
          Range size = list.size();
          return Prices.list(factor(type), size.times(size));
        },
        (a, _) -> {
          List<?> list = (List<?>) a[keys];
          Type type = list.isEmpty() ? Type.DYN : Values.typeOf(list.getFirst());
          return Prices.listMade(factor(type), (long) list.size() * list.size());
        });
  }

  private static double factor(Type element) {
    boolean letters = element.kind() == Type.Kind.STRING || element.kind() == Type.Kind.BYTES;
    return letters ? 2 + Price.PER_CHARACTER : 2;
  }
}
