package dev.tiphys.network.ingress;

import dev.tiphys.network.Prefix;
import dev.tiphys.network.router.backends.BackendPolicy;
import dev.tiphys.network.router.backends.Balancing;
import dev.tiphys.network.router.backends.EndpointTls;
import dev.tiphys.network.router.backends.HashBy;
import dev.tiphys.network.router.backends.Protocol;
import dev.tiphys.network.router.filters.AuthSettings;
import dev.tiphys.network.router.filters.BackendNames;
import dev.tiphys.network.router.filters.Cors;
import dev.tiphys.network.router.table.Retries;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the annotations of an Ingress ask for. Those that can't be kept are problems, and the
/// others apply all the same.
///
/// Not shared between threads.
final class Annotations {

  static final String PREFIX = "nginx.ingress.kubernetes.io/";

  /// What is done as asked.
  private static final Set<String> KEPT =
      Set.of(
          "affinity",
          "affinity-canary-behavior",
          "affinity-mode",
          "allowlist-source-range",
          "app-root",
          "auth-cache-duration",
          "auth-cache-key",
          "auth-method",
          "auth-realm",
          "auth-response-headers",
          "auth-secret",
          "auth-secret-type",
          "auth-signin",
          "auth-type",
          "auth-url",
          "backend-protocol",
          "canary",
          "canary-by-cookie",
          "canary-by-header",
          "canary-by-header-pattern",
          "canary-by-header-value",
          "canary-weight",
          "canary-weight-total",
          "cors-allow-credentials",
          "cors-allow-headers",
          "cors-allow-methods",
          "cors-allow-origin",
          "cors-expose-headers",
          "cors-max-age",
          "custom-http-errors",
          "default-backend",
          "denylist-source-range",
          "disable-proxy-intercept-errors",
          "enable-access-log",
          "enable-cors",
          "force-ssl-redirect",
          "from-to-www-redirect",
          "limit-allowlist",
          "limit-burst-multiplier",
          "limit-connections",
          "limit-rpm",
          "limit-rps",
          "limit-whitelist",
          "load-balance",
          "mirror-host",
          "mirror-request-body",
          "mirror-target",
          "permanent-redirect",
          "permanent-redirect-code",
          "proxy-body-size",
          "proxy-connect-timeout",
          "proxy-cookie-domain",
          "proxy-cookie-path",
          "proxy-next-upstream",
          "proxy-next-upstream-timeout",
          "proxy-next-upstream-tries",
          "proxy-read-timeout",
          "proxy-send-timeout",
          "proxy-redirect-from",
          "proxy-redirect-to",
          "proxy-ssl-name",
          "proxy-ssl-server-name",
          "rewrite-target",
          "satisfy",
          "server-alias",
          "service-upstream",
          "session-cookie-domain",
          "session-cookie-expires",
          "session-cookie-max-age",
          "session-cookie-name",
          "session-cookie-path",
          "session-cookie-samesite",
          "session-cookie-secure",
          "ssl-redirect",
          "temporal-redirect",
          "temporal-redirect-code",
          "upstream-hash-by",
          "upstream-vhost",
          "use-regex",
          "whitelist-source-range",
          "x-forwarded-prefix");

