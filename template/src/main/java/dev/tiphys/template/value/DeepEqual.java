package dev.tiphys.template.value;

import dev.tiphys.template.exec.Budget;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Whether two values are alike through and through, their types included.
public final class DeepEqual {

  private DeepEqual() {}

  public static boolean test(@Nullable Object a, @Nullable Object b, Budget budget) {
    return test(a, b, budget, 0);
  }

  private static boolean test(@Nullable Object a, @Nullable Object b, Budget budget, int depth) {
    budget.step();
    budget.depth(depth);
    if (a == b || a == null || b == null) {
      return a == b && !(a instanceof Double number && number.isNaN());
    }
    if (a instanceof Slice x && b instanceof Slice y) {
      return alike(x, y, budget, depth);
    }
    if (a instanceof Dict x && b instanceof Dict y) {
      return alike(x, y, budget, depth);
    }
    if (a instanceof byte[] x && b instanceof byte[] y) {
      return Arrays.equals(x, y);
    }
    if (a instanceof Double x && b instanceof Double y) {
      return x.doubleValue() == y.doubleValue();
    }
    return a.equals(b);
  }

  private static boolean alike(Slice a, Slice b, Budget budget, int depth) {
    if (!a.type().equals(b.type()) || a.size() != b.size() || a.isNone() != b.isNone()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!test(a.items().get(i), b.items().get(i), budget, depth + 1)) {
        return false;
      }
    }
    return true;
  }

  private static boolean alike(Dict a, Dict b, Budget budget, int depth) {
    if (!a.type().equals(b.type()) || !a.entries().keySet().equals(b.entries().keySet())) {
      return false;
    }
    for (var entry : a.entries().entrySet()) {
      if (!test(entry.getValue(), b.get(entry.getKey()), budget, depth + 1)) {
        return false;
      }
    }
    return true;
  }
}
