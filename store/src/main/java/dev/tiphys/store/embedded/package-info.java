/// The embedded engine: all states in memory, all writes in a log.
///
/// **Writing.** A `Sequencer` judges each write against the newest state, the `Head`, and queues
/// it. The `Journal` takes all that is queued to the `Log`, in one write and one sync. Then the
/// `Publisher` makes it readable.
///
/// **Reading.** The states are in a `Tree`, a B-tree that never changes; a changed one shares most
/// nodes with the one before. The [replica][dev.tiphys.store.replica] keeps the newest one, some
/// older ones, and the events in between.
///
/// **Keeping.** The log is a row of segments, written as batches in a `Frame` each. A `Checkpoint`
/// holds all states at one revision; what the log said before it is deleted. `Recovery` puts both
/// together again.
package dev.tiphys.store.embedded;
