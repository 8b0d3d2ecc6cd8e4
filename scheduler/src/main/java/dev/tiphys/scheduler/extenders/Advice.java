package dev.tiphys.scheduler.extenders;

import dev.tiphys.scheduler.verdict.Rejection;
import java.util.Map;
import java.util.Set;

/// What extenders say about a Pod and the nodes that plugins have found.
public sealed interface Advice {

  /// @param left the names of the nodes that will do
  /// @param rejections why others will not, by their names
  /// @param scores what to add to the scores of nodes, by their names
  record Given(Set<String> left, Map<String, Rejection> rejections, Map<String, Long> scores)
      implements Advice {

    /// Of none.
    public static final Given NONE = new Given(Set.of(), Map.of(), Map.of());
  }

  /// One of them failed that must not.
  record Failed(String message) implements Advice {}
}
