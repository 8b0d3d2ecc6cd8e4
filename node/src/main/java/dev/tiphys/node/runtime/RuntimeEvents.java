package dev.tiphys.node.runtime;

/// What happens to containers, as it happens.
///
/// Once an event is out, the status of its container shows it. Events of one container come in
/// order. None is left out as long as [#next] returns; when it throws, some may be: start anew,
/// then list everything once.
///
/// Threads: one calls [#next]; [#close] may be called by any.
public interface RuntimeEvents extends AutoCloseable {

  /// The next event; waits for it.
  ///
  /// @throws RuntimeFailure `UNAVAILABLE` if the runtime has gone or this was closed
  RuntimeEvent next() throws InterruptedException;

  @Override
  void close();
}
