package dev.tiphys.network.istio.fields;

import dev.tiphys.network.router.backends.BackendPolicy;
import dev.tiphys.network.router.backends.Balancing;
import dev.tiphys.network.router.backends.Ejection;
import dev.tiphys.network.router.backends.HashBy;
import dev.tiphys.network.router.backends.Protocol;
import dev.tiphys.object.Struct;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Reads a `trafficPolicy`: how the endpoints of a destination are used.
public final class TrafficPolicies {

  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration EJECTION = Duration.ofSeconds(30);
  private static final int MOST_EJECTED = 10;
  private static final int FAILURES = 5;

  private TrafficPolicies() {}

  /// The policy for a port of a subset: what the subset says goes before what the rule says, and
  /// what is said of the port before the rest.
  ///
  /// @param rule of a DestinationRule, or empty
  /// @param subset of the DestinationRule, or empty
  public static Struct merged(Struct rule, Struct subset, int port) {
    Struct merged = forPort(rule.struct("trafficPolicy"), port);
    Struct own = forPort(subset.struct("trafficPolicy"), port);
    for (String name : own.names()) {
      Object value = own.get(name);
      merged = value == null ? merged : merged.with(name, value);
    }
    return merged;
  }

  private static Struct forPort(Struct policy, int port) {
    for (Struct setting : policy.structs("portLevelSettings")) {
      if (setting.integer("port", "number") == port) {
        return setting.without("port"); // what it leaves out has the default
      }
    }
    return policy.without("portLevelSettings");
  }

  /// All of it but how connections are secured.
  ///
  /// @param protocol what the port of the Service says that its endpoints speak
  public static BackendPolicy of(Struct policy, Protocol protocol) {
    HashBy hashed = hashed(policy.struct("loadBalancer", "consistentHash"));
    Struct pool = policy.struct("connectionPool");
    boolean upgrade = pool.string("http", "h2UpgradePolicy").equals("UPGRADE");
    Protocol spoken = upgrade ? Protocol.HTTP_2 : protocol;
    return new BackendPolicy(
        hashed instanceof HashBy.Nothing
            ? balancing(policy.string("loadBalancer", "simple"))
            : Balancing.HASH,
        spoken,
        mostRequests(pool, spoken),
        mostWaiting(pool, spoken),
        ejection(policy),
        Durations.of(
            policy.struct("loadBalancer", "warmup"),
            "duration",
            Durations.of(policy.struct("loadBalancer"), "warmupDurationSecs", Duration.ZERO)),
        Durations.of(pool.struct("tcp"), "connectTimeout", CONNECT),
        hashed,
        null);
  }

  /// Whether a policy says anything that makes a difference to how a Service is called.
  public static boolean matters(Struct policy) {
    return policy.has("loadBalancer")
        || policy.has("connectionPool")
        || policy.has("outlierDetection")
        || policy.has("tunnel")
        || isSecured(policy)
        || policy.structs("portLevelSettings").stream().anyMatch(TrafficPolicies::matters);
  }

  private static boolean isSecured(Struct policy) {
    String mode = policy.string("tls", "mode");
    return mode.equals("SIMPLE") || mode.equals("MUTUAL");
  }

  /// What of a policy can't be kept, besides how connections are secured.
  public static List<String> problems(Struct policy) {
    List<String> problems = new ArrayList<>();
    if (policy.string("loadBalancer", "simple").equals("PASSTHROUGH")) {
      problems.add("loadBalancer PASSTHROUGH is not kept: endpoints are balanced");
    }
    if (policy.has("tunnel")) {
      problems.add("tunnel is not kept");
    }
    return problems;
  }

  private static Balancing balancing(String simple) {
    return switch (simple) {
      case "ROUND_ROBIN" -> Balancing.ROUND_ROBIN;
      case "RANDOM" -> Balancing.RANDOM;
      default -> Balancing.LEAST_REQUEST;
    };
  }

  private static HashBy hashed(Struct hash) {
    if (hash.has("httpHeaderName")) {
      return new HashBy.Header(hash.string("httpHeaderName"));
    }
    if (hash.has("httpQueryParameterName")) {
      return new HashBy.Query(hash.string("httpQueryParameterName"));
    }
    if (hash.bool("useSourceIp")) {
      return new HashBy.Source();
    }
    if (!hash.has("httpCookie")) {
      return new HashBy.Nothing();
    }
    Struct cookie = hash.struct("httpCookie");
    Duration none = Duration.ofSeconds(-1);
    return new HashBy.Cookie(
        cookie.string("name"), cookie.string("path"), Durations.of(cookie, "ttl", none));
  }

  /// A connection of HTTP/1.1 has one request, so that those are limited with connections.
  private static boolean isByConnections(Struct pool, Protocol protocol) {
    long connections = pool.integer("tcp", "maxConnections");
    long requests = pool.integer("http", "http2MaxRequests");
    return protocol == Protocol.HTTP_1
        && connections > 0
        && (requests == 0 || connections <= requests);
  }

  private static int mostRequests(Struct pool, Protocol protocol) {
    long most =
        isByConnections(pool, protocol)
            ? pool.integer("tcp", "maxConnections")
            : pool.integer("http", "http2MaxRequests");
    return most > 0 ? (int) Math.min(most, Integer.MAX_VALUE) : Integer.MAX_VALUE;
  }

  /// How many wait for a connection: as many as like, if nothing is said.
  private static int mostWaiting(Struct pool, Protocol protocol) {
    if (!isByConnections(pool, protocol)) {
      return 0;
    }
    long most = pool.integer("http", "http1MaxPendingRequests");
    return most > 0 ? (int) Math.min(most, Integer.MAX_VALUE) : Integer.MAX_VALUE;
  }

  private static Ejection ejection(Struct policy) {
    if (!policy.has("outlierDetection")) {
      return Ejection.NEVER;
    }
    Struct outliers = policy.struct("outlierDetection");
    boolean ofGateway = outliers.integer("consecutiveGatewayErrors") > 0;
    long failures =
        ofGateway
            ? outliers.integer("consecutiveGatewayErrors")
            : outliers.has("consecutive5xxErrors")
                ? outliers.integer("consecutive5xxErrors")
                : outliers.has("consecutiveErrors")
                    ? outliers.integer("consecutiveErrors")
                    : FAILURES;
    if (failures == 0) {
      return Ejection.NEVER;
    }
    return new Ejection(
        (int) failures,
        Durations.of(outliers, "baseEjectionTime", EJECTION),
        outliers.has("maxEjectionPercent")
            ? (int) outliers.integer("maxEjectionPercent")
            : MOST_EJECTED,
        ofGateway);
  }
}
