package dev.tiphys.apiserver.fairness;

import dev.tiphys.apiserver.fairness.FlowRequest.Ticket;
import dev.tiphys.world.Gate;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A request at a level: it waits, is served, or was refused. Guarded by the level's lock.
final class Waiting {

  final Ticket ticket;
  final @Nullable LevelQueue queue;
  final double arrivalWork; // how far the level's work had come

  @Nullable Gate turn; // opened when it is its turn, if it has to wait at all
  boolean dispatched;
  long dispatchedAt;
  @Nullable Instant started;

  Waiting(Ticket ticket, @Nullable LevelQueue queue, double arrivalWork) {
    this.ticket = ticket;
    this.queue = queue;
    this.arrivalWork = arrivalWork;
  }

  int seats() {
    return ticket.work().most();
  }
}
