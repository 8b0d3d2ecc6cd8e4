package dev.tiphys.secrets.vault;

import dev.tiphys.object.Struct;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// The tokens that the server has given, and what they are asked about themselves.
final class ServerTokens {

  private final InstantSource clock;
  private final Map<String, ServerToken> tokens = new ConcurrentHashMap<>();
  private final AtomicInteger made = new AtomicInteger();

  ServerTokens(InstantSource clock) {
    this.clock = clock;
  }

  ServerToken give(String id, String namespace, ServerToken.Grant grant) {
    ServerToken token = new ServerToken(id, namespace, grant, clock.instant());
    tokens.put(id, token);
    return token;
  }

  ServerToken give(String namespace, ServerToken.Grant grant) {
    String kind = grant.batch() ? "hvb." : "hvs.";
    return give(kind + "made-token-number-" + made.incrementAndGet(), namespace, grant);
  }

  /// One that is good in a namespace: its own, or one below.
  Optional<ServerToken> find(String id, String namespace) {
    ServerToken token = tokens.get(id);
    boolean good =
        token != null && !token.isOver(clock.instant()) && namespace.startsWith(token.namespace);
    return good ? Optional.of(token) : Optional.empty();
  }

  List<String> all() {
    Instant now = clock.instant();
    return tokens.values().stream().filter(each -> !each.isOver(now)).map(each -> each.id).toList();
  }

  void revoke(String id) {
    tokens.remove(id);
  }

  /// Requests below `auth/token/`.
  VaultReply answer(VaultRequest request, ServerToken token) {
    Instant now = clock.instant();
    switch (request.method() + " " + request.path().substring("auth/token/".length())) {
      case "GET lookup-self" -> {
        return VaultReply.data(token.told(now));
      }
      case "PUT renew-self", "POST renew-self" -> {
        if (!token.renewable()) {
          return VaultReply.failure(400, "lease is not renewable");
        }
        token.renew(now);
        return VaultReply.auth(token.auth(now));
      }
      case "PUT revoke-self", "POST revoke-self" -> {
        if (token.grant.batch()) {
          return VaultReply.failure(400, "batch tokens cannot be revoked");
        }
        revoke(token.id);
        return VaultReply.NOTHING;
      }
      case "PUT create", "POST create" -> {
        ServerToken.Grant grant =
            new ServerToken.Grant(
                request.body().strings("policies"), token.grant.ttl(), token.grant.most(), false);
        Struct auth = give(token.namespace, grant).auth(now);
        return VaultReply.auth(auth);
      }
      default -> {
        return VaultReply.failure(405, "unsupported operation");
      }
    }
  }
}
