package dev.tiphys.controllers.garbage;

/// Something for the collector to look at. Closed.
sealed interface Work {

  /// Whether an object is still wanted by any of its owners; or, if it waits for its dependents,
  /// whether they are gone.
  record Look(String uid) implements Work {}

  /// The dependents of an object are to be let go.
  record Orphan(String uid) implements Work {}
}
