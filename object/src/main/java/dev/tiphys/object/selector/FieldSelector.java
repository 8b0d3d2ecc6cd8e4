package dev.tiphys.object.selector;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Conditions on fields of an object, all of which must hold: `status.phase=Running,spec.x!=y`.
///
/// @param terms the conditions; none matches everything
public record FieldSelector(List<Term> terms) {

  public static final FieldSelector EVERYTHING = new FieldSelector(List.of());

  /// One condition.
  ///
  /// @param field the field's label, mostly its path
  /// @param equal whether the value must be the given one, or must not be
  /// @param value the value it is compared with
  public record Term(String field, boolean equal, String value) {
    @Override
    public String toString() {
      return field + (equal ? "=" : "!=") + value;
    }
  }

  public FieldSelector {
    terms = List.copyOf(terms);
  }

  /// The selector written in a query. A backslash takes the meaning from `,`, `=` and itself.
  ///
  /// @throws IllegalArgumentException if it can't be read
  public static FieldSelector parse(String query) {
    List<Term> terms = new ArrayList<>();
    for (String part : split(query)) {
      if (!part.isEmpty()) {
        terms.add(term(part, query));
      }
    }
    return terms.isEmpty() ? EVERYTHING : new FieldSelector(terms);
  }

  private static List<String> split(String query) {
    List<String> parts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < query.length(); i++) {
      if (query.charAt(i) == '\\') {
        i++;
      } else if (query.charAt(i) == ',') {
        parts.add(query.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(query.substring(start));
    return parts;
  }

  private static Term term(String part, String query) {
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      if (c == '\\') {
        i++;
      } else if (part.startsWith("!=", i)) {
        return new Term(part.substring(0, i), false, unescaped(part.substring(i + 2)));
      } else if (c == '=') {
        int value = part.startsWith("==", i) ? i + 2 : i + 1;
        return new Term(part.substring(0, i), true, unescaped(part.substring(value)));
      }
    }
    throw new IllegalArgumentException(
        "invalid selector: '" + query + "'; can't understand '" + part + "'");
  }

  private static String unescaped(String value) {
    return value.indexOf('\\') < 0 ? value : value.replaceAll("\\\\(.)", "$1");
  }

  /// Whether an object matches whose field values `valueOf` tells, "" for those it has not.
  public boolean matches(Function<String, String> valueOf) {
    for (Term term : terms) {
      if (valueOf.apply(term.field).equals(term.value) != term.equal) {
        return false;
      }
    }
    return true;
  }

  public boolean matchesEverything() {
    return terms.isEmpty();
  }

  @Override
  public String toString() {
    return terms.stream().map(Term::toString).collect(Collectors.joining(","));
  }
}
