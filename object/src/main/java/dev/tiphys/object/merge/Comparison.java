package dev.tiphys.object.merge;

import dev.tiphys.object.Struct;
import java.util.function.UnaryOperator;

/// What differs between two objects. No path is in more than one of the sets.
///
/// @param added the paths that only the second one has
/// @param modified the paths where both have a value, and not the same
/// @param removed the paths that only the first one has
public record Comparison(FieldSet added, FieldSet modified, FieldSet removed) {

  /// @param before the first object
  /// @param after the second object
  /// @throws MergeException if there is an element of a list that can't be told from others
  public static Comparison of(Struct before, Struct after, MergeShape shape) {
    return Comparing.compare(before, after, shape);
  }

  /// The paths that the second object has with another value, or that only it has.
  public FieldSet changed() {
    return added.union(modified);
  }

  public boolean isSame() {
    return added.isEmpty() && modified.isEmpty() && removed.isEmpty();
  }

  /// The same, with each set as `filter` leaves it.
  public Comparison filtered(UnaryOperator<FieldSet> filter) {
    return new Comparison(filter.apply(added), filter.apply(modified), filter.apply(removed));
  }
}
