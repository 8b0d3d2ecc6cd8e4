package dev.tiphys.network.ingress.annotations;

import dev.tiphys.network.router.backends.BackendPolicy;
import dev.tiphys.network.router.backends.Balancing;
import dev.tiphys.network.router.backends.EndpointTls;
import dev.tiphys.network.router.backends.HashBy;
import dev.tiphys.network.router.backends.Protocol;
import dev.tiphys.network.router.filters.BackendNames;
import dev.tiphys.network.router.table.Retries;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How Pods are asked, and what is made of what they answer.
public record BackendAnnotations(AnnotationValues values) {

  private static final Duration IDLE = Duration.ofSeconds(60);

  /// Finds all problems now.
  void readAll() {
    policy();
    idle();
    retries();
    triesTimeout();
    errors();
    throughService();
    names();
  }

  /// How endpoints are chosen and spoken to.
  public BackendPolicy policy() {
    return policy("");
  }

  /// @param mark tells the cookies of a canary from those of its partner
  public BackendPolicy policy(String mark) {
    HashBy hashed = Hashing.of(values, mark, value -> values.invalid("upstream-hash-by", value));
    BackendPolicy usual = BackendPolicy.USUAL;
    Duration connect = Duration.ofSeconds(Math.max(1, values.number("proxy-connect-timeout", 5)));
    String spoken = values.text("backend-protocol", "HTTP").toUpperCase(Locale.ROOT);
    if (!List.of("HTTP", "HTTPS", "GRPC", "GRPCS").contains(spoken)) {
      values.invalid("backend-protocol", spoken);
    }
    boolean sni = values.text("proxy-ssl-server-name", "off").equals("on");
    String name = values.text("proxy-ssl-name", values.text("upstream-vhost", ""));
    return new BackendPolicy(
        hashed instanceof HashBy.Nothing ? balancing() : Balancing.HASH,
        spoken.startsWith("GRPC") ? Protocol.HTTP_2 : Protocol.HTTP_1,
        usual.mostRequests(),
        usual.ejection(),
        usual.slowStart(),
        connect,
        hashed,
        spoken.endsWith("S") ? new EndpointTls(sni ? name : "") : null);
  }

  private Balancing balancing() {
    String value = values.text("load-balance", "round_robin");
    return switch (value) {
      case "round_robin" -> Balancing.ROUND_ROBIN;
      case "ewma" -> Balancing.LEAST_REQUEST;
      default -> {
        values.invalid("load-balance", value);
        yield Balancing.ROUND_ROBIN;
      }
    };
  }

  /// Whether the address of the Service is used, not those of its endpoints.
  public boolean throughService() {
    return values.flag("service-upstream", false);
  }

  /// How long the backend may be silent.
  public Duration idle() {
    return seconds(
        Math.max(values.number("proxy-read-timeout", 60), values.number("proxy-send-timeout", 60)));
  }

  private static Duration seconds(int seconds) {
    return seconds == 0 ? IDLE : Duration.ofSeconds(seconds);
  }

  /// When a request is sent to another endpoint.
  public Retries retries() {
    String value = values.text("proxy-next-upstream", "error timeout");
    int tries = values.number("proxy-next-upstream-tries", 3);
    Set<Retries.On> on = EnumSet.noneOf(Retries.On.class);
    Set<Integer> statuses = new HashSet<>();
    boolean all = false;
    for (String each : value.split("[ ,]+", -1)) {
      switch (each) {
        case "off" -> {
          return Retries.NONE;
        }
        case "error", "timeout", "invalid_header" -> {
          on.add(Retries.On.CONNECT);
          on.add(Retries.On.BROKEN);
        }
        case "non_idempotent" -> all = true;
        case "http_500", "http_502", "http_503", "http_504", "http_403", "http_404", "http_429" ->
            statuses.add(Integer.parseInt(each.substring(5)));
        default -> values.invalid("proxy-next-upstream", value);
      }
    }
    if (all) {
      on.add(Retries.On.RESET);
    }
    return new Retries(tries == 0 ? Integer.MAX_VALUE : tries, on, statuses);
  }

  /// How long all tries together may take.
  public Duration triesTimeout() {
    return Duration.ofSeconds(values.number("proxy-next-upstream-timeout", 0));
  }

  /// The statuses that are replaced by what the default backend answers.
  public Set<Integer> errors() {
    String value = values.text("custom-http-errors");
    if (value == null || values.flag("disable-proxy-intercept-errors", false)) {
      return Set.of();
    }
    Set<Integer> statuses = new HashSet<>();
    for (String each : values.list("custom-http-errors")) {
      if (!each.matches("[3-5]\\d\\d")) {
        values.invalid("custom-http-errors", value);
        return Set.of();
      }
      statuses.add(Integer.parseInt(each));
    }
    return statuses;
  }

  /// What is put in the place of names that endpoints use of themselves.
  public Optional<BackendNames> names() {
    BackendNames.Change location =
        change(
            "proxy-redirect-from",
            values.text("proxy-redirect-from"),
            values.text("proxy-redirect-to"));
    BackendNames.Change domain = pair("proxy-cookie-domain");
    BackendNames.Change path = pair("proxy-cookie-path");
    return location == null && domain == null && path == null
        ? Optional.empty()
        : Optional.of(new BackendNames(location, domain, path));
  }

  private BackendNames.@Nullable Change pair(String name) {
    String value = values.text(name);
    if (value == null || value.equals("off")) {
      return null;
    }
    String[] parts = value.strip().split("\\s+");
    return change(name, parts[0], parts.length == 2 ? parts[1] : null);
  }

  /// With expressions and variables nginx takes more than is taken here. Its `default` is for
  /// addresses of endpoints, which are not told by anything that runs in a Pod.
  private BackendNames.@Nullable Change change(
      String name, @Nullable String from, @Nullable String to) {
    if (from == null || from.equals("off") || from.equals("default")) {
      return null;
    }
    if (to == null || from.startsWith("~") || from.contains("$") || to.contains("$")) {
      values.invalid(name, to == null ? from : from + " " + to);
      return null;
    }
    return new BackendNames.Change(from, to);
  }
}
