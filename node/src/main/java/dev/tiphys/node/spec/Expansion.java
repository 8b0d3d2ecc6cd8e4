package dev.tiphys.node.spec;

import java.util.Map;

/// Puts values for `$(NAME)` into texts. `$$` stands for one dollar; names that are not known stay
/// as they are written.
public final class Expansion {
  private Expansion() {}

  public static String of(String text, Map<String, String> values) {
    if (text.indexOf('$') < 0) {
      return text;
    }
    StringBuilder result = new StringBuilder();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c != '$' || i + 1 == text.length()) {
        result.append(c);
        i++;
        continue;
      }
      char next = text.charAt(i + 1);
      int close = next == '(' ? text.indexOf(')', i + 2) : -1;
      if (next == '$') {
        result.append('$');
        i += 2;
      } else if (next == '(' && close >= 0) {
        String name = text.substring(i + 2, close);
        String value = values.get(name);
        result.append(value == null ? text.substring(i, close + 1) : value);
        i = close + 1;
      } else {
        result.append(c).append(next);
        i += 2;
      }
    }
    return result.toString();
  }
}
