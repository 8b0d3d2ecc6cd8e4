package dev.tiphys.object.selector;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// One condition on the value of one label.
///
/// @param key the label's key
/// @param operator how `values` and the label's value are compared
/// @param values empty for [Operator#EXISTS] and [Operator#DOES_NOT_EXIST]; one number for
///   [Operator#GREATER_THAN] and [Operator#LESS_THAN]
public record Requirement(String key, Operator operator, Set<String> values) {

  /// How a label's value is compared.
  public enum Operator {
    IN,
    NOT_IN,
    EXISTS,
    DOES_NOT_EXIST,
    GREATER_THAN,
    LESS_THAN
  }

  public Requirement {
    values = Set.copyOf(values);
  }

  /// Whether a label with this value satisfies the condition; null means there is no such label.
  public boolean matches(@Nullable String value) {
    return switch (operator) {
      case IN -> value != null && values.contains(value);
      case NOT_IN -> value == null || !values.contains(value);
      case EXISTS -> value != null;
      case DOES_NOT_EXIST -> value == null;
      case GREATER_THAN -> value != null && compare(value) > 0;
      case LESS_THAN -> value != null && compare(value) < 0;
    };
  }

  private int compare(String value) {
    try {
      return Long.compare(Long.parseLong(value), Long.parseLong(values.iterator().next()));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /// The condition as it stands in a query: `key in (a,b)`.
  @Override
  public String toString() {
    String list = String.join(",", new TreeSet<>(values));
    return switch (operator) {
      case IN -> values.size() == 1 ? key + "=" + list : key + " in (" + list + ")";
      case NOT_IN -> values.size() == 1 ? key + "!=" + list : key + " notin (" + list + ")";
      case EXISTS -> key;
      case DOES_NOT_EXIST -> "!" + key;
      case GREATER_THAN -> key + ">" + list;
      case LESS_THAN -> key + "<" + list;
    };
  }
}
