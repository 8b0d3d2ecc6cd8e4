package dev.tiphys.store.embedded;

import dev.tiphys.store.Event;
import dev.tiphys.store.KeyValue;
import dev.tiphys.store.embedded.log.ByteReader;
import dev.tiphys.store.embedded.log.Change;
import dev.tiphys.store.embedded.log.ChangeCodec;
import dev.tiphys.store.replica.Replica;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.List;

/// Does again what a log says was done.
///
/// Threads: one at a time.
final class Replay {

  /// How many events the history is told of at once.
  private static final int MANY = 1024;

  private final Leases leases;
  private final Replica history;
  private final Head head;

  /// What was done since the history was told last.
  private final List<Event> untold = new ArrayList<>();

  /// The revision of the last change to a key that was read.
  private long revision;

  /// @param compacted the oldest revision that can be read, or 0
  /// @param base what the log goes on from
  /// @param firstRevision the revision of the first change that the log will tell of; those that
  ///   `base` has already are passed over
  Replay(World world, long compacted, Checkpoint base, long firstRevision, Leases leases) {
    this.leases = leases;
    this.history = new Replica(world, compacted, base.snapshot());
    this.head = new Head(base.snapshot());
    this.revision = firstRevision - 1;
    base.leases().forEach((lease, life) -> leases.apply(new Change.Grant(lease, life)));
  }

  /// The revision that the next change to a key gets.
  long nextRevision() {
    return revision + 1;
  }

  /// @throws IllegalArgumentException or IndexOutOfBoundsException, if the bytes make no sense
  void batch(byte[] changes) {
    ByteReader reader = new ByteReader(changes, 0, changes.length);
    while (reader.hasMore()) {
      switch (ChangeCodec.read(reader)) {
        case Change.Set set -> set(set);
        case Change.Compact(long compacted) -> {
          tell();
          history.compact(compacted);
        }
        case Change.Grant grant -> leases.apply(grant);
        case Change.Revoke revoke -> leases.apply(revoke);
      }
    }
  }

  private void set(Change.Set set) {
    revision++;
    if (revision > head.revision()) {
      untold.add(head.make(set));
      if (untold.size() == MANY) {
        tell();
      }
    }
  }

  private void tell() {
    if (!untold.isEmpty()) {
      history.append(untold, head.snapshot());
      untold.clear();
    }
  }

  /// The history of all that was done.
  Replica end() {
    tell();
    for (KeyValue state : history.newest().list("", "", Integer.MAX_VALUE)) {
      if (state.lease() != 0) {
        leases.tie(state.key(), state.lease());
      }
    }
    return history;
  }
}
