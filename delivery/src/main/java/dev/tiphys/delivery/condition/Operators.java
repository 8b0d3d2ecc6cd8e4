package dev.tiphys.delivery.condition;

import dev.tiphys.cel.Regex;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What operators between two values do.
final class Operators {

  private static final int LONGEST_TEXT = 1_000_000;
  private static final int LONGEST_RANGE = 100_000;

  private Operators() {}

  static Object apply(Scope scope, String operator, Object left, Object right) {
    scope.spend(1);
    return switch (operator) {
      case "==" -> Values.areEqual(scope, left, right);
      case "!=" -> !Values.areEqual(scope, left, right);
      case "<" -> order(operator, left, right) == -1;
      case "<=" -> order(operator, left, right) <= 0;
      case ">" -> order(operator, left, right) == 1;
      case ">=" -> List.of(0, 1).contains(order(operator, left, right));
      case "in" -> isIn(scope, left, right);
      case "matches" -> matches(scope, left, right);
      case "contains" -> text(operator, left, right).contains((String) right);
      case "startsWith" -> text(operator, left, right).startsWith((String) right);
      case "endsWith" -> text(operator, left, right).endsWith((String) right);
      case ".." -> range(scope, left, right);
      default -> arithmetic(scope, operator, left, right);
    };
  }

  /// What a comparison with a number that is none never is: -1, 0 or 1.
  private static final int UNORDERED = 2;

  private static int order(String operator, Object left, Object right) {
    if (left instanceof Long one && right instanceof Long other) {
      return Long.compare(one, other);
    }
    if (left instanceof Number one && right instanceof Number other) {
      double a = one.doubleValue();
      double b = other.doubleValue();
      return a < b ? -1 : a > b ? 1 : a == b ? 0 : UNORDERED;
    }
    if (left instanceof String one && right instanceof String other) {
      return Integer.signum(one.compareTo(other));
    }
    if (left instanceof Instant one && right instanceof Instant other) {
      return Integer.signum(one.compareTo(other));
    }
    if (left instanceof Duration one && right instanceof Duration other) {
      return Integer.signum(one.compareTo(other));
    }
    throw mismatch(operator, left, right);
  }

  private static boolean isIn(Scope scope, Object element, Object holder) {
    return switch (holder) {
      case Null _ -> false;
      case List<?> list -> list.stream().anyMatch(each -> Values.areEqual(scope, each, element));
      case Struct struct -> element instanceof String name && struct.has(name);
      default -> throw mismatch("in", element, holder);
    };
  }

  private static boolean matches(Scope scope, Object left, Object right) {
    String text = text("matches", left, right);
    String pattern = (String) right;
    scope.spend(text.length() + pattern.length());
    try {
      return Regex.of(pattern).matches(text);
    } catch (IllegalArgumentException e) {
      throw new ConditionException(String.valueOf(e.getMessage()));
    }
  }

  private static String text(String operator, Object left, Object right) {
    if (left instanceof String text && right instanceof String) {
      return text;
    }
    throw mismatch(operator, left, right);
  }

  private static List<Object> range(Scope scope, Object left, Object right) {
    if (!(left instanceof Long from) || !(right instanceof Long to)) {
      throw mismatch("..", left, right);
    }
    if (to - from >= LONGEST_RANGE || to - from < 0 && to > from) {
      throw new ConditionException("range is too long");
    }
    List<Object> all = new ArrayList<>();
    for (long i = from; i <= to; i++) {
      scope.spend(1);
      all.add(i);
    }
    return all;
  }

  private static Object arithmetic(Scope scope, String operator, Object left, Object right) {
    if (left instanceof Long one && right instanceof Long other) {
      return whole(operator, one, other);
    }
    if (left instanceof Number one && right instanceof Number other) {
      return fractional(operator, one.doubleValue(), other.doubleValue(), left, right);
    }
    if (operator.equals("+") && left instanceof String one && right instanceof String other) {
      scope.spend(one.length() + other.length());
      if (one.length() + other.length() > LONGEST_TEXT) {
        throw new ConditionException("text is too long");
      }
      return one + other;
    }
    return moment(operator, left, right);
  }

  private static Object whole(String operator, long left, long right) {
    return switch (operator) {
      case "+" -> left + right;
      case "-" -> left - right;
      case "*" -> left * right;
      case "/" -> (double) left / right;
      case "%" -> {
        if (right == 0) {
          throw new ConditionException("integer divide by zero");
        }
        yield left % right;
      }
      default -> Math.pow(left, right);
    };
  }

  private static Object fractional(
      String operator, double left, double right, Object first, Object second) {
    return switch (operator) {
      case "+" -> left + right;
      case "-" -> left - right;
      case "*" -> left * right;
      case "/" -> left / right;
      case "%" -> throw mismatch(operator, first, second);
      default -> Math.pow(left, right);
    };
  }

  private static Object moment(String operator, Object left, Object right) {
    try {
      if (operator.equals("-")) {
        if (left instanceof Instant end && right instanceof Duration span) {
          return end.minus(span);
        }
        if (left instanceof Instant end && right instanceof Instant start) {
          return Duration.between(start, end);
        }
        if (left instanceof Duration one && right instanceof Duration other) {
          return one.minus(other);
        }
      }
      if (operator.equals("+")) {
        if (left instanceof Instant start && right instanceof Duration span) {
          return start.plus(span);
        }
        if (left instanceof Duration span && right instanceof Instant start) {
          return start.plus(span);
        }
        if (left instanceof Duration one && right instanceof Duration other) {
          return one.plus(other);
        }
      }
    } catch (ArithmeticException | DateTimeException e) {
      throw new ConditionException("time is out of range");
    }
    throw mismatch(operator, left, right);
  }

  static ConditionException mismatch(String operator, Object left, Object right) {
    return new ConditionException(
        "invalid operation: %s (mismatched types %s and %s)"
            .formatted(operator, Values.type(left), Values.type(right)));
  }
}
