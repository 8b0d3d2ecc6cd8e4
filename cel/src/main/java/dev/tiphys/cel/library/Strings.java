package dev.tiphys.cel.library;

import dev.tiphys.cel.EvaluationException;
import dev.tiphys.cel.Functions;
import dev.tiphys.cel.Price;
import dev.tiphys.cel.Range;
import dev.tiphys.cel.Type;
import dev.tiphys.cel.eval.Values;
import java.util.ArrayList;
import java.util.List;

/// Texts: parts of them, and texts made of others. Positions count characters.
final class Strings {

  private static final Type TEXT = Type.STRING;
  private static final Type TEXTS = Type.list(Type.STRING);

  private Strings() {}

  static Functions functions() {
    Functions functions = new Functions();
    functions
        .addMember(
            "contains",
            Type.BOOL,
            Prices.containing(),
            a -> text(a, 0).contains(text(a, 1)),
            TEXT,
            TEXT)
        .addMember(
            "startsWith",
            Type.BOOL,
            Prices.affix(),
            a -> text(a, 0).startsWith(text(a, 1)),
            TEXT,
            TEXT)
        .addMember(
            "endsWith", Type.BOOL, Prices.affix(), a -> text(a, 0).endsWith(text(a, 1)), TEXT, TEXT)
        .addMember(
            "charAt", TEXT, Price.NOMINAL, a -> charAt(text(a, 0), number(a, 1)), TEXT, Type.INT)
        .addMember("indexOf", Type.INT, Prices.searching(), Strings::indexOf, TEXT, TEXT)
        .addMember("indexOf", Type.INT, Prices.searching(), Strings::indexOf, TEXT, TEXT, Type.INT)
        .addMember("lastIndexOf", Type.INT, Prices.searching(), Strings::lastIndexOf, TEXT, TEXT)
        .addMember(
            "lastIndexOf", Type.INT, Prices.searching(), Strings::lastIndexOf, TEXT, TEXT, Type.INT)
        .addMember(
            "lowerAscii", TEXT, Prices.reading(1, true), a -> cased(text(a, 0), 'A', 32), TEXT)
        .addMember(
            "upperAscii", TEXT, Prices.reading(1, true), a -> cased(text(a, 0), 'a', -32), TEXT)
        .addMember("trim", TEXT, Prices.reading(1, true), a -> trimmed(text(a, 0)), TEXT)
        .addMember("substring", TEXT, Prices.reading(1, true), Strings::substring, TEXT, Type.INT)
        .addMember(
            "substring",
            TEXT,
            Prices.reading(1, true),
            Strings::substring,
            TEXT,
            Type.INT,
            Type.INT)
        .addMember("replace", TEXT, REPLACING, Strings::replaced, TEXT, TEXT, TEXT)
        .addMember("replace", TEXT, REPLACING, Strings::replaced, TEXT, TEXT, TEXT, Type.INT)
        .addMember("split", TEXTS, SPLITTING, Strings::split, TEXT, TEXT)
        .addMember("split", TEXTS, SPLITTING, Strings::split, TEXT, TEXT, Type.INT)
        .addMember("join", TEXT, JOINING, Strings::joined, TEXTS)
        .addMember("join", TEXT, JOINING, Strings::joined, TEXTS, TEXT)
        .addMember(
            "format",
            TEXT,
            Prices.reading(1, false),
            a -> new TextFormat(text(a, 0), (List<?>) a[1]).text(),
            TEXT,
            Type.list(Type.DYN))
        .add("strings.quote", TEXT, QUOTING, a -> quoted(text(a, 0)), TEXT);
    return functions;
  }

  static String text(Object[] arguments, int index) {
    return (String) arguments[index];
  }

  static long number(Object[] arguments, int index) {
    return (Long) arguments[index];
  }

  private static EvaluationException outOfRange(long index) {
    return new EvaluationException("index out of range: " + index);
  }

  private static String charAt(String text, long index) {
    int[] characters = text.codePoints().toArray();
    if (index < 0 || index > characters.length) {
      throw outOfRange(index);
    }
    return index == characters.length ? "" : Character.toString(characters[(int) index]);
  }

  private static Object indexOf(Object[] a) {
    String text = text(a, 0);
    long from = a.length > 2 ? number(a, 2) : 0;
    long length = Values.size(text);
    if (from < 0) {
      throw outOfRange(from);
    }
    if (text(a, 1).isEmpty()) {
      return Math.min(from, length);
    }
    if (from >= length) {
      return -1L;
    }
    int found = text.indexOf(text(a, 1), text.offsetByCodePoints(0, (int) from));
    return found < 0 ? -1L : (long) text.codePointCount(0, found);
  }

  private static Object lastIndexOf(Object[] a) {
    String text = text(a, 0);
    long length = Values.size(text);
    long from = a.length > 2 ? number(a, 2) : length;
    if (from < 0) {
      throw outOfRange(from);
    }
    if (text(a, 1).isEmpty()) {
      return Math.min(from, length);
    }
    if (a.length > 2 && from >= length) {
      return -1L;
    }
    int found = text.lastIndexOf(text(a, 1), text.offsetByCodePoints(0, (int) from));
    return found < 0 ? -1L : (long) text.codePointCount(0, found);
  }

