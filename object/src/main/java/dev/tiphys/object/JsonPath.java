package dev.tiphys.object;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A path to values within an object, in the dialect that columns of custom resources are written
/// in: fields, elements, slices, wildcards, descent and filters. See
/// <https://kubernetes.io/docs/reference/kubectl/jsonpath/>.
///
/// Threads: any; immutable.
public final class JsonPath {

  private final List<Step> steps;

  /// From the values found so far to those that one more part of a path leads to.
  @FunctionalInterface
  private interface Step {
    void follow(Object value, List<Object> found);
  }

  private JsonPath(List<Step> steps) {
    this.steps = List.copyOf(steps);
  }

  /// @param text as `.status.conditions[?(@.type=="Ready")].status`
  /// @throws IllegalArgumentException if it is no path
  public static JsonPath parse(String text) {
    return new Parser(text).path();
  }

  /// The first value that the path leads to; null if there is none.
  ///
  /// @param object a tree as JSON has it
  public @Nullable Object first(Object object) {
    List<Object> found = find(object);
    return found.isEmpty() ? null : found.getFirst();
  }

  private List<Object> find(Object value) {
    List<Object> found = List.of(value);
    for (Step step : steps) {
      List<Object> next = new ArrayList<>();
      for (Object each : found) {
        step.follow(each, next);
      }
      found = next;
    }
    return found;
  }

  /// Reads a path.
  private static final class Parser {
    private final String text;
    private int at;

    Parser(String text) {
      this.text = text;
    }

    JsonPath path() {
      List<Step> steps = new ArrayList<>();
      while (at < text.length()) {
        steps.add(step());
      }
      return new JsonPath(steps);
    }

    private Step step() {
      if (text.startsWith("..", at)) {
        at += 2;
        String name = name();
        return (value, found) -> descend(value, name, found);
      }
      return switch (text.charAt(at)) {
        case '.' -> {
          at++;
          yield at < text.length() && text.charAt(at) == '[' ? bracket() : member(name());
        }
        case '[' -> bracket();
        default -> member(name());
      };
    }

    /// A name up to the next part of the path; a backslash takes a dot's meaning away.
    private String name() {
      StringBuilder name = new StringBuilder();
      while (at < text.length() && ".[".indexOf(text.charAt(at)) < 0) {
        if (text.charAt(at) == '\\' && at + 1 < text.length()) {
          at++;
        }
        name.append(text.charAt(at++));
      }
      if (name.isEmpty()) {
        throw unreadable();
      }
      return name.toString();
    }

    private Step bracket() {
      String inside = upToBracket();
      if (inside.startsWith("?(") && inside.endsWith(")")) {
        Predicate<Object> filter = filter(inside.substring(2, inside.length() - 1).strip());
        return (value, found) -> elements(value).stream().filter(filter).forEach(found::add);
      }
      if (inside.startsWith("'") || inside.startsWith("\"")) {
        return member(unquoted(inside));
      }
      if (inside.equals("*")) {
        return member("*");
      }
      return inside.indexOf(':') >= 0 ? slice(inside.split(":", -1)) : element(number(inside, 0));
    }

    /// What stands in the brackets that begin here, which may hold others and quotes.
    private String upToBracket() {
      int start = ++at;
      int depth = 1;
      char quote = 0;
      while (at < text.length()) {
        char c = text.charAt(at++);
        if (quote != 0) {
          quote = c == quote ? 0 : quote;
        } else if (c == '\'' || c == '"') {
          quote = c;
        } else if (c == '[') {
          depth++;
        } else if (c == ']' && --depth == 0) {
          return text.substring(start, at - 1);
        }
      }
      throw unreadable();
    }

    private Predicate<Object> filter(String condition) {
      for (String operator : List.of("==", "!=", "<=", ">=", "<", ">")) {
        int index = condition.indexOf(operator);
        if (index > 0) {
          Operand left = operand(condition.substring(0, index).strip());
          Operand right = operand(condition.substring(index + operator.length()).strip());
          return element -> holds(left.of(element), operator, right.of(element));
        }
      }
      Operand there = operand(condition);
      return element -> there.of(element) != null;
    }

