package dev.tiphys.template.sprig;

import dev.tiphys.template.exec.Budget;
import dev.tiphys.template.format.Numbers;
import dev.tiphys.template.format.Printer;
import dev.tiphys.template.value.Instance;
import dev.tiphys.template.value.Nothing;
import dev.tiphys.template.value.Slice;
import dev.tiphys.template.value.Truth;
import dev.tiphys.template.value.Type;
import dev.tiphys.template.value.Utf8;
import dev.tiphys.template.value.Whole;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Any value as a number, a text or a list. What can't be one is zero or empty.
public final class Casts {

  private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

  private Casts() {}

  public static long whole(@Nullable Object value) {
    return switch (value) {
      case Long number -> number;
      case Whole number -> number.value();
      case Double number -> truncated(number);
      case Boolean truth -> truth ? 1 : 0;
      case String text -> whole(text);
      case null, default -> 0;
    };
  }

  /// A fraction without what comes after the point; the least number for one that fits none.
  static long truncated(double number) {
    return number >= 0x1p63 || Double.isNaN(number) ? Long.MIN_VALUE : (long) number;
  }

  /// A text as a whole number in any base; one that ends in `.000` is whole.
  private static long whole(String text) {
    String trimmed = text.replaceFirst("\\.0*$", "");
    BigInteger number = Numbers.whole(trimmed);
    return number == null || number.compareTo(LEAST) < 0 || number.compareTo(MOST) > 0
        ? 0
        : number.longValue();
  }

  public static double real(@Nullable Object value) {
    return switch (value) {
      case Long number -> number;
      case Whole number -> number.value();
      case Double number -> number;
      case Boolean truth -> truth ? 1 : 0;
      case String text -> {
        Double number = Numbers.fraction(text);
        boolean tooLarge = number != null && number.isInfinite() && text.matches(".*[0-9].*");
        yield number == null || tooLarge ? 0 : number;
      }
      case null, default -> 0;
    };
  }

  public static String text(@Nullable Object value, Budget budget) {
    return switch (value) {
      case String text -> text;
      case byte[] bytes -> Utf8.of(bytes);
      case null, default -> Printer.text(value, budget);
    };
  }

  /// A list of texts: of the elements of a list, or of one value; what is nothing is left out.
  public static List<String> texts(@Nullable Object value, Budget budget) {
    List<String> texts = new ArrayList<>();
    switch (value) {
      case null -> {}
      case Slice slice -> {
        for (Object item : slice.items()) {
          if (item != null) {
            texts.add(text(item, budget));
          }
        }
      }
      case byte[] bytes -> {
        for (byte each : bytes) {
          texts.add(Integer.toString(each & 0xff));
        }
      }
      default -> texts.add(text(value, budget));
    }
    budget.steps(texts.size());
    return texts;
  }

  /// The elements of a list; null if that is none.
  static @Nullable List<? extends @Nullable Object> items(@Nullable Object value) {
    return switch (value) {
      case Slice slice -> slice.items();
      case byte[] bytes -> {
        List<Object> items = new ArrayList<>(bytes.length);
        for (byte each : bytes) {
          items.add(new Whole(Type.UINT8, each & 0xff));
        }
        yield items;
      }
      case null, default -> null;
    };
  }

  /// What `kindOf` says of a value.
  static String kind(@Nullable Object value) {
    return value == null || value == Nothing.NIL ? "invalid" : Type.of(value).kindName();
  }

  static boolean isEmpty(@Nullable Object value) {
    return !(value instanceof Instance) && !Truth.of(value);
  }
}
