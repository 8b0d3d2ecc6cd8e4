package dev.tiphys.apiserver.watch;

import dev.tiphys.apiserver.registry.Registry;
import dev.tiphys.world.World;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/// The watches that are open, so that they can be ended when the server ends.
///
/// Threads: any.
public final class Watches implements AutoCloseable {

  private final World world;
  private final Set<WatchCursor> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  public Watches(World world) {
    this.world = world;
  }

  /// Begins a watch.
  ///
  /// @throws dev.tiphys.object.api.ApiException `EXPIRED` if the query begins at a revision that is
  ///   no longer known
  public WatchCursor open(Registry registry, WatchQuery query) {
    WatchCursor cursor = WatchCursor.open(registry, query, world, open::remove);
    open.add(cursor);
    if (closed) {
      cursor.close();
    }
    return cursor;
  }

  /// Ends the watches of objects that are held otherwise by now: their clients begin others.
  ///
  /// @param held whether a registry is one of those that are served
  public void endUnless(Predicate<Registry> held) {
    for (WatchCursor cursor : open) {
      if (!held.test(cursor.registry())) {
        cursor.close();
      }
    }
  }

  /// Ends all watches, and those that begin later at once.
  @Override
  public void close() {
    closed = true;
    open.forEach(WatchCursor::close);
  }
}
