package dev.tiphys.template.sprig;

import static dev.tiphys.template.value.Type.ANY;
import static dev.tiphys.template.value.Type.INT;
import static dev.tiphys.template.value.Type.STRING;

import dev.tiphys.template.format.Format;
import dev.tiphys.template.format.Printer;
import dev.tiphys.template.format.Quoting;
import dev.tiphys.template.function.Call;
import dev.tiphys.template.function.CallException;
import dev.tiphys.template.function.Function;
import dev.tiphys.template.value.Utf8;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// Texts cut, padded, quoted, replaced.
final class Texts {

  private Texts() {}

  static List<Function> functions() {
    return List.of(
        Function.of("hello", _ -> "Hello!"),
        Function.of("trim", call -> trimSpace(call.text(0)), STRING),
        Function.of("trimall", call -> trim(call.text(1), call.text(0)), STRING, STRING),
        Function.of("trimAll", call -> trim(call.text(1), call.text(0)), STRING, STRING),
        Function.of("trimSuffix", Texts::trimSuffix, STRING, STRING),
        Function.of("trimPrefix", Texts::trimPrefix, STRING, STRING),
        Function.of("trunc", call -> truncate(call.whole(0), call.text(1)), INT, STRING),
        Function.of("substr", Texts::substring, INT, INT, STRING),
        Function.of("repeat", Texts::repeat, INT, STRING),
        Function.of("contains", call -> call.text(1).contains(call.text(0)), STRING, STRING),
        Function.of("hasPrefix", call -> call.text(1).startsWith(call.text(0)), STRING, STRING),
        Function.of("hasSuffix", call -> call.text(1).endsWith(call.text(0)), STRING, STRING),
        Function.variadic("quote", Texts::quote, ANY),
        Function.variadic("squote", Texts::singleQuote, ANY),
        Function.variadic("cat", Texts::concatenate, ANY),
        Function.of("indent", call -> indent(call, call.text(1)), INT, STRING),
        Function.of("nindent", call -> "\n" + indent(call, call.text(1)), INT, STRING),
        Function.of("replace", Texts::replace, STRING, STRING, STRING),
        Function.of(
            "plural",
            call -> call.whole(2) == 1 ? call.text(0) : call.text(1),
            STRING,
            STRING,
            INT),
        Function.of("abbrev", Texts::abbreviate, INT, STRING),
        Function.of("abbrevboth", Texts::abbreviateBoth, INT, INT, STRING),
        Function.of("wrap", call -> Wrapping.wrap(call, 1, "\n", false), INT, STRING),
        Function.of(
            "wrapWith", call -> Wrapping.wrap(call, 2, call.text(1), true), INT, STRING, STRING),
        Function.of("toString", call -> Casts.text(call.value(0), call.budget()), ANY));
  }

  static String trimSpace(String text) {
    int end = text.length();
    int start = 0;
    while (start < end && isSpace(Utf8.rune(text, start))) {
      start += Utf8.width(text, start);
    }
    while (end > start) {
      int last = end - 1;
      while (last > start && (text.charAt(last) & 0xc0) == 0x80) {
        last--;
      }
      if (!isSpace(Utf8.rune(text, last))) {
        break;
      }
      end = last;
    }
    return text.substring(start, end);
  }

  static boolean isSpace(int rune) {
    return rune == ' '
        || rune >= '\t' && rune <= '\r'
        || rune == 0x85
        || rune == 0xa0
        || rune > 0xff && Character.isSpaceChar(rune);
  }

  /// Without the characters of a set at both ends.
  private static String trim(String text, String set) {
    String characters = Utf8.characters(text);
    String cut = Utf8.characters(set);
    int start = 0;
    int end = characters.length();
    while (start < end && cut.indexOf(characters.codePointAt(start)) >= 0) {
      start += Character.charCount(characters.codePointAt(start));
    }
    while (end > start && cut.indexOf(characters.codePointBefore(end)) >= 0) {
      end -= Character.charCount(characters.codePointBefore(end));
    }
    return Utf8.of(characters.substring(start, end));
  }

  private static String trimSuffix(Call call) {
    String text = call.text(1);
    return text.endsWith(call.text(0))
        ? text.substring(0, text.length() - call.text(0).length())
        : text;
  }

  private static String trimPrefix(Call call) {
    String text = call.text(1);
    return text.startsWith(call.text(0)) ? text.substring(call.text(0).length()) : text;
  }

