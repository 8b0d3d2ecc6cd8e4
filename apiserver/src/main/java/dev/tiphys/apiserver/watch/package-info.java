/// Watching: what happened to objects, told to whatever asks.
///
/// A [dev.tiphys.apiserver.watch.WatchCursor] is a watcher's place in the history of a resource.
/// The watcher pulls when it is ready for more, so a slow one holds nothing up. A `Change` is
/// looked at and encoded once for all watchers that are told the same.
package dev.tiphys.apiserver.watch;
