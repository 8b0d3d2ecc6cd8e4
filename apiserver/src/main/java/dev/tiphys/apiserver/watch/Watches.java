package dev.tiphys.apiserver.watch;

import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.registry.Registry;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.world.Gate;
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
  private final WatchCount count = new WatchCount();
  private volatile boolean closed;

  public Watches(World world) {
    this.world = world;
  }

  /// Begins a watch.
  ///
  /// @throws ApiException `EXPIRED` if the query begins at a revision that is no longer known
  public WatchCursor open(Registry registry, WatchQuery query) {
    return open(registry, query, world.gate());
  }

  /// As [#open(Registry, WatchQuery)], for a reader of several watches: it waits at one gate, which
  /// news of each of them opens.
  public WatchCursor open(Registry registry, WatchQuery query, Gate news) {
    Runnable uncount = count.add(registry.resource(), query);
    WatchCursor cursor;
    try {
      cursor =
          WatchCursor.open(
              registry,
              query,
              news,
              closing -> {
                if (open.remove(closing)) {
                  uncount.run();
                }
              });
    } catch (ApiException e) {
      uncount.run();
      throw e;
    }
    open.add(cursor);
    if (closed) {
      cursor.close();
    }
    return cursor;
  }

  /// How many watches would be told of a change.
  ///
  /// @param subject what is changed
  public int interested(Subject.OfResource subject) {
    return count.of(subject.group(), subject.plural(), subject.namespace(), subject.name());
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