  private static String truncate(long count, String text) {
    if (count < 0 && text.length() + count > 0) {
      return text.substring((int) (text.length() + count));
    }
    return count >= 0 && text.length() > count ? text.substring(0, (int) count) : text;
  }

  private static String substring(Call call) {
    long start = call.whole(0);
    long end = call.whole(1);
    String text = call.text(2);
    if (start < 0) {
      return part(text, 0, end);
    }
    return part(text, start, end < 0 || end > text.length() ? text.length() : end);
  }

  private static String part(String text, long start, long end) {
    if (end < 0 || end > text.length()) {
      String problem = end < 0 ? "[:" + end + "]" : "[:" + end + "] with length " + text.length();
      throw new CallException("runtime error: slice bounds out of range " + problem);
    }
    if (start > end) {
      throw new CallException(
          "runtime error: slice bounds out of range [" + start + ":" + end + "]");
    }
    return text.substring((int) start, (int) end);
  }

  private static String repeat(Call call) {
    long count = call.whole(0);
    if (count < 0) {
      throw new CallException("strings: negative Repeat count");
    }
    String text = call.text(1);
    if (text.isEmpty() || count == 0) {
      return "";
    }
    call.budget().bytes(count > Integer.MAX_VALUE ? Long.MAX_VALUE : count * text.length());
    return text.repeat((int) count);
  }

  private static String quote(Call call) {
    StringJoiner quoted = new StringJoiner(" ");
    call.arguments().stream()
        .filter(Objects::nonNull)
        .forEach(value -> quoted.add(Quoting.quote(Casts.text(value, call.budget()))));
    return call.made(quoted.toString());
  }

  private static String singleQuote(Call call) {
    StringJoiner quoted = new StringJoiner(" ");
    call.arguments().stream()
        .filter(Objects::nonNull)
        .forEach(value -> quoted.add("'" + Printer.text(value, call.budget()) + "'"));
    return call.made(quoted.toString());
  }

  private static String concatenate(Call call) {
    List<? extends @Nullable Object> there =
        call.arguments().stream().filter(Objects::nonNull).toList();
    String format = "%v ".repeat(there.size()).strip();
    return Format.format(format, there, call.budget());
  }

  private static String indent(Call call, String text) {
    long spaces = call.whole(0);
    if (spaces < 0) {
      throw new CallException("strings: negative Repeat count");
    }
    long lines = text.chars().filter(c -> c == '\n').count() + 1;
    call.budget().bytes(spaces > Integer.MAX_VALUE ? Long.MAX_VALUE : spaces * lines);
    String pad = " ".repeat((int) spaces);
    return call.made(pad + text.replace("\n", "\n" + pad));
  }

  private static String replace(Call call) {
    String from = call.text(0);
    String to = call.text(1);
    String text = call.text(2);
    if (from.isEmpty()) {
      return betweenAll(call, to, text);
    }
    long found = 0;
    for (int at = text.indexOf(from); at >= 0; at = text.indexOf(from, at + from.length())) {
      found++;
    }
    call.budget().bytes(text.length() + found * to.length());
    return text.replace(from, to);
  }

  /// A text put before each character, and at the end.
  private static String betweenAll(Call call, String mark, String text) {
    call.budget().bytes((text.length() + 1L) * mark.length());
    StringBuilder out = new StringBuilder(mark);
    for (int i = 0; i < text.length(); ) {
      int width = Utf8.width(text, i);
      out.append(text, i, i + width).append(mark);
      i += width;
    }
    return out.toString();
  }

  private static String abbreviate(Call call) {
    return abbreviate(0, call.whole(0), call.text(1));
  }

  private static String abbreviateBoth(Call call) {
    long left = call.whole(0);
    long width = call.whole(1);
    String text = call.text(2);
    return width < 4 || left > 0 && width < 7 ? text : abbreviate(left, width, text);
  }

  /// At most `width` characters from `offset` on, with dots for what is left out.
  private static String abbreviate(long offset, long width, String text) {
    String dots = "...";
    if (width < 4 || text.length() <= width) {
      return text;
    }
    long start = Math.min(offset, text.length());
    if (text.length() - start < width - 3) {
      start = text.length() - (width - 3);
    }
    if (start <= 4) {
      return text.substring(0, (int) (width - 3)) + dots;
    }
    if (width < 7) {
      return text;
    }
    if (start + width - 3 < text.length()) {
      String rest = text.substring((int) start);
      return dots + abbreviate(0, width - 3, rest);
    }
    return dots + text.substring((int) (text.length() - (width - 3)));
  }
}
