package dev.tiphys.secrets.vault;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Credentials that are made when they are asked for, as of databases: `creds/ROLE`. They live as
/// long as their lease is renewed.
final class Leases implements Engine {

  private final InstantSource clock;
  private final Duration ttl;
  private final Duration most;
  private final Map<String, Lease> leases = new TreeMap<>();
  private int made;

  private static final class Lease {
    final Instant issued;
    Instant expires;

    Lease(Instant now, Duration ttl) {
      issued = now;
      expires = now.plus(ttl);
    }
  }

  /// @param most how long a lease lives with all renewals
  Leases(InstantSource clock, Duration ttl, Duration most) {
    this.clock = clock;
    this.ttl = ttl;
    this.most = most;
  }

  @Override
  public synchronized VaultReply answer(VaultRequest request, String path) {
    if (!request.reads() || !path.startsWith("creds/")) {
      return VaultReply.failure(405, "unsupported operation");
    }
    String id = request.path() + "/lease-number-" + ++made;
    leases.put(id, new Lease(clock.instant(), ttl));
    Struct data =
        new StructBuilder()
            .add("username", "made-user-" + made)
            .add("password", "made-password-" + made)
            .build();
    return VaultReply.lease(id, true, ttl.toSeconds(), data);
  }

  /// Renews or revokes one, below `sys/leases/`.
  synchronized VaultReply change(VaultRequest request) {
    String id = request.body().string("lease_id");
    Lease lease = leases.get(id);
    Instant now = clock.instant();
    if (lease == null || !now.isBefore(lease.expires)) {
      return VaultReply.failure(400, "lease not found");
    }
    if (request.path().equals("sys/leases/revoke")) {
      leases.remove(id);
      return VaultReply.NOTHING;
    }
    Instant limit = lease.issued.plus(most);
    Instant wanted = now.plus(ttl);
    lease.expires = wanted.isBefore(limit) ? wanted : limit;
    long left = Duration.between(now, lease.expires).toSeconds();
    return VaultReply.lease(id, true, left, Null.NULL);
  }

  /// Those that live.
  synchronized List<String> live() {
    Instant now = clock.instant();
    return leases.entrySet().stream()
        .filter(each -> now.isBefore(each.getValue().expires))
        .map(Map.Entry::getKey)
        .toList();
  }
}
