package dev.tiphys.schema.quota;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/// Quantities by the names of what they are of.
public final class Amounts {

  private Amounts() {}

  public static Map<String, Quantity> of(Struct list) {
    Map<String, Quantity> amounts = new TreeMap<>();
    list.forEach((name, amount) -> amounts.put(name, Quantity.from(amount)));
    return amounts;
  }

  public static Struct struct(Map<String, Quantity> amounts) {
    StructBuilder list = new StructBuilder(amounts.size());
    amounts.forEach((name, amount) -> list.add(name, amount.toString()));
    return list.build();
  }

  public static Map<String, Quantity> plus(Map<String, Quantity> one, Map<String, Quantity> other) {
    return merged(one, other, Quantity::plus);
  }

  /// The larger of each.
  public static Map<String, Quantity> largest(
      Map<String, Quantity> one, Map<String, Quantity> other) {
    return merged(one, other, (left, right) -> left.compareTo(right) >= 0 ? left : right);
  }

  private static Map<String, Quantity> merged(
      Map<String, Quantity> one, Map<String, Quantity> other, BinaryOperator<Quantity> operation) {
    Map<String, Quantity> all = new TreeMap<>(one);
    other.forEach((name, amount) -> all.merge(name, amount, operation));
    return all;
  }

  /// What one has more than the other: what is not more is left out.
  public static Map<String, Quantity> excess(
      Map<String, Quantity> one, Map<String, Quantity> other) {
    Map<String, Quantity> more = new TreeMap<>();
    one.forEach(
        (name, amount) -> {
          Quantity rest = amount.minus(other.getOrDefault(name, Quantity.ZERO));
          if (rest.compareTo(Quantity.ZERO) > 0) {
            more.put(name, rest);
          }
        });
    return more;
  }

  /// Those of some names.
  public static Map<String, Quantity> only(
      Map<String, Quantity> amounts, Collection<String> names) {
    Map<String, Quantity> some = new TreeMap<>(amounts);
    some.keySet().retainAll(names);
    return some;
  }

  /// As messages list them: `cpu=1,pods=2`.
  public static String text(Map<String, Quantity> amounts) {
    return String.join(
        ",",
        new TreeMap<>(amounts)
            .entrySet().stream().map(each -> each.getKey() + "=" + each.getValue()).toList());
  }
}
