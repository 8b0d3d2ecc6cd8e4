package dev.tiphys.client.leader;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.World;

/// The Lease as one candidate sees it: reads it, and writes it where the rules allow that.
///
/// What another candidate wrote into it as times is of no interest: only whether it changed within
/// the time that the holder asked for, by this candidate's own clock.
///
/// Threads: any. It does not change; what a try brings is a lock of its own.
///
/// @param lease the Lease as it was read or written last; empty if it is not known
/// @param seen when it was first seen as it is, by the world's nanoTime
record Lock(ElectionSettings settings, Struct lease, long seen) {

  /// Nothing is known yet.
  static Lock unknown(ElectionSettings settings) {
    return new Lock(settings, Struct.EMPTY, 0);
  }

  /// What came of a try.
  sealed interface Outcome {
    /// The Lease is the candidate's.
    ///
    /// @param sent when the request that made it so was sent, by the cautious clock
    record Held(Lock lock, long sent) implements Outcome {}

    /// Another candidate has it.
    record Taken(Lock lock, String holder) implements Outcome {}

    /// It is not known whose it is.
    record Failed(String problem) implements Outcome {}
  }

  private boolean isOurs() {
    return LeaseSpec.of(lease).holder().equals(settings.identity());
  }

  /// Tries to have the Lease, or to keep it.
  Outcome acquire(World world, CautiousClock clock, Api api) {
    try {
      if (isOurs()) {
        try {
          return write(world, clock, api); // it costs one request to keep what is held
        } catch (ApiException e) {
          if (!e.is(Reason.CONFLICT, Reason.NOT_FOUND)) {
            throw e;
          }
        }
      }
      Lock now = read(world, api);
      if (now.lease.isEmpty()) {
        return create(world, clock, api);
      }
      if (now.mayBeTaken(world)) {
        return now.write(world, clock, api);
      }
      return new Outcome.Taken(now, LeaseSpec.of(now.lease).holder());
    } catch (ApiException e) {
      return new Outcome.Failed(e.message());
    }
  }

  private Lock read(World world, Api api) {
    Struct found = api.find(ApiResource.LEASES, settings.namespace(), settings.name());
    if (found == null) {
      return unknown(settings);
    }
    boolean same = found.struct("spec").equals(lease.struct("spec"));
    return new Lock(settings, found, same ? seen : world.nanoTime());
  }

  private boolean mayBeTaken(World world) {
    LeaseSpec spec = LeaseSpec.of(lease);
    return spec.holder().isEmpty()
        || isOurs()
        || world.nanoTime() - seen >= spec.duration().toNanos();
  }

  private Outcome write(World world, CautiousClock clock, Api api) {
    long sent = clock.now();
    LeaseSpec next = LeaseSpec.of(lease).heldBy(settings, world.now());
    return held(world, sent, api.update(ApiResource.LEASES, lease.with("spec", next.spec())));
  }

  private Outcome create(World world, CautiousClock clock, Api api) {
    long sent = clock.now();
    LeaseSpec first = new LeaseSpec(Struct.EMPTY).heldBy(settings, world.now());
    Struct made =
        api.create(
            ApiResource.LEASES,
            Struct.of("apiVersion", "coordination.k8s.io/v1", "kind", "Lease")
                .with(
                    "metadata",
                    Struct.of("name", settings.name(), "namespace", settings.namespace()))
                .with("spec", first.spec()));
    return held(world, sent, made);
  }

  private Outcome held(World world, long sent, Struct written) {
    return new Outcome.Held(new Lock(settings, written, world.nanoTime()), sent);
  }

  /// Gives the Lease up, unless it is another's by now.
  void release(World world, Api api) {
    Struct found = api.find(ApiResource.LEASES, settings.namespace(), settings.name());
    if (found != null && LeaseSpec.of(found).holder().equals(settings.identity())) {
      Struct given = found.with("spec", LeaseSpec.of(found).released(world.now()).spec());
      api.update(ApiResource.LEASES, given);
    }
  }
}
