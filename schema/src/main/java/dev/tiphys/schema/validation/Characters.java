package dev.tiphys.schema.validation;

import java.util.function.IntPredicate;

/// Which characters may stand where in names. All of ASCII; anything else is out of place.
public final class Characters {

  private Characters() {}

  public static boolean isLower(int c) {
    return c >= 'a' && c <= 'z';
  }

  public static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  public static boolean isLowerOrDigit(int c) {
    return isLower(c) || isDigit(c);
  }

  public static boolean isAlphanumeric(int c) {
    return isLowerOrDigit(c) || (c >= 'A' && c <= 'Z');
  }

  public static boolean isNameCharacter(int c) {
    return isAlphanumeric(c) || c == '-' || c == '_' || c == '.';
  }

  /// Whether the text is not empty and all of its characters pass.
  public static boolean all(String text, IntPredicate allowed) {
    for (int i = 0; i < text.length(); i++) {
      if (!allowed.test(text.charAt(i))) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /// Lower case letters, digits and inner hyphens.
  public static boolean isLabel(String text) {
    return isLabel(text, 0, text.length());
  }

  private static boolean isLabel(String text, int start, int end) {
    if (start == end
        || !isLowerOrDigit(text.charAt(start))
        || !isLowerOrDigit(text.charAt(end - 1))) {
      return false;
    }
    for (int i = start + 1; i < end - 1; i++) {
      char c = text.charAt(i);
      if (!isLowerOrDigit(c) && c != '-') {
        return false;
      }
    }
    return true;
  }

  /// Labels joined by dots.
  public static boolean isSubdomain(String text) {
    int start = 0;
    for (int dot = text.indexOf('.'); dot >= 0; dot = text.indexOf('.', start)) {
      if (!isLabel(text, start, dot)) {
        return false;
      }
      start = dot + 1;
    }
    return isLabel(text, start, text.length());
  }

  /// Labels with underscores, at their beginning and within, joined by dots.
  public static boolean isLooseSubdomain(String text) {
    for (String part : text.split("\\.", -1)) {
      String label = part.startsWith("_") ? part.substring(1) : part;
      boolean underscored = label.startsWith("_") || label.endsWith("_");
      if (underscored || !isLabel(label.replace('_', '-'))) {
        return false;
      }
    }
    return true;
  }

  /// Letters, digits and, within, hyphens, underscores and dots.
  public static boolean isName(String text) {
    int last = text.length() - 1;
    if (last < 0 || !isAlphanumeric(text.charAt(0)) || !isAlphanumeric(text.charAt(last))) {
      return false;
    }
    for (int i = 1; i < last; i++) {
      if (!isNameCharacter(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  public static boolean isPercent(String text) {
    return text.endsWith("%") && all(text.substring(0, text.length() - 1), Characters::isDigit);
  }

  public static boolean isIdentifier(String text) {
    return all(text, c -> isAlphanumeric(c) || c == '_') && !isDigit(text.charAt(0));
  }
}
