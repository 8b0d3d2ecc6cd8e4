package dev.tiphys.object.selector;

import dev.tiphys.object.selector.Requirement.Operator;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Reads the query form of a label selector.
///
/// Grammar: conditions joined by `,`, each one `key`, `!key`, `key=value`, `key==value`,
/// `key!=value`, `key>n`, `key<n`, `key in (a,b)` or `key notin (a,b)`.
final class LabelQuery {

  private static final String SYMBOLS = "=!(),<>";

  private final List<String> tokens = new ArrayList<>();
  private int next;

  LabelQuery(String query) {
    int at = 0;
    while (at < query.length()) {
      char c = query.charAt(at);
      int end = at + 1;
      if (Character.isWhitespace(c)) {
        at = end;
        continue;
      }
      if (c == '=' || c == '!') {
        end += end < query.length() && query.charAt(end) == '=' ? 1 : 0;
      } else if (SYMBOLS.indexOf(c) < 0) {
        while (end < query.length()
            && SYMBOLS.indexOf(query.charAt(end)) < 0
            && !Character.isWhitespace(query.charAt(end))) {
          end++;
        }
      }
      tokens.add(query.substring(at, end));
      at = end;
    }
  }

  List<Requirement> requirements() {
    List<Requirement> found = new ArrayList<>();
    while (next < tokens.size()) {
      if (!isWord(peek()) && !peek().equals("!")) {
        throw new IllegalArgumentException(
            found.isEmpty()
                ? wrong(", expected: !, identifier, or 'end of string'")
                : wrong(", expected: identifier after ','"));
      }
      found.add(requirement());
      if (next == tokens.size()) {
        return found;
      }
      if (!peek().equals(",")) {
        throw new IllegalArgumentException(wrong(", expected: ',' or 'end of string'"));
      }
      next++;
      if (next == tokens.size()) {
        throw new IllegalArgumentException(wrong(", expected: identifier after ','"));
      }
    }
    return found;
  }

  private Requirement requirement() {
    if (peek().equals("!")) {
      next++;
      return new Requirement(word(", expected: identifier"), Operator.DOES_NOT_EXIST, Set.of());
    }
    String key = word(", expected: identifier");
    return switch (peek()) {
      case "", "," -> new Requirement(key, Operator.EXISTS, Set.of());
      case "=", "==" -> single(key, Operator.IN);
      case "!=" -> single(key, Operator.NOT_IN);
      case ">" -> number(single(key, Operator.GREATER_THAN));
      case "<" -> number(single(key, Operator.LESS_THAN));
      case "in" -> several(key, Operator.IN);
      case "notin" -> several(key, Operator.NOT_IN);
      default -> throw refusal(wrong(", expected: in, notin, =, ==, !=, gt, lt"));
    };
  }

  private Requirement single(String key, Operator operator) {
    next++;
    boolean empty = peek().isEmpty() || peek().equals(",");
    return new Requirement(key, operator, Set.of(empty ? "" : word(", expected: identifier")));
  }

  private static Requirement number(Requirement requirement) {
    String value = requirement.values().iterator().next();
    try {
      Long.parseLong(value);
      return requirement;
    } catch (NumberFormatException e) {
      throw refusal(
          "values[0]: Invalid value: \""
              + value
              + "\": for 'Gt', 'Lt' operators, the value must be an integer");
    }
  }

  private Requirement several(String key, Operator operator) {
    next++;
    expect("(", " expected: '('");
    Set<String> values = new LinkedHashSet<>();
    while (true) {
      boolean empty = peek().equals(",") || peek().equals(")");
      values.add(empty ? "" : word(", expected: ',', ')' or identifier"));
      if (peek().equals(")")) {
        next++;
        return new Requirement(key, operator, values);
      }
      expect(",", ", expected: ',' or ')'");
    }
  }

  private String word(String expected) {
    String token = peek();
    if (!isWord(token)) {
      throw refusal(wrong(expected));
    }
    next++;
    return token;
  }

  private static boolean isWord(String token) {
    return !token.isEmpty() && SYMBOLS.indexOf(token.charAt(0)) < 0;
  }

  private void expect(String token, String expected) {
    if (!peek().equals(token)) {
      throw refusal(wrong(expected));
    }
    next++;
  }

  private String peek() {
    return next < tokens.size() ? tokens.get(next) : "";
  }

  private String wrong(String expected) {
    return "found '" + peek() + "'" + expected;
  }

  private static IllegalArgumentException refusal(String text) {
    return new IllegalArgumentException("unable to parse requirement: " + text);
  }
}
