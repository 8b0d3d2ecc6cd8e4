package dev.tiphys.template.value;

import org.jspecify.annotations.Nullable;

/// What counts as true: all that is not empty, zero or nothing.
public final class Truth {

  private Truth() {}

  public static boolean of(@Nullable Object value) {
    return switch (value) {
      case null -> false;
      case Boolean truth -> truth;
      case String text -> !text.isEmpty();
      case Long number -> number != 0;
      case Double number -> number != 0;
      case Whole number -> number.value() != 0;
      case Slice slice -> slice.size() > 0;
      case Dict dict -> dict.size() > 0;
      case byte[] bytes -> bytes.length > 0;
      case Nothing _ -> false;
      default -> true;
    };
  }
}