  /// What makes no difference to anything that is served here, since content is passed on as it
  /// comes, and connections are kept.
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "auth-keepalive",
          "auth-keepalive-requests",
          "auth-keepalive-share-vars",
          "auth-keepalive-timeout",
          "client-body-buffer-size",
          "preserve-trailing-slash",
          "proxy-buffer-size",
          "proxy-buffering",
          "proxy-buffers-number",
          "proxy-busy-buffers-size",
          "proxy-max-temp-file-size",
          "proxy-request-buffering",
          "session-cookie-change-on-failure");

  /// What protects: where it can't be kept, nothing is served rather than all.
  private static final Set<String> PROTECTING =
      Set.of("auth-tls-secret", "auth-tls-verify-client", "enable-modsecurity", "auth-snippet");

  private static final Duration IDLE = Duration.ofSeconds(60);

  private final Struct values;
  private final List<String> problems = new ArrayList<>();
  private boolean closed;

  private Annotations(Struct values) {
    this.values = values;
  }

  static Annotations of(Struct ingress) {
    Annotations annotations = new Annotations(Meta.of(ingress).annotations());
    for (String name : annotations.values.names()) {
      String own = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : "";
      if (!own.isEmpty() && !KEPT.contains(own) && !WITHOUT_EFFECT.contains(own)) {
        annotations.problems.add("annotation " + name + " is not supported");
        annotations.closed |= PROTECTING.contains(own);
      }
    }
    annotations.readAll();
    return annotations;
  }

  /// Finds all problems now, wherever else the values are asked for.
  private void readAll() {
    policy();
    idle();
    isCanary();
    useRegex();
    sslRedirect();
    forceSslRedirect();
    redirectCode("permanent-redirect-code", 301);
    redirectCode("temporal-redirect-code", 302);
    number("canary-weight", 0);
    number("canary-weight-total", 100);
    contentSize();
    cors();
    allowed();
    denied();
    exempt();
    passwords();
    external();
    retries();
    errors();
    number("limit-rps", 0);
    number("limit-rpm", 0);
    number("limit-connections", 0);
    flag("from-to-www-redirect", false);
    flag("service-upstream", false);
    flag("enable-access-log", true);
    satisfiesAny();
    names();
  }

  /// What is put in the place of names that endpoints use of themselves.
  Optional<BackendNames> names() {
    BackendNames.Change location =
        change("proxy-redirect-from", text("proxy-redirect-from"), text("proxy-redirect-to"));
    BackendNames.Change domain = pair("proxy-cookie-domain");
    BackendNames.Change path = pair("proxy-cookie-path");
    return location == null && domain == null && path == null
        ? Optional.empty()
        : Optional.of(new BackendNames(location, domain, path));
  }

  private BackendNames.@Nullable Change pair(String name) {
    String value = text(name);
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
      invalid(name, to == null ? from : from + " " + to);
      return null;
    }
    return new BackendNames.Change(from, to);
  }

  /// Whether something that was to protect can't be kept.
  boolean isClosed() {
    return closed;
  }

  /// What is asked for and can't be kept, once each.
  List<String> problems() {
    return problems.stream().distinct().toList();
  }

  @Nullable String text(String name) {
    String value = values.string(PREFIX + name);
    return value.isEmpty() ? null : value;
  }

  boolean flag(String name, boolean otherwise) {
    String value = text(name);
    if (value == null) {
      return otherwise;
    }
    // what Go reads as a truth value
    if (List.of("1", "t", "T", "true", "TRUE", "True").contains(value)) {
      return true;
    }
    if (!List.of("0", "f", "F", "false", "FALSE", "False").contains(value)) {
      invalid(name, value);
      return otherwise;
    }
    return false;
  }

  int number(String name, int otherwise) {
    String value = text(name);
    if (value == null) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(value);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    invalid(name, value);
    return otherwise;
  }

  private void invalid(String name, String value) {
    problems.add("annotation " + PREFIX + name + " contains invalid value \"" + value + "\"");
  }

  boolean isCanary() {
    return flag("canary", false);
  }

  boolean useRegex() {
    return flag("use-regex", false);
  }

  boolean sslRedirect() {
    return flag("ssl-redirect", true);
  }

  boolean forceSslRedirect() {
    return flag("force-ssl-redirect", false);
  }

  int redirectCode(String name, int otherwise) {
    int code = number(name, otherwise);
    if (code < 300 || code > 308) {
      invalid(name, Integer.toString(code));
      return otherwise;
    }
    return code;
  }

  /// How long the backend may be silent.
  Duration idle() {
    return seconds(Math.max(number("proxy-read-timeout", 60), number("proxy-send-timeout", 60)));
  }

  private static Duration seconds(int seconds) {
    return seconds == 0 ? IDLE : Duration.ofSeconds(seconds);
  }

  List<String> aliases() {
    String value = text("server-alias");
    return value == null
        ? List.of()
        : Arrays.stream(value.split(",", -1))
            .map(each -> each.strip().toLowerCase(Locale.ROOT))
            .filter(each -> !each.isEmpty())
            .toList();
  }

  /// How large the content of requests may be; empty for any size.
  OptionalLong contentSize() {
    String value = text("proxy-body-size");
    if (value == null) {
      return OptionalLong.of(1 << 20);
    }
    long size = Sizes.parse(value);
    if (size < 0) {
      invalid("proxy-body-size", value);
      return OptionalLong.of(1 << 20);
    }
    return size == 0 ? OptionalLong.empty() : OptionalLong.of(size);
  }

  @Nullable Cors cors() {
    if (!flag("enable-cors", false)) {
      return null;
    }
    String origins = text("cors-allow-origin");
    return new Cors(
        origins == null ? List.of("*") : list(origins),
        otherwise(text("cors-allow-methods"), "GET, PUT, POST, DELETE, PATCH, OPTIONS"),
        otherwise(
            text("cors-allow-headers"),
            "DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,"
                + "Content-Type,Range,Authorization"),
        flag("cors-allow-credentials", true),
        number("cors-max-age", 1728000),
        otherwise(text("cors-expose-headers"), ""));
  }

  private static String otherwise(@Nullable String value, String other) {
    return value == null ? other : value;
  }

  private static List<String> list(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(each -> !each.isEmpty())
        .toList();
  }

  List<Prefix> allowed() {
    return ranges(true, "allowlist-source-range", "whitelist-source-range");
  }

  List<Prefix> denied() {
    return ranges(true, "denylist-source-range");
  }

  /// Clients that limits are not for.
  List<Prefix> exempt() {
    return ranges(false, "limit-allowlist", "limit-whitelist");
  }

  /// @param protect whether nothing is served if the ranges can't be read
  private List<Prefix> ranges(boolean protect, String... names) {
    for (String name : names) {
      String value = text(name);
      if (value == null) {
        continue;
      }
      List<Prefix> ranges = new ArrayList<>();
      for (String each : list(value)) {
        Prefix range = Prefix.parse(each);
        if (range == null) {
          invalid(name, value);
          closed |= protect;
          return List.of();
        }
        ranges.add(range);
      }
      return ranges;
    }
    return List.of();
  }

  /// The Secret with passwords.
  ///
  /// @param name with its namespace before a slash, if it is of another
  /// @param isMap whether each of its keys is a name
  record PasswordSecret(String name, boolean isMap, String realm) {}

  @Nullable PasswordSecret passwords() {
    String type = text("auth-type");
    if (type == null) {
      return null;
    }
    String secret = text("auth-secret");
    if (!type.equals("basic") || secret == null) {
      invalid(type.equals("basic") ? "auth-secret" : "auth-type", type.equals("basic") ? "" : type);
      closed = true;
      return null;
    }
    String kind = otherwise(text("auth-secret-type"), "auth-file");
    if (!List.of("auth-file", "auth-map").contains(kind)) {
      invalid("auth-secret-type", kind);
      closed = true;
    }
    return new PasswordSecret(
        secret, kind.equals("auth-map"), otherwise(text("auth-realm"), "Authentication Required"));
  }

  @Nullable AuthSettings external() {
    String url = text("auth-url");
    if (url == null) {
      return null;
    }
    if (!url.startsWith("http://") && !url.startsWith("https://")) {
      invalid("auth-url", url);
      closed = true;
      return null;
    }
    return new AuthSettings(
        url,
        otherwise(text("auth-method"), ""),
        text("auth-signin"),
        list(otherwise(text("auth-response-headers"), "")),
        otherwise(text("auth-cache-key"), ""),
        CacheTimes.parse(
            otherwise(text("auth-cache-duration"), "200 202 401 5m"),
            () -> invalid("auth-cache-duration", otherwise(text("auth-cache-duration"), ""))));
  }

  /// Whether it is enough to be let in by one of addresses, password and another server.
  boolean satisfiesAny() {
    String value = otherwise(text("satisfy"), "all");
    if (!List.of("all", "any").contains(value)) {
      invalid("satisfy", value);
    }
    return value.equals("any");
  }

  Retries retries() {
    String value = otherwise(text("proxy-next-upstream"), "error timeout");
    int tries = number("proxy-next-upstream-tries", 3);
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
        default -> invalid("proxy-next-upstream", value);
      }
    }
    if (all) {
      on.add(Retries.On.RESET);
    }
    return new Retries(tries == 0 ? Integer.MAX_VALUE : tries, on, statuses);
  }

  /// How long all tries together may take.
  Duration triesTimeout() {
    return Duration.ofSeconds(number("proxy-next-upstream-timeout", 0));
  }

  /// The statuses that are replaced by what the default backend answers.
  Set<Integer> errors() {
    String value = text("custom-http-errors");
    if (value == null || flag("disable-proxy-intercept-errors", false)) {
      return Set.of();
    }
    Set<Integer> statuses = new HashSet<>();
    for (String each : list(value)) {
      if (!each.matches("[3-5]\\d\\d")) {
        invalid("custom-http-errors", value);
        return Set.of();
      }
      statuses.add(Integer.parseInt(each));
    }
    return statuses;
  }

  BackendPolicy policy() {
    return policy("");
  }

  /// @param mark tells the cookies of a canary from those of its partner
  BackendPolicy policy(String mark) {
    HashBy hashed = Hashing.of(this, mark, value -> invalid("upstream-hash-by", value));
    BackendPolicy usual = BackendPolicy.USUAL;
    Duration connect = Duration.ofSeconds(Math.max(1, number("proxy-connect-timeout", 5)));
    String spoken = otherwise(text("backend-protocol"), "HTTP").toUpperCase(Locale.ROOT);
    if (!List.of("HTTP", "HTTPS", "GRPC", "GRPCS").contains(spoken)) {
      invalid("backend-protocol", spoken);
    }
    boolean sni = otherwise(text("proxy-ssl-server-name"), "off").equals("on");
    String name = otherwise(text("proxy-ssl-name"), otherwise(text("upstream-vhost"), ""));
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
    String value = otherwise(text("load-balance"), "round_robin");
    return switch (value) {
      case "round_robin" -> Balancing.ROUND_ROBIN;
      case "ewma" -> Balancing.LEAST_REQUEST;
      default -> {
        invalid("load-balance", value);
        yield Balancing.ROUND_ROBIN;
      }
    };
  }
}
