package dev.tiphys.secrets.vault;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// A token that the server has given.
final class ServerToken {

  final String id;
  final String namespace;
  final List<String> policies;
  final Grant grant;
  final Instant issued;
  private Instant expires;

  /// What a login gives.
  ///
  /// @param ttl zero for ever
  /// @param most how long it may live with all renewals; zero for ever
  /// @param batch whether it is of the kind that can neither be renewed nor revoked
  public record Grant(List<String> policies, Duration ttl, Duration most, boolean batch) {
    static Grant of(String policy, Duration ttl) {
      return new Grant(List.of(policy), ttl, Duration.ZERO, false);
    }
  }

  ServerToken(String id, String namespace, Grant grant, Instant now) {
    this.id = id;
    this.namespace = namespace;
    this.policies = grant.policies();
    this.grant = grant;
    this.issued = now;
    this.expires = now.plus(grant.ttl());
  }

  boolean expiring() {
    return !grant.ttl().isZero();
  }

  boolean isOver(Instant now) {
    return expiring() && !now.isBefore(expires);
  }

  boolean renewable() {
    return expiring() && !grant.batch();
  }

  /// Lets it live for another while, as far as it may.
  void renew(Instant now) {
    Instant wanted = now.plus(grant.ttl());
    Instant limit = issued.plus(grant.most());
    expires = grant.most().isZero() || wanted.isBefore(limit) ? wanted : limit;
  }

  long left(Instant now) {
    return expiring() ? Math.max(0, Duration.between(now, expires).toSeconds()) : 0;
  }

  Struct auth(Instant now) {
    return new StructBuilder()
        .add("client_token", id)
        .add("accessor", "accessor-of-" + id.hashCode())
        .add("policies", policies)
        .add("token_policies", policies)
        .add("metadata", Null.NULL)
        .add("lease_duration", left(now))
        .add("renewable", renewable())
        .add("entity_id", "")
        .add("token_type", grant.batch() ? "batch" : "service")
        .add("orphan", true)
        .build();
  }

  Struct told(Instant now) {
    return new StructBuilder()
        .add("id", id)
        .add("accessor", "accessor-of-" + id.hashCode())
        .add("policies", policies)
        .add("type", grant.batch() ? "batch" : "service")
        .add("ttl", left(now))
        .add("creation_ttl", grant.ttl().toSeconds())
        .add("creation_time", issued.getEpochSecond())
        .add("issue_time", issued.toString())
        .add("expire_time", expiring() ? expires.toString() : Null.NULL)
        .add("renewable", renewable())
        .add("num_uses", 0L)
        .add("orphan", true)
        .add("path", "auth/token/create")
        .build();
  }
}