    private Operand operand(String operand) {
      if (operand.startsWith("@")) {
        JsonPath path = parse(operand.substring(1));
        return element -> {
          List<Object> found = path.find(element);
          return found.isEmpty() ? null : found.getFirst();
        };
      }
      Object constant = constant(operand);
      return _ -> constant;
    }

    private Object constant(String operand) {
      if (operand.startsWith("'") || operand.startsWith("\"")) {
        return unquoted(operand);
      }
      return switch (operand) {
        case "true" -> true;
        case "false" -> false;
        default -> {
          try {
            yield Double.valueOf(operand);
          } catch (NumberFormatException e) {
            throw unreadable();
          }
        }
      };
    }

    private String unquoted(String quoted) {
      if (quoted.length() < 2 || quoted.charAt(0) != quoted.charAt(quoted.length() - 1)) {
        throw unreadable();
      }
      return quoted.substring(1, quoted.length() - 1);
    }

    private Step slice(String[] bounds) {
      int step = bounds.length > 2 ? number(bounds[2], 1) : 1;
      if (step <= 0) {
        throw unreadable();
      }
      int from = number(bounds[0], 0);
      int to = number(bounds[1], Integer.MAX_VALUE);
      return (value, found) -> {
        if (value instanceof List<?> list) {
          int end = Math.min(list.size(), to < 0 ? list.size() + to : to);
          for (int i = Math.max(0, from < 0 ? list.size() + from : from); i < end; i += step) {
            found.add(list.get(i));
          }
        }
      };
    }

    private int number(String digits, int absent) {
      try {
        return digits.isBlank() ? absent : Integer.parseInt(digits.strip());
      } catch (NumberFormatException e) {
        throw unreadable();
      }
    }

    private IllegalArgumentException unreadable() {
      return new IllegalArgumentException("not a JSONPath: " + text);
    }
  }

  /// One side of a comparison, for an element that is tested.
  @FunctionalInterface
  private interface Operand {
    @Nullable Object of(Object element);
  }

  private static Step member(String name) {
    if (name.equals("*")) {
      return (value, found) -> found.addAll(elements(value));
    }
    return (value, found) -> {
      Object member = value instanceof Struct struct ? struct.get(name) : null;
      if (member != null && member != Null.NULL) {
        found.add(member);
      }
    };
  }

  private static Step element(int index) {
    return (value, found) -> {
      if (value instanceof List<?> list) {
        int place = index < 0 ? list.size() + index : index;
        if (place >= 0 && place < list.size()) {
          found.add(list.get(place));
        }
      }
    };
  }

  private static void descend(Object value, String name, List<Object> found) {
    member(name).follow(value, found);
    for (Object element : elements(value)) {
      descend(element, name, found);
    }
  }

  /// What a list or a struct holds.
  private static List<?> elements(Object value) {
    return switch (value) {
      case List<?> list -> list;
      case Struct struct -> {
        List<Object> values = new ArrayList<>(struct.size());
        struct.forEach((_, each) -> values.add(each));
        yield values;
      }
      default -> List.of();
    };
  }

  private static boolean holds(@Nullable Object left, String operator, @Nullable Object right) {
    if (left == null || right == null) {
      return false;
    }
    boolean numbers = left instanceof Number && right instanceof Number;
    if (!numbers && !left.getClass().equals(right.getClass())) {
      return false;
    }
    int order =
        numbers
            ? Double.compare(((Number) left).doubleValue(), ((Number) right).doubleValue())
            : left.toString().compareTo(right.toString());
    return switch (operator) {
      case "==" -> order == 0;
      case "!=" -> order != 0;
      case "<=" -> order <= 0;
      case ">=" -> order >= 0;
      case "<" -> order < 0;
      default -> order > 0;
    };
  }
}
