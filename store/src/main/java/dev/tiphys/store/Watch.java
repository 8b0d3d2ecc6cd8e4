package dev.tiphys.store;

/// A running watch.
public interface Watch extends AutoCloseable {

  /// Ends the watch. The watcher may still be told of a batch that was on its way, and is told of
  /// the end only if it came from somewhere else.
  @Override
  void close();
}
