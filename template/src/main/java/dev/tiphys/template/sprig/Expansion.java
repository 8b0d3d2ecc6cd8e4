package dev.tiphys.template.sprig;

import com.google.re2j.Matcher;

/// `$1`, `${1}` and `${name}` in what a match is replaced by.
final class Expansion {

  private Expansion() {}

  static void append(StringBuilder out, String template, Matcher matcher) {
    int at = 0;
    while (at < template.length()) {
      int dollar = template.indexOf('$', at);
      if (dollar < 0) {
        break;
      }
      out.append(template, at, dollar);
      at = dollar + 1;
      if (template.startsWith("$", at)) {
        out.append('$');
        at++;
        continue;
      }
      boolean braced = template.startsWith("{", at);
      int start = braced ? at + 1 : at;
      int end = start;
      while (end < template.length() && isName(template.charAt(end))) {
        end++;
      }
      if (end == start || braced && !template.startsWith("}", end)) {
        out.append('$');
        continue;
      }
      String group = group(matcher, template.substring(start, end));
      out.append(group);
      at = braced ? end + 1 : end;
    }
    out.append(template, at, template.length());
  }

  private static boolean isName(char c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }

  /// What a group matched; nothing if there is no such group.
  private static String group(Matcher matcher, String name) {
    String text = null;
    if (name.matches("[0-9]{1,9}")) {
      int number = Integer.parseInt(name);
      text = number <= matcher.groupCount() ? matcher.group(number) : null;
    } else if (matcher.pattern().namedGroups().containsKey(name)) {
      text = matcher.group(name);
    }
    return text == null ? "" : text;
  }
}
