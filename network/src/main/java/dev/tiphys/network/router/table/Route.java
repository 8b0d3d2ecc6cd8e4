package dev.tiphys.network.router.table;

import java.util.List;

/// What is done with the requests that match.
///
/// @param name says in metrics and the access log which route it was
/// @param conditions all of them must hold
public record Route(String name, PathMatch path, List<Condition> conditions, Action action) {

  public Route {
    conditions = List.copyOf(conditions);
  }

  /// A route that goes by the path alone.
  public Route(String name, PathMatch path, Action action) {
    this(name, path, List.of(), action);
  }

  /// Whether all but the path matches.
  boolean admits(RequestView request) {
    for (Condition condition : conditions) {
      if (!condition.holds(request)) {
        return false;
      }
    }
    return true;
  }
}
