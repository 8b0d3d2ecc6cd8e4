package dev.tiphys.store.embedded;

import dev.tiphys.store.Event;
import java.util.List;

/// Shows everybody a batch that is on disk: the one place where what can be seen changes.
///
/// Threads: one at a time.
final class Publisher {

  private final History history;
  private final Leases leases;
  private final Watches watches;
  private final Compactor compactor;

  Publisher(History history, Leases leases, Watches watches, Compactor compactor) {
    this.history = history;
    this.leases = leases;
    this.watches = watches;
    this.compactor = compactor;
  }

  void publish(Batch batch) {
    List<Event> events = batch.events();
    history.append(events, batch.after());
    batch.changes().forEach(leases::apply);
    watches.happened(events);
    compactor.grown();
    batch.pending().forEach(pending -> pending.settle(null));
  }
}
