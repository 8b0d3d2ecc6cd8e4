package dev.tiphys.template.function;

import dev.tiphys.template.format.Printer;
import dev.tiphys.template.value.Kind;
import dev.tiphys.template.value.Type;
import dev.tiphys.template.value.Whole;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// `eq`, `lt` and what follows from them: of values of one kind, whole numbers of any size.
final class Comparisons {

  private static final String INCOMPATIBLE = "incompatible types for comparison";

  private Comparisons() {}

  private static @Nullable Kind basic(@Nullable Object value) {
    Kind kind = value == null ? null : Type.of(value).kind();
    return kind == Kind.BOOL
            || kind == Kind.INT
            || kind == Kind.UINT
            || kind == Kind.FLOAT
            || kind == Kind.STRING
        ? kind
        : null;
  }

  private static long whole(@Nullable Object value) {
    return value instanceof Whole whole ? whole.value() : value instanceof Long number ? number : 0;
  }

  /// Whether the first argument is equal to any of the others.
  static boolean equal(Call call) {
    Object first = call.value(0);
    if (call.count() < 2) {
      throw new CallException("missing argument for comparison");
    }
    for (Object other : call.rest(1)) {
      if (equal(first, other, call)) {
        return true;
      }
    }
    return false;
  }

  private static boolean equal(@Nullable Object a, @Nullable Object b, Call call) {
    Kind kindA = basic(a);
    Kind kindB = basic(b);
    if (kindA != kindB) {
      if (isWhole(kindA) && isWhole(kindB)) {
        return whole(a) == whole(b) && whole(a) >= 0;
      }
      if (a != null && b != null) {
        throw new CallException(INCOMPATIBLE);
      }
      return false;
    }
    if (a == null || b == null) {
      return a == b;
    }
    if (kindA == null) {
      refuseIncomparable(a, b, call);
      return a.equals(b);
    }
    return switch (kindA) {
      case INT, UINT -> whole(a) == whole(b);
      case FLOAT -> ((Double) a).doubleValue() == ((Double) b).doubleValue();
      default -> a.equals(b);
    };
  }

  private static boolean isWhole(@Nullable Kind kind) {
    return kind == Kind.INT || kind == Kind.UINT;
  }

  private static void refuseIncomparable(Object a, Object b, Call call) {
    Type typeA = Type.of(a);
    Type typeB = Type.of(b);
    if (typeA.kind() != typeB.kind()) {
      throw new CallException(
          "non-comparable types "
              + Printer.text(a, 's', call.budget())
              + ": "
              + typeA.name()
              + ", "
              + typeB.name()
              + ": "
              + Printer.text(b, call.budget()));
    }
    if (typeB.kind() == Kind.SLICE || typeB.kind() == Kind.MAP) {
      throw new CallException(
          "non-comparable type " + Printer.text(b, 's', call.budget()) + ": " + typeB.name());
    }
  }

  static boolean less(Call call) {
    return compare(call, true);
  }

  static boolean lessOrEqual(Call call) {
    return compare(call, false);
  }

  private static boolean compare(Call call, boolean strictly) {
    Object a = call.value(0);
    Object b = call.value(1);
    Kind kindA = ordered(a);
    Kind kindB = ordered(b);
    if (kindA != kindB && !(isWhole(kindA) && isWhole(kindB))) {
      throw new CallException(INCOMPATIBLE);
    }
    if (kindA == Kind.FLOAT) {
      double x = (Double) Objects.requireNonNull(a);
      double y = (Double) Objects.requireNonNull(b);
      return x < y || !strictly && x == y;
    }
    int order =
        switch (kindA) {
          case INT, UINT -> wholes(a, kindA, b, kindB);
          case STRING -> String.valueOf(a).compareTo(String.valueOf(b));
          default -> throw new CallException("invalid type for comparison");
        };
    return strictly ? order < 0 : order <= 0;
  }

  private static int wholes(@Nullable Object a, Kind kindA, @Nullable Object b, Kind kindB) {
    if (kindA == Kind.INT && kindB == Kind.INT) {
      return Long.compare(whole(a), whole(b));
    }
    if (kindA == Kind.INT && whole(a) < 0) {
      return -1;
    }
    if (kindB == Kind.INT && whole(b) < 0) {
      return 1;
    }
    return Long.compareUnsigned(whole(a), whole(b));
  }

  private static Kind ordered(@Nullable Object value) {
    Kind kind = basic(value);
    if (kind == null) {
      throw new CallException("invalid type for comparison");
    }
    return kind;
  }
}
