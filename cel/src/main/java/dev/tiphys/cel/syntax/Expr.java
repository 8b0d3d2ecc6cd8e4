package dev.tiphys.cel.syntax;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An expression as it was parsed, its macros expanded. Nodes are told apart by identity.
public sealed interface Expr {

  /// Where it is in the source.
  int position();

  /// A value that stands in the source: null stands for [dev.tiphys.object.Null#NULL].
  record Literal(int position, Object value) implements Expr {}

  record Ident(int position, String name) implements Expr {}

  /// A field of an operand.
  ///
  /// @param test whether it is only asked whether the field is there
  record Select(int position, Expr operand, String field, boolean test) implements Expr {}

  /// @param target what a function is called on; null if it is called by its name alone
  record Call(int position, @Nullable Expr target, String function, List<Expr> arguments)
      implements Expr {}

  /// @param optional for each element whether it is left out if it is an optional without a value
  record ListOf(int position, List<Expr> elements, List<Boolean> optional) implements Expr {}

  record MapOf(int position, List<Entry> entries) implements Expr {}

  /// @param optional whether it is left out if its value is an optional without a value
  record Entry(int position, Expr key, Expr value, boolean optional) {}

  /// An object of a type that is named.
  record Message(int position, String type, List<Entry> fields) implements Expr {}

  /// A fold over a list or map.
  ///
  /// @param first the element of a list or the key of a map; with `second`, the index or key
  /// @param second the element or value; null if there is one variable only
  record Fold(
      int position,
      Expr range,
      String first,
      @Nullable String second,
      String accumulator,
      Expr start,
      Expr condition,
      Expr step,
      Expr result)
      implements Expr {

    /// Whether it only gives a name to a value, as `sortBy` does.
    public boolean binds() {
      return range instanceof ListOf(int _, List<Expr> elements, List<Boolean> _)
          && elements.isEmpty()
          && condition instanceof Literal(int _, Object value)
          && value.equals(false)
          && !accumulator.equals(Macros.RESULT);
    }
  }
}