  /// Letters of one case in the other.
  private static String cased(String text, char first, int shift) {
    StringBuilder changed = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      changed.append(c >= first && c < first + 26 ? (char) (c + shift) : c);
    }
    return changed.toString();
  }

  private static boolean isBlank(int c) {
    return Character.isWhitespace(c) && (c < 0x1c || c > 0x1f)
        || Character.isSpaceChar(c)
        || c == 0x85;
  }

  private static String trimmed(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isBlank(text.codePointAt(from))) {
      from++;
    }
    while (to > from && isBlank(text.codePointBefore(to))) {
      to--;
    }
    return text.substring(from, to);
  }

  private static Object substring(Object[] a) {
    String text = text(a, 0);
    long length = Values.size(text);
    long from = number(a, 1);
    long to = a.length > 2 ? number(a, 2) : length;
    if (a.length > 2 && from > to) {
      throw new EvaluationException("invalid substring range. start: " + from + ", end: " + to);
    }
    for (long index : new long[] {from, to}) {
      if (index < 0 || index > length) {
        throw outOfRange(index);
      }
    }
    return text.substring(
        text.offsetByCodePoints(0, (int) from), text.offsetByCodePoints(0, (int) to));
  }

  private static Object replaced(Object[] a) {
    String text = text(a, 0);
    String old = text(a, 1);
    String by = text(a, 2);
    long most = a.length > 3 ? number(a, 3) : -1;
    StringBuilder result = new StringBuilder();
    int at = 0;
    long count = 0;
    while (most < 0 || count < most) {
      int found = text.indexOf(old, at + (old.isEmpty() && count > 0 ? width(text, at) : 0));
      if (found < 0 || (old.isEmpty() && count > 0 && at >= text.length())) {
        break;
      }
      result.append(text, at, found).append(by);
      Sizes.check(result.length());
      at = found + old.length();
      count++;
    }
    return result.append(text, at, text.length()).toString();
  }

  private static int width(String text, int at) {
    return at < text.length() ? Character.charCount(text.codePointAt(at)) : 0;
  }

  private static Object split(Object[] a) {
    String text = text(a, 0);
    String separator = text(a, 1);
    long most = a.length > 2 ? number(a, 2) : -1;
    List<Object> parts = new ArrayList<>();
    if (most == 0 || (separator.isEmpty() && text.isEmpty())) {
      return parts;
    }
    int at = 0;
    while (most < 0 || parts.size() < most - 1) {
      int end = separator.isEmpty() ? at + width(text, at) : text.indexOf(separator, at);
      if (end < 0 || (separator.isEmpty() && end >= text.length())) {
        break;
      }
      parts.add(text.substring(at, end));
      at = end + separator.length();
    }
    parts.add(text.substring(at));
    return parts;
  }

  private static Object joined(Object[] a) {
    StringBuilder joined = new StringBuilder();
    String separator = a.length > 1 ? text(a, 1) : "";
    boolean first = true;
    for (Object element : (List<?>) a[0]) {
      if (!(element instanceof String part)) {
        throw new EvaluationException("join: invalid input: " + element);
      }
      joined.append(first ? "" : separator).append(part);
      Sizes.check(joined.length());
      first = false;
    }
    return joined.toString();
  }

  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              int escape = "\u0007\b\f\n\r\t\u000b\\\"".indexOf(c);
              if (escape >= 0) {
                quoted.append('\\').append("abfnrtv\\\"".charAt(escape));
              } else {
                quoted.appendCodePoint(c);
              }
            });
    return quoted.append('"').toString();
  }

  private static final Price QUOTING =
      Prices.of(
          operands -> {
            Range size = operands.getFirst().size();
            Range quotes = Range.of(2);
            Range result = new Range(size.plus(quotes).min(), size.times(2.0).plus(quotes).max());
            return Prices.estimate(size.times(Price.PER_CHARACTER), result);
          },
          (a, _) -> Range.times(Values.size(a[0]), Price.PER_CHARACTER));

  private static final Price SPLITTING =
      Prices.of(
          operands -> {
            Range size = operands.getFirst().size();
            Object most = operands.size() > 2 ? operands.get(2).literal() : null;
            long parts = most instanceof Long bound && bound >= 0 ? bound : size.max();
            return Prices.estimate(size.times(2 * Price.PER_CHARACTER), new Range(0, parts));
          },
          (a, _) -> Range.times(Values.size(a[0]), 2 * Price.PER_CHARACTER));

  private static final Price JOINING =
      Prices.of(
          operands -> {
            Price.Operand list = operands.getFirst();
            Range count = list.size();
            Range size = count.times(list.elementSize());
            if (operands.size() > 1) {
              Range gaps = new Range(Math.max(0, count.min() - 1), Math.max(0, count.max() - 1));
              size = size.plus(operands.get(1).size().times(gaps));
            }
            return Prices.estimate(size.times(Price.PER_CHARACTER), size);
          },
          (_, result) -> Range.times(Values.size(result), 2 * Price.PER_CHARACTER));

  private static final Price REPLACING =
      Prices.of(
          operands -> {
            Range size = operands.get(0).size();
            Range old = operands.get(1).size();
            Range by = operands.get(2).size();
            Range most = replaced(size.max(), old.min(), by.max() <= old.min());
            Range least = replaced(size.min(), old.max(), old.max() <= by.min());
            Range count = new Range(least.min(), most.min());
            Range kept = new Range(least.max(), most.max());
            return Prices.estimate(size.times(2 * Price.PER_CHARACTER), count.times(by).plus(kept));
          },
          (a, _) -> Range.times(Values.size(a[0]), 2 * Price.PER_CHARACTER));

  /// How often something is replaced in a text, and how much of the text stays besides.
  ///
  /// @param none whether the result is as long as the text at the most, or the least
  private static Range replaced(long text, long old, boolean none) {
    if (old == 0) {
      return new Range(Range.of(text).plus(Range.ONE).max(), text);
    }
    if (none) {
      return new Range(0, text);
    }
    return new Range((long) Math.ceil((double) text / old), 0);
  }
}
