package dev.tiphys.cel.library;

import dev.tiphys.cel.Functions;
import dev.tiphys.cel.Price;
import dev.tiphys.cel.Range;
import dev.tiphys.cel.Type;
import dev.tiphys.cel.eval.Values;
import java.util.List;

/// Lists taken as sets.
final class Sets {

  private Sets() {}

  static Functions functions() {
    Type list = Standard.LIST;
    return new Functions()
        .add(
            "sets.contains",
            Type.BOOL,
            price(1),
            a -> containsAll(list(a, 0), list(a, 1)),
            list,
            list)
        .add(
            "sets.equivalent",
            Type.BOOL,
            price(2),
            a -> containsAll(list(a, 0), list(a, 1)) && containsAll(list(a, 1), list(a, 0)),
            list,
            list)
        .add(
            "sets.intersects",
            Type.BOOL,
            price(1),
            a -> list(a, 0).stream().anyMatch(element -> contains(list(a, 1), element)),
            list,
            list);
  }

  private static List<?> list(Object[] arguments, int index) {
    return (List<?>) arguments[index];
  }

  private static boolean containsAll(List<?> list, List<?> elements) {
    return elements.stream().allMatch(element -> contains(list, element));
  }

  private static boolean contains(List<?> list, Object value) {
    return list.stream().anyMatch(element -> Values.equal(element, value));
  }

  private static Price price(double times) {
    return Prices.of(
        operands ->
            Prices.estimate(
                operands.get(0).size().times(operands.get(1).size()).times(times).plus(Range.ONE),
                null),
        (a, _) -> (long) (Values.size(a[0]) * Values.size(a[1]) * times) + 1);
  }
}
