package dev.tiphys.network.router.filters;

import dev.tiphys.network.Prefix;
import dev.tiphys.network.router.table.Filter;
import dev.tiphys.network.router.table.Passage;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// Answers 503 to a client that has as many requests under way as it may have.
///
/// Threads: any.
public final class Concurrency implements Filter {

  private static final int REFUSED = 503;

  private final int most;
  private final List<Prefix> exempt;
  private final ConcurrentMap<InetAddress, Integer> underWay = new ConcurrentHashMap<>();

  /// @param most how many at once
  /// @param exempt clients that are not counted
  public Concurrency(int most, List<Prefix> exempt) {
    this.most = most;
    this.exempt = List.copyOf(exempt);
  }

  @Override
  public void filter(Passage passage) {
    InetAddress client = passage.client();
    if (ClientAddresses.isIn(exempt, client)) {
      passage.goOn();
      return;
    }
    int now = underWay.merge(client, 1, Integer::sum);
    passage.onEnd(() -> leave(client));
    if (now > most) {
      passage.answer(REFUSED);
    } else {
      passage.goOn();
    }
  }

  private void leave(InetAddress client) {
    underWay.computeIfPresent(client, (_, count) -> count == 1 ? null : count - 1);
  }
}
