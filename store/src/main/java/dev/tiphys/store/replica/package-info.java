/// A [dev.tiphys.store.History] in memory, for any engine to feed: the newest states and the recent
/// ones in trees that share what did not change, the events between them, and the cursors and
/// indexes of its readers.
package dev.tiphys.store.replica;
