package dev.tiphys.secrets.data;

import com.google.re2j.Pattern;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a `property` names in a secret that is JSON: a field, or what a path leads to.
///
/// Paths are those of gjson: `a.b`, `list.0`, `list.#` (how many), `list.#.x` (that of each),
/// `list.#(name=="a").x` (of the first that is so), `list.#(n>1)#.x` (of each that is so), with `*`
/// and `?` in names and `\` before a dot that is none.
public final class Properties {

  private Properties() {}

  /// What a property is; empty if it is not there.
  public static Optional<Object> find(Object tree, String property) {
    if (tree instanceof Struct struct && struct.get(property) != null) {
      return Optional.ofNullable(struct.get(property));
    }
    return Optional.ofNullable(walk(tree, steps(property), 0));
  }

  private static @Nullable Object walk(@Nullable Object from, List<String> steps, int at) {
    Object now = from;
    for (int i = at; i < steps.size() && now != null; i++) {
      String step = steps.get(i);
      if (now instanceof List<?> list && step.startsWith("#")) {
        return inEach(list, steps, i);
      }
      now = child(now, step);
    }
    return now;
  }

  private static @Nullable Object child(Object parent, String step) {
    return switch (parent) {
      case Struct struct -> field(struct, step);
      case List<?> list -> element(list, step);
      default -> null;
    };
  }

  private static @Nullable Object field(Struct struct, String step) {
    boolean pattern = step.indexOf('*') >= 0 || step.indexOf('?') >= 0;
    if (!pattern) {
      return struct.get(unescaped(step));
    }
    Pattern names = wildcards(step);
    for (String name : struct.names()) {
      if (names.matches(name)) {
        return struct.get(name);
      }
    }
    return null;
  }

  private static Pattern wildcards(String step) {
    StringBuilder expression = new StringBuilder("(?s)");
    for (int i = 0; i < step.length(); i++) {
      char each = step.charAt(i);
      if (each == '\\' && i + 1 < step.length()) {
        expression.append(Pattern.quote(String.valueOf(step.charAt(++i))));
      } else {
        expression.append(
            each == '*' ? ".*" : each == '?' ? "." : Pattern.quote(String.valueOf(each)));
      }
    }
    return Pattern.compile(expression.toString());
  }

  private static @Nullable Object element(List<?> list, String step) {
    if (step.isEmpty() || !step.chars().allMatch(Character::isDigit) || step.length() > 9) {
      return null;
    }
    int index = Integer.parseInt(step);
    return index < list.size() ? list.get(index) : null;
  }

  private static @Nullable Object inEach(List<?> list, List<String> steps, int at) {
    String step = steps.get(at);
    boolean last = at == steps.size() - 1;
    if (step.equals("#")) {
      return last ? (Object) (long) list.size() : collected(list, steps, at + 1);
    }
    if (!step.startsWith("#(")) {
      return null;
    }
    boolean all = step.endsWith(")#");
    if (!all && !step.endsWith(")")) {
      return null;
    }
    Query query = Query.parse(step.substring(2, step.length() - (all ? 2 : 1)));
    List<Object> matching = new ArrayList<>();
    for (Object each : list) {
      if (query.matches(each)) {
        matching.add(each);
      }
    }
    if (all) {
      return last ? matching : collected(matching, steps, at + 1);
    }
    return matching.isEmpty() ? null : walk(matching.getFirst(), steps, at + 1);
  }

  private static List<Object> collected(List<?> list, List<String> steps, int at) {
    List<Object> found = new ArrayList<>();
    for (Object each : list) {
      Object value = walk(each, steps, at);
      if (value != null) {
        found.add(value);
      }
    }
    return found;
  }

  /// The parts between the dots that are neither escaped nor in a query.
  static List<String> steps(String path) {
    List<String> steps = new ArrayList<>();
    StringBuilder step = new StringBuilder();
    int depth = 0;
    boolean quoted = false;
    for (int i = 0; i < path.length(); i++) {
      char each = path.charAt(i);
      if (each == '\\' && i + 1 < path.length()) {
        step.append(each).append(path.charAt(++i));
        continue;
      }
      quoted ^= each == '"' && depth > 0;
      if (!quoted) {
        depth += each == '(' ? 1 : each == ')' ? -1 : 0;
      }
      if ((each == '.' || each == '|') && depth <= 0) {
        steps.add(step.toString());
        step.setLength(0);
      } else {
        step.append(each);
      }
    }
    steps.add(step.toString());
    return steps;
  }

  private static String unescaped(String step) {
    return step.indexOf('\\') < 0 ? step : step.replaceAll("\\\\(.)", "$1");
  }

  /// What elements of a list must be: `name=="a"`.
  ///
  /// @param path into the element; empty for itself
  /// @param operator empty for: is there
  private record Query(String path, String operator, String value) {
    private static final List<String> OPERATORS =
        List.of("==", "!=", "<=", ">=", "!%", "=", "<", ">", "%");

    static Query parse(String text) {
      int best = -1;
      String found = "";
      for (String operator : OPERATORS) {
        int at = text.indexOf(operator);
        if (at >= 0 && (best < 0 || at < best)) {
          best = at;
          found = operator;
        }
      }
      if (best < 0) {
        return new Query(text.strip(), "", "");
      }
      String value = text.substring(best + found.length()).strip();
      boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
      return new Query(
          text.substring(0, best).strip(),
          found,
          quoted ? value.substring(1, value.length() - 1) : value);
    }

    boolean matches(Object element) {
      Object left = path.isEmpty() ? element : walk(element, steps(path), 0);
      if (left == null || left instanceof Null) {
        return false;
      }
      String text = Values.text(left);
      return switch (operator) {
        case "" -> true;
        case "=", "==" -> text.equals(value);
        case "!=" -> !text.equals(value);
        case "%" -> wildcards(value).matches(text);
        case "!%" -> !wildcards(value).matches(text);
        default -> ordered(left, text);
      };
    }

    private boolean ordered(Object left, String text) {
      int order;
      if (left instanceof Number) {
        try {
          order = Double.compare(Double.parseDouble(text), Double.parseDouble(value));
        } catch (NumberFormatException e) {
          return false;
        }
      } else {
        order = text.compareTo(value);
      }
      return switch (operator) {
        case "<" -> order < 0;
        case "<=" -> order <= 0;
        case ">" -> order > 0;
        default -> order >= 0;
      };
    }
  }
}
