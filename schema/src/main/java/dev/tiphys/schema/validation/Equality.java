package dev.tiphys.schema.validation;

import dev.tiphys.object.Null;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What counts as no change.
public final class Equality {

  private Equality() {}

  /// Whether two values mean the same: what is absent is what is empty.
  public static boolean same(@Nullable Object left, @Nullable Object right) {
    Object a = meaningful(left);
    Object b = meaningful(right);
    return a == null ? b == null : a.equals(b);
  }

  private static @Nullable Object meaningful(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case Null _ -> null;
      case List<?> list when list.isEmpty() -> null;
      default -> value;
    };
  }
}
