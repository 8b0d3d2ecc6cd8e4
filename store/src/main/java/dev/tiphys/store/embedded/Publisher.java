package dev.tiphys.store.embedded;

import dev.tiphys.store.replica.Compactor;
import dev.tiphys.store.replica.Replica;

/// Makes a batch that is on disk readable: the one place where what can be seen changes.
///
/// Threads: one at a time.
final class Publisher {

  private final Replica history;
  private final Leases leases;
  private final Compactor compactor;

  Publisher(Replica history, Leases leases, Compactor compactor) {
    this.history = history;
    this.leases = leases;
    this.compactor = compactor;
  }

  void publish(Batch batch) {
    history.append(batch.events(), batch.after());
    batch.changes().forEach(leases::apply);
    compactor.grown();
    batch.pending().forEach(pending -> pending.settle(null));
  }
}
