package dev.tiphys.delivery.condition;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The functions that look at each element of a list, by name: `all(result, {# < 1})`.
final class Predicates {

  private static final Map<String, Body> ALL =
      Map.of(
          "all", (scope, list, each) -> count(scope, list, each, "all") == list.size(),
          "any", (scope, list, each) -> count(scope, list, each, "any") > 0,
          "none", (scope, list, each) -> count(scope, list, each, "none") == 0,
          "one", (scope, list, each) -> count(scope, list, each, "one") == 1,
          "count", (scope, list, each) -> count(scope, list, each, "count"),
          "filter", Predicates::filtered,
          "map", Predicates::mapped);

  /// What such a function does.
  @FunctionalInterface
  interface Body {
    Object of(Scope scope, List<?> list, Expr each);
  }

  private Predicates() {}

  static @Nullable Body named(String name) {
    return ALL.get(name);
  }

  private static long count(Scope scope, List<?> list, Expr each, String name) {
    long count = 0;
    for (Object element : list) {
      if (isTrue(scope, element, each, name)) {
        count++;
      }
    }
    return count;
  }

  private static boolean isTrue(Scope scope, Object element, Expr each, String name) {
    scope.spend(1);
    return Values.bool(scope.with(element, each), name);
  }

  private static List<Object> filtered(Scope scope, List<?> list, Expr each) {
    List<Object> all = new ArrayList<>();
    for (Object element : list) {
      if (isTrue(scope, element, each, "filter")) {
        all.add(element);
      }
    }
    return all;
  }

  private static List<Object> mapped(Scope scope, List<?> list, Expr each) {
    List<Object> all = new ArrayList<>();
    for (Object element : list) {
      scope.spend(1);
      all.add(scope.with(element, each));
    }
    return all;
  }
}
