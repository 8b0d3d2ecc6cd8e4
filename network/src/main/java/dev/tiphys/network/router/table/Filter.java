package dev.tiphys.network.router.table;

/// Looks at requests before the action of their route is taken: lets them go on, or answers them.
///
/// Threads: the event loop of the request, so it must not wait. One that needs longer goes on
/// later, by the loop that the [Passage] tells.
@FunctionalInterface
public interface Filter {

  /// Has the request go on or be answered, once.
  void filter(Passage passage);
}
