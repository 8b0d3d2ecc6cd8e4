package dev.tiphys.cel;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// One way to call a function.
///
/// @param member whether the first argument stands before the function
/// @param generic the names of the type parameters
public record Overload(
    boolean member,
    List<Type> parameters,
    Type result,
    Set<String> generic,
    Price price,
    Implementation implementation) {

  /// What a function computes.
  @FunctionalInterface
  public interface Implementation {

    /// @param arguments of the types that the overload declares
    /// @throws EvaluationException if there is no result
    Object call(Object[] arguments);
  }

  static Overload of(
      boolean member,
      Type result,
      Price price,
      Implementation implementation,
      List<Type> parameters) {
    Set<String> generic = new TreeSet<>();
    parameters.forEach(type -> collect(type, generic));
    collect(result, generic);
    return new Overload(member, parameters, result, generic, price, implementation);
  }

  private static void collect(Type type, Set<String> names) {
    if (type.kind() == Type.Kind.PARAMETER) {
      names.add(type.name());
    }
    type.parameters().forEach(part -> collect(part, names));
  }
}
