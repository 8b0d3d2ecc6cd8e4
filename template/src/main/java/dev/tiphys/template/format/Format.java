package dev.tiphys.template.format;

import dev.tiphys.template.exec.Budget;
import dev.tiphys.template.value.Type;
import dev.tiphys.template.value.Utf8;
import dev.tiphys.template.value.Whole;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `printf`: a format with its verbs, and values for them. What does not fit is told in the text.
///
/// Threads: one; made for one text.
public final class Format {

  /// Widths and precisions beyond this are none.
  private static final int WIDEST = 1_000_000;

  private final String format;
  private final List<? extends @Nullable Object> arguments;
  private final Printer out;
  private int at;
  private int next;
  private boolean reordered;
  private boolean goodIndex = true;
  private boolean afterIndex;

  private Format(String format, List<? extends @Nullable Object> arguments, Budget budget) {
    this.format = format;
    this.arguments = arguments;
    this.out = new Printer(budget);
  }

  public static String format(
      String format, List<? extends @Nullable Object> arguments, Budget budget) {
    Format formatting = new Format(format, arguments, budget);
    formatting.run();
    return formatting.out.toString();
  }

  private void run() {
    while (at < format.length()) {
      int percent = format.indexOf('%', at);
      int end = percent < 0 ? format.length() : percent;
      out.append(format.substring(at, end));
      at = end;
      if (percent >= 0) {
        at++;
        directive();
      }
    }
    if (!reordered && next < arguments.size()) {
      extra();
    }
  }

  private void extra() {
    out.flags = new Flags();
    out.append("%!(EXTRA ");
    for (int i = next; i < arguments.size(); i++) {
      Object value = arguments.get(i);
      out.append(i > next ? ", " : "");
      if (value == null) {
        out.append("<nil>");
      } else {
        out.append(Type.of(value).name() + "=");
        out.argument(value, 'v');
      }
    }
    out.append(")");
  }

  private void directive() {
    Flags flags = new Flags();
    out.flags = flags;
    goodIndex = true;
    flags(flags);
    afterIndex = false;
    index();
    width(flags);
    precision(flags);
    if (!afterIndex) {
      index();
    }
    if (at >= format.length()) {
      out.append("%!(NOVERB)");
      return;
    }
    int width = Utf8.width(format, at);
    int rune = Utf8.rune(format, at);
    String verb = format.substring(at, at + width);
    at += width;
    if (rune == '%') {
      out.append("%");
    } else if (!goodIndex) {
      out.append("%!" + verb + "(BADINDEX)");
    } else if (next >= arguments.size()) {
      out.append("%!" + verb + "(MISSING)");
    } else {
      if (rune == 'v') {
        flags.sharpV = flags.sharp;
        flags.sharp = false;
        flags.plusV = flags.plus;
        flags.plus = false;
      }
      out.argument(arguments.get(next), rune == 'w' ? 'w' : (char) rune);
      next++;
    }
  }

  private void flags(Flags flags) {
    for (; at < format.length(); at++) {
      switch (format.charAt(at)) {
        case '#' -> flags.sharp = true;
        case '0' -> flags.zero = !flags.minus;
        case '+' -> flags.plus = true;
        case '-' -> {
          flags.minus = true;
          flags.zero = false;
        }
        case ' ' -> flags.space = true;
        default -> {
          return;
        }
      }
    }
  }

  private void width(Flags flags) {
    if (at < format.length() && format.charAt(at) == '*') {
      at++;
      int width = starred();
      if (width == Integer.MIN_VALUE) {
        out.append("%!(BADWIDTH)");
      } else if (width < 0) {
        flags.width = -width;
        flags.minus = true;
        flags.zero = false;
      } else {
        flags.width = width;
      }
      afterIndex = false;
      return;
    }
    int width = number();
    if (width >= 0) {
      flags.width = width;
      if (afterIndex) {
        goodIndex = false; // "%[3]2d"
      }
    }
  }

  private void precision(Flags flags) {
    if (at + 1 > format.length() || !format.startsWith(".", at)) {
      return;
    }
    at++;
    if (afterIndex) {
      goodIndex = false; // "%[3].2d"
    }
    index();
    if (at < format.length() && format.charAt(at) == '*') {
      at++;
      int precision = starred();
      if (precision == Integer.MIN_VALUE) {
        out.append("%!(BADPREC)");
      } else {
        flags.precision = precision < 0 ? -1 : precision;
        if (precision < 0) {
          out.append("%!(BADPREC)");
        }
      }
      afterIndex = false;
      return;
    }
    int precision = number();
    flags.precision = Math.max(precision, 0);
  }

  /// An argument that is a width or a precision.
  private int starred() {
    if (next >= arguments.size()) {
      return Integer.MIN_VALUE;
    }
    Object value = arguments.get(next++);
    long number =
        value instanceof Long whole
            ? whole
            : value instanceof Whole whole ? whole.value() : Long.MIN_VALUE;
    return Math.abs(number) > WIDEST || number == Long.MIN_VALUE ? Integer.MIN_VALUE : (int) number;
  }

  private int number() {
    int start = at;
    int value = 0;
    while (at < format.length()
        && Character.isDigit(format.charAt(at))
        && format.charAt(at) < 0x80) {
      value = value * 10 + format.charAt(at) - '0';
      at++;
      if (value > WIDEST) {
        return -1;
      }
    }
    return at > start ? value : -1;
  }

  /// `[3]`: which argument comes next.
  private void index() {
    if (at >= format.length() || format.charAt(at) != '[') {
      return;
    }
    reordered = true;
    int end = format.indexOf(']', at);
    if (end < 0) {
      goodIndex = false;
      at++;
      return;
    }
    String digits = format.substring(at + 1, end);
    at = end + 1;
    boolean good = digits.matches("[0-9]{1,6}");
    int index = good ? Integer.parseInt(digits) - 1 : -1;
    if (index >= 0 && index < arguments.size()) {
      next = index;
      afterIndex = true;
    } else {
      goodIndex = false;
    }
  }
}
