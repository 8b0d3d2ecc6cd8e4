package dev.tiphys.network.router.table;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is done with the requests that match.
///
/// @param name says in metrics and the access log which route it was
/// @param conditions all of them must hold
/// @param filters look at a request in this order before the action is taken
/// @param errors what is shown in the place of answers that failed; null to pass them on
public record Route(
    String name,
    PathMatch path,
    List<Condition> conditions,
    List<Filter> filters,
    @Nullable ErrorPages errors,
    Action action) {

  public Route {
    conditions = List.copyOf(conditions);
    filters = List.copyOf(filters);
  }

  /// A route without filters.
  public Route(String name, PathMatch path, List<Condition> conditions, Action action) {
    this(name, path, conditions, List.of(), null, action);
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
