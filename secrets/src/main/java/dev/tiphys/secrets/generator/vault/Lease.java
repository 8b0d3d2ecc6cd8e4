package dev.tiphys.secrets.generator.vault;

import dev.tiphys.object.Struct;
import dev.tiphys.secrets.provider.vault.Call;
import dev.tiphys.secrets.provider.vault.Session;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;

/// What lets something that Vault has made live.
///
/// @param session that it was made in; it ends with that one's token
/// @param whole how long it lives from one renewal to the next
/// @param granted how long it lives now
/// @param began when that was granted, by the world's measure
/// @param ends when it ends however it is renewed
record Lease(
    String id, Session session, Duration whole, Duration granted, long began, Instant ends) {

  private static final int PARTS = 3;

  /// When two thirds of its life have passed.
  long due() {
    return began + granted.multipliedBy(2).dividedBy(PARTS).toNanos();
  }

  Call renewal() {
    return Call.put("sys/leases/renew", about("increment", whole.toSeconds()));
  }

  static Call revocation(String id) {
    return Call.put("sys/leases/revoke", Struct.of("lease_id", id));
  }

  private Struct about(String field, Object value) {
    return Struct.of("lease_id", id, field, value);
  }

  Lease renewed(Duration life, World world) {
    Duration left = Duration.between(world.now(), ends);
    Duration granted = left.compareTo(life) < 0 ? left : life;
    return new Lease(id, session, whole, granted, world.nanoTime(), ends);
  }

  /// Whether it has so little left that something new is to take its place.
  boolean nearsEnd() {
    return granted.multipliedBy(2).compareTo(whole) < 0;
  }
}
