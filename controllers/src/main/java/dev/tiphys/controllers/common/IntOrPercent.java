package dev.tiphys.controllers.common;

import org.jspecify.annotations.Nullable;

/// A field that holds a number, or a share of some total written as `25%`.
public final class IntOrPercent {

  private IntOrPercent() {}

  /// The number meant; a share is rounded up.
  public static long roundedUp(@Nullable Object value, long total) {
    return of(value, total, 99);
  }

  /// The number meant; a share is rounded down.
  public static long roundedDown(@Nullable Object value, long total) {
    return of(value, total, 0);
  }

  private static long of(@Nullable Object value, long total, long rounding) {
    return switch (value) {
      case Long number -> number;
      case String text when text.endsWith("%") ->
          (Long.parseLong(text.substring(0, text.length() - 1)) * total + rounding) / 100;
      case null, default -> 0;
    };
  }
}
