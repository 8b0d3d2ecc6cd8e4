package dev.tiphys.schema.quota;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// A condition on the objects that a quota is about.
///
/// @param name what is looked at: `PriorityClass`
/// @param operator how: `In`, `NotIn`, `Exists` or `DoesNotExist`
/// @param values what it is compared with
public record Scope(String name, String operator, List<String> values) {

  private static final String EXISTS = "Exists";

  public Scope {
    values = List.copyOf(values);
  }

  public static Scope of(Struct requirement) {
    return new Scope(
        requirement.string("scopeName"),
        requirement.string("operator"),
        requirement.strings("values"));
  }

  /// All conditions of a quota.
  ///
  /// @param spec the quota's specification
  public static List<Scope> all(Struct spec) {
    List<Scope> scopes = new ArrayList<>();
    spec.strings("scopes").forEach(name -> scopes.add(new Scope(name, EXISTS, List.of())));
    spec.structs("scopeSelector", "matchExpressions").forEach(each -> scopes.add(of(each)));
    return scopes;
  }

  /// Whether an object that names these things, as the classes it is of, meets the condition. Of
  /// several, one that meets it is enough.
  boolean matches(Collection<String> named) {
    return switch (operator) {
      case EXISTS -> !named.isEmpty();
      case "DoesNotExist" -> named.isEmpty();
      case "In" -> named.stream().anyMatch(values::contains);
      case "NotIn" -> named.isEmpty() || named.stream().anyMatch(value -> !values.contains(value));
      default -> false;
    };
  }

  /// As messages print it.
  @Override
  public String toString() {
    return "{" + name + " " + operator + " [" + String.join(" ", values) + "]}";
  }
}
