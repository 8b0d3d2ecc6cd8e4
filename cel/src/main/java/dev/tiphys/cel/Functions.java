package dev.tiphys.cel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The functions that expressions may call, and the names of types.
///
/// Threads: one while it is filled, then any.
public final class Functions {

  private final Map<String, List<Overload>> overloads = new HashMap<>();
  private final Map<String, Type> types = new HashMap<>();
  private final List<Function<String, @Nullable Type>> families = new ArrayList<>();

  public Functions() {}

  /// Adds a function that is called by its name alone. Returns this.
  public Functions add(
      String function,
      Type result,
      Price price,
      Overload.Implementation implementation,
      Type... parameters) {
    put(function, Overload.of(false, result, price, implementation, List.of(parameters)));
    return this;
  }

  /// Adds a function that is called on its first argument. Returns this.
  public Functions addMember(
      String function,
      Type result,
      Price price,
      Overload.Implementation implementation,
      Type... parameters) {
    put(function, Overload.of(true, result, price, implementation, List.of(parameters)));
    return this;
  }

  /// Adds the name of a type. Returns this.
  public Functions addType(Type type) {
    types.put(type.name(), type);
    return this;
  }

  /// Adds the names of types that are too many to be listed. Returns this.
  ///
  /// @param family the type of a name; null if it is none of the family
  public Functions addTypes(Function<String, @Nullable Type> family) {
    families.add(family);
    return this;
  }

  /// Adds all functions and types of another. Returns this.
  public Functions addAll(Functions others) {
    others.overloads.forEach((name, list) -> list.forEach(overload -> put(name, overload)));
    types.putAll(others.types);
    families.addAll(others.families);
    return this;
  }

  private void put(String function, Overload overload) {
    overloads.computeIfAbsent(function, _ -> new ArrayList<>()).add(overload);
  }

  /// The overloads of a function; null if there is no such function.
  public @Nullable List<Overload> overloads(String function) {
    return overloads.get(function);
  }

  public @Nullable Type type(String name) {
    Type known = types.get(name);
    for (int i = 0; i < families.size() && known == null; i++) {
      known = families.get(i).apply(name);
    }
    return known;
  }
}
