package dev.tiphys.controllers.quota;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.schema.quota.Amounts;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What writers have just been charged for: their objects may not be written yet, or not be known
/// here yet, so that a count of what exists may miss them.
///
/// Threads: any.
final class Charges {

  /// After this time an object that was charged for is known, or its write has failed.
  static final Duration IN_FLIGHT = Duration.ofSeconds(2);

  private final World world;
  private final Map<ObjectKey, Known> quotas = new HashMap<>();

  private record Charge(Map<String, Quantity> amounts, Instant at) {}

  private record Known(Struct quota, Deque<Charge> charges) {}

  /// A quota's state, and what may be missing in a count of what it is about.
  record State(Struct quota, Map<String, Quantity> inFlight) {}

  Charges(World world) {
    this.world = world;
  }

  /// Takes in the next state of a quota. What it uses more than before counts as charged.
  synchronized void observe(ObjectKey key, Struct quota) {
    Known known = quotas.get(key);
    Map<String, Quantity> before = known == null ? Map.of() : used(known.quota);
    Map<String, Quantity> more = Amounts.excess(used(quota), before);
    Deque<Charge> charges = known == null ? new ArrayDeque<>() : known.charges;
    if (!more.isEmpty()) {
      charges.add(new Charge(more, world.now()));
    }
    quotas.put(key, new Known(quota, charges));
  }

  synchronized void forget(ObjectKey key) {
    quotas.remove(key);
  }

  private static Map<String, Quantity> used(Struct quota) {
    return Amounts.of(quota.struct("status", "used"));
  }

  /// The newest state that was taken in; null if there is none.
  synchronized @Nullable State state(ObjectKey key) {
    Known known = quotas.get(key);
    if (known == null) {
      return null;
    }
    Instant old = world.now().minus(IN_FLIGHT);
    while (!known.charges.isEmpty() && !known.charges.getFirst().at.isAfter(old)) {
      known.charges.removeFirst();
    }
    Map<String, Quantity> inFlight = Map.of();
    for (Charge charge : known.charges) {
      inFlight = Amounts.plus(inFlight, charge.amounts);
    }
    return new State(known.quota, inFlight);
  }
}
