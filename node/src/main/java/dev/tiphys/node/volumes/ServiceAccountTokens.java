package dev.tiphys.node.volumes;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The tokens by which Pods prove their identity. Each is asked for once, and again when most of
/// its life is over: a process that reads the file has time to see the new one before the old one
/// ends.
///
/// Threads: any.
public final class ServiceAccountTokens {
  private static final long USUAL_LIFE = 3600;
  private static final Duration LONGEST_USE = Duration.ofHours(24);

  private final World world;
  private final Api api;
  private final Map<Key, Token> tokens = new ConcurrentHashMap<>();

  private record Key(String uid, String account, String audience, long life) {}

  /// A token, as it is handed out.
  ///
  /// @param expires when it ends, as the API writes times
  public record Token(String text, String expires, Instant renewAt) {
    @Override
    public String toString() {
      return "Token[until " + renewAt + "]";
    }
  }

  public ServiceAccountTokens(World world, Api api) {
    this.world = world;
    this.api = api;
  }

  /// @param source what a projected volume says of the token
  String of(Struct source, Pod pod) throws VolumeFailure {
    return token(source, pod).text;
  }

  /// @param source an audience and how long the token is to live, as volumes and drivers say it
  public Token token(Struct source, Pod pod) throws VolumeFailure {
    long life = source.integer("expirationSeconds");
    Key key =
        new Key(
            pod.uid(),
            pod.spec().string("serviceAccountName"),
            source.string("audience"),
            life == 0 ? USUAL_LIFE : life);
    Token known = tokens.get(key);
    if (known != null && known.renewAt.isAfter(world.now())) {
      return known;
    }
    try {
      Token token = request(key, pod);
      tokens.put(key, token);
      return token;
    } catch (ApiException e) {
      throw new VolumeFailure("failed to fetch token: " + e.message());
    }
  }

  /// Forgets the tokens of a Pod that has ended.
  void forget(String uid) {
    tokens.keySet().removeIf(key -> key.uid.equals(uid));
  }

  private Token request(Key key, Pod pod) {
    Struct bound =
        Struct.of("kind", "Pod", "apiVersion", "v1", "name", pod.name()).with("uid", pod.uid());
    StructBuilder spec =
        new StructBuilder().add("expirationSeconds", key.life).add("boundObjectRef", bound);
    if (!key.audience.isEmpty()) {
      spec.add("audiences", List.of(key.audience));
    }
    Struct request =
        Struct.of(
            "apiVersion", "authentication.k8s.io/v1", "kind", "TokenRequest", "spec", spec.build());
    Struct status =
        api.createSubresource(
                ApiResource.SERVICE_ACCOUNTS, pod.namespace(), key.account, "token", request)
            .struct("status");
    return new Token(
        status.string("token"), status.string("expirationTimestamp"), renewal(status, key.life));
  }

  private Instant renewal(Struct status, long life) {
    Instant now = world.now();
    Instant end = Timestamps.of(status.get("expirationTimestamp"));
    Duration left = end == null ? Duration.ofSeconds(life) : Duration.between(now, end);
    Duration use = left.multipliedBy(4).dividedBy(5);
    return now.plus(use.compareTo(LONGEST_USE) > 0 ? LONGEST_USE : use);
  }
}
