package dev.tiphys.apiserver.watch;

import dev.tiphys.client.ApiException;

/// Where a subscription's notices go.
///
/// Threads: called by one thread at a time, which must not be held up.
public interface WatchSink {

  /// Takes a notice. Returns false if it can't keep up: the subscription is then ended.
  boolean offer(Notice notice);

  /// All objects that existed at the start have been told. Only called if that was asked for.
  ///
  /// @param revision the state that they make up
  boolean offerInitialEnd(long revision);

  /// There is nothing more to come, and not because the subscriber left.
  void end(ApiException reason);
}
