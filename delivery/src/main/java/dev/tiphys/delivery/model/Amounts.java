package dev.tiphys.delivery.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A field that holds a number, or a share of some total written as `25%`. A text without the sign
/// is a share too.
public final class Amounts {

  private Amounts() {}

  static long roundedUp(Object value, long total) {
    return of(value, total, 99);
  }

  static long roundedDown(Object value, long total) {
    return of(value, total, 0);
  }

  /// Whether it can be read.
  public static boolean isValid(@Nullable Object value) {
    return switch (value) {
      case Long number -> number >= 0;
      case String text -> text.matches("[0-9]{1,9}%?");
      case null, default -> false;
    };
  }

  /// Whether it is nothing, whatever the total.
  public static boolean isZero(@Nullable Object value) {
    return isValid(value) && roundedUp(Objects.requireNonNull(value), 1000) == 0;
  }

  private static long of(Object value, long total, long rounding) {
    return switch (value) {
      case Long number -> number;
      case String text when isValid(text) ->
          (Long.parseLong(text.replace("%", "")) * total + rounding) / 100;
      default -> 0;
    };
  }
}
