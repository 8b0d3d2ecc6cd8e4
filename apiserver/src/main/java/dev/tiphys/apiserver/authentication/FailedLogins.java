package dev.tiphys.apiserver.authentication;

import dev.tiphys.world.World;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// How many tokens that prove nothing may come from an address: [#BURST] at once and [#RATE] a
/// second after that. Guessing tokens is hopeless anyway; this keeps it from being work for the
/// server.
///
/// Threads: any.
final class FailedLogins {

  static final int BURST = 200;
  static final int RATE = 20;

  private static final long NANOS_EACH = Duration.ofSeconds(1).toNanos() / RATE;
  private static final int MOST_ADDRESSES = 10_000;

  private final World world;

  /// When each address will have been forgiven all.
  private final Map<InetAddress, Long> debts = new ConcurrentHashMap<>();

  FailedLogins(World world) {
    this.world = world;
  }

  /// Whether an address has failed too often.
  boolean isOver(InetAddress address) {
    Long forgiven = debts.get(address);
    return forgiven != null && forgiven - world.nanoTime() > BURST * NANOS_EACH;
  }

  /// Notes that a token from an address proved nothing.
  void add(InetAddress address) {
    long now = world.nanoTime();
    if (debts.size() >= MOST_ADDRESSES) {
      debts.values().removeIf(forgiven -> forgiven - now <= 0);
      if (debts.size() >= MOST_ADDRESSES) {
        debts.clear();
      }
    }
    debts.merge(
        address, now + NANOS_EACH, (known, fresh) -> known - now > 0 ? known + NANOS_EACH : fresh);
  }
}
