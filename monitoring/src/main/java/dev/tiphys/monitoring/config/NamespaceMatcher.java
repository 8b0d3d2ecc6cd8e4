package dev.tiphys.monitoring.config;

import java.util.Locale;
import java.util.Set;

/// Confines the expressions of a rule to the series of one namespace: each selector of series gets
/// a matcher more. All of a selector's matchers must hold, so none of the others can undo it.
///
/// It knows the words of PromQL, not its grammar: what is no expression stays none.
final class NamespaceMatcher {

  private static final Set<String> WORDS =
      Set.of("and", "or", "unless", "bool", "offset", "start", "end", "inf", "nan", "atan2");
  private static final Set<String> WITH_LABELS =
      Set.of("by", "without", "on", "ignoring", "group_left", "group_right");

  private final String text;
  private final String matcher;
  private final StringBuilder out = new StringBuilder();
  private int at;

  private NamespaceMatcher(String text, String matcher) {
    this.text = text;
    this.matcher = matcher;
  }

  static String confine(String expression, String label, String namespace) {
    return new NamespaceMatcher(expression, label + "=\"" + namespace + "\"").run();
  }

  private String run() {
    while (at < text.length()) {
      char next = text.charAt(at);
      if (isNameStart(next)) {
        name();
      } else if (Character.isDigit(next)) {
        copyWhile(true); // a number, or a duration
      } else {
        switch (next) {
          case '"', '\'', '`' -> string();
          case '#' -> copyThrough('\n');
          case '[' -> copyThrough(']');
          case '{' -> selector();
          default -> copy();
        }
      }
    }
    return out.toString();
  }

  private static boolean isNameStart(char c) {
    return c == '_' || c == ':' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }

  private void copy() {
    out.append(text.charAt(at++));
  }

  private void copyWhile(boolean dots) {
    while (at < text.length()) {
      char next = text.charAt(at);
      if (!isNameStart(next) && !Character.isDigit(next) && !(dots && next == '.')) {
        return;
      }
      copy();
    }
  }

  private void copyThrough(char end) {
    while (at < text.length() && text.charAt(at) != end) {
      copy();
    }
    if (at < text.length()) {
      copy();
    }
  }

  private void string() {
    char quote = text.charAt(at);
    copy();
    while (at < text.length() && text.charAt(at) != quote) {
      if (text.charAt(at) == '\\' && quote != '`' && at + 1 < text.length()) {
        copy();
      }
      copy();
    }
    if (at < text.length()) {
      copy();
    }
  }

  private void name() {
    int begin = at;
    copyWhile(false);
    String word = text.substring(begin, at).toLowerCase(Locale.ROOT);
    String behind = text.substring(at).stripLeading();
    if (WITH_LABELS.contains(word)) {
      if (behind.startsWith("(")) {
        copyThrough(')');
      }
    } else if (!WORDS.contains(word)
        && !behind.startsWith("(") // a function
        && !behind.startsWith("{")
        && !isAggregation(behind)) {
      out.append('{').append(matcher).append('}');
    }
  }

  private static boolean isAggregation(String behind) {
    return behind.matches("(?is)(by|without)\\s*\\(.*");
  }

  private void selector() {
    copy();
    boolean any = false;
    while (at < text.length() && text.charAt(at) != '}') {
      char next = text.charAt(at);
      if (next == '"' || next == '\'' || next == '`') {
        string();
        any = true;
      } else if (next == '#') {
        copyThrough('\n');
      } else {
        any = next != ',' && (any || !Character.isWhitespace(next));
        copy();
      }
    }
    out.append(any ? "," : "").append(matcher);
    if (at < text.length()) {
      copy();
    }
  }
}
