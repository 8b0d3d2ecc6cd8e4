package dev.tiphys.cel.check;

import dev.tiphys.cel.Overload;
import dev.tiphys.cel.Type;
import dev.tiphys.cel.syntax.Expr;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An expression whose types are known.
///
/// Threads: one.
public final class Checked {

  private final Expr root;
  private final Map<Expr, Type> types;
  private final Map<Expr, Callee> callees;
  private final Map<Expr, String> variables;

  /// What a call calls.
  ///
  /// @param function the full name
  /// @param target what it is called on; null if a function's name was read as a target
  /// @param overloads those that fit
  public record Callee(String function, @Nullable Expr target, List<Overload> overloads) {}

  Checked(
      Expr root, Map<Expr, Type> types, Map<Expr, Callee> callees, Map<Expr, String> variables) {
    this.root = root;
    this.types = new IdentityHashMap<>(types);
    this.callees = callees;
    this.variables = variables;
  }

  public Expr root() {
    return root;
  }

  public Type type(Expr expr) {
    return types.getOrDefault(expr, Type.ERROR);
  }

  public Callee callee(Expr.Call call) {
    return Objects.requireNonNull(callees.get(call));
  }

  /// The variable, constant or type that an identifier or a dotted name stands for; null if it
  /// stands for a field.
  public @Nullable String variable(Expr expr) {
    return variables.get(expr);
  }

  /// Whether a variable is named anywhere.
  public boolean uses(String variable) {
    return variables.values().stream()
        .anyMatch(variable::equals); // the map itself compares identities
  }
}
