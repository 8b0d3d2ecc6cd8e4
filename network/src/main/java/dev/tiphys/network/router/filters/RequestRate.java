package dev.tiphys.network.router.filters;

import dev.tiphys.network.Prefix;
import dev.tiphys.network.router.table.Filter;
import dev.tiphys.network.router.table.Passage;
import dev.tiphys.world.World;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// Answers 503 to what a client sends faster than at a rate, but for a burst: as nginx' limit_req
/// without delay counts it.
///
/// Threads: any.
public final class RequestRate implements Filter {

  private static final int REFUSED = 503;

  /// With so many clients, those that have nothing left to answer for are forgotten.
  private static final int MANY = 10_000;

  private final World world;
  private final double perNano;
  private final int burst;
  private final List<Prefix> exempt;
  private final ConcurrentMap<InetAddress, Level> levels = new ConcurrentHashMap<>();

  /// @param excess how many requests the client is ahead of the rate
  private record Level(long last, double excess, boolean refused) {}

  /// @param perSecond how many requests
  /// @param burst how many a client may be ahead
  /// @param exempt clients that are not counted
  public RequestRate(World world, double perSecond, int burst, List<Prefix> exempt) {
    this.world = world;
    this.perNano = perSecond / 1e9;
    this.burst = burst;
    this.exempt = List.copyOf(exempt);
  }

  @Override
  public void filter(Passage passage) {
    if (admits(passage.client())) {
      passage.goOn();
    } else {
      passage.answer(REFUSED);
    }
  }

  private boolean admits(InetAddress client) {
    if (ClientAddresses.isIn(exempt, client)) {
      return true;
    }
    long now = world.nanoTime();
    if (levels.size() > MANY) {
      levels.values().removeIf(each -> each.excess < (now - each.last) * perNano);
    }
    Level level = levels.merge(client, new Level(now, 0, false), (before, _) -> next(before, now));
    return !level.refused;
  }

  private Level next(Level before, long now) {
    double drained = before.excess - (now - before.last) * perNano;
    double excess = Math.max(0, drained + 1);
    return excess > burst
        ? new Level(before.last, before.excess, true)
        : new Level(now, excess, false);
  }
}
