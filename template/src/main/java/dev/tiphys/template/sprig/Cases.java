package dev.tiphys.template.sprig;

import static dev.tiphys.template.value.Type.STRING;

import dev.tiphys.template.function.Function;
import dev.tiphys.template.value.Utf8;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;

/// Texts in capitals, in small letters and in between.
final class Cases {

  private Cases() {}

  static List<Function> functions() {
    return List.of(
        characters("upper", text -> each(text, Character::toUpperCase)),
        characters("lower", text -> each(text, Character::toLowerCase)),
        characters("title", Cases::title),
        characters("untitle", Cases::untitle),
        characters("swapcase", Cases::swap),
        Function.of("initials", call -> call.made(initials(call.text(0))), STRING),
        Function.of("nospace", call -> call.made(noSpace(call.text(0))), STRING),
        characters("snakecase", text -> WordCases.join(text, '_')),
        characters("kebabcase", text -> WordCases.join(text, '-')),
        characters("camelcase", WordCases::camel));
  }

  private static Function characters(String name, UnaryOperator<String> change) {
    return Function.of(
        name, call -> call.made(Utf8.of(change.apply(Utf8.characters(call.text(0))))), STRING);
  }

  private static String each(String text, IntUnaryOperator change) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints().map(change).forEach(out::appendCodePoint);
    return out.toString();
  }

  private static boolean isSeparator(int c) {
    if (c < 0x80) {
      return !(Character.isLetterOrDigit(c) || c == '_');
    }
    return !Character.isLetter(c) && !Character.isDigit(c) && Texts.isSpace(c);
  }

  private static String title(String text) {
    int[] previous = {' '};
    return each(
        text,
        c -> {
          boolean first = isSeparator(previous[0]);
          previous[0] = c;
          return first ? Character.toTitleCase(c) : c;
        });
  }

  /// The first letter of each word in small.
  private static String untitle(String text) {
    int[] previous = {' '};
    return each(
        text,
        c -> {
          boolean first = Texts.isSpace(previous[0]);
          previous[0] = c;
          return first ? Character.toLowerCase(c) : c;
        });
  }

  private static String swap(String text) {
    int[] previous = {' '};
    return each(
        text,
        c -> {
          boolean first = Texts.isSpace(previous[0]);
          previous[0] = c;
          if (Character.isUpperCase(c) || Character.isTitleCase(c)) {
            return Character.toLowerCase(c);
          }
          return !Character.isLowerCase(c)
              ? c
              : first ? Character.toTitleCase(c) : Character.toUpperCase(c);
        });
  }

  /// The first byte of each word, taken for a character.
  private static String initials(String text) {
    StringBuilder out = new StringBuilder();
    boolean begins = true;
    for (int i = 0; i < text.length(); i += Utf8.width(text, i)) {
      boolean space = Texts.isSpace(Utf8.rune(text, i));
      if (begins && !space) {
        out.append(Utf8.of((int) text.charAt(i)));
      }
      begins = space;
    }
    return out.toString();
  }

  /// Without white space; if there is any, each byte is taken for a character.
  private static String noSpace(String text) {
    if (text.chars().noneMatch(Texts::isSpace)) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    for (char each : text.toCharArray()) {
      if (!Texts.isSpace(each)) {
        out.append(Utf8.of((int) each));
      }
    }
    return out.toString();
  }
}
