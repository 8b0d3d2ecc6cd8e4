package dev.tiphys.network.ingress.annotations;

import dev.tiphys.network.router.backends.HashBy;
import java.time.Duration;
import java.util.function.Consumer;

/// By what requests are kept with one endpoint: a cookie, or what `upstream-hash-by` names.
public final class Hashing {

  private static final String COOKIE = "INGRESSCOOKIE";

  private Hashing() {}

  /// @param mark what the values of cookies begin with
  /// @param invalid is told what can't be hashed by
  public static HashBy of(AnnotationValues annotations, String mark, Consumer<String> invalid) {
    String affinity = annotations.text("affinity");
    if ("cookie".equals(affinity)) {
      return cookie(annotations, mark);
    }
    String by = annotations.text("upstream-hash-by");
    if (by == null) {
      return new HashBy.Nothing();
    }
    String name = by.replaceAll("[${}]", "");
    if (!by.startsWith("$") || by.lastIndexOf('$') > 0) {
      invalid.accept(by);
      return new HashBy.Nothing();
    }
    return switch (name) {
      case "remote_addr", "binary_remote_addr" -> new HashBy.Source();
      case "request_uri", "uri" -> new HashBy.Target();
      case "host" -> new HashBy.Header("host");
      default -> {
        if (name.startsWith("http_")) {
          yield new HashBy.Header(name.substring(5).replace('_', '-'));
        }
        if (name.startsWith("arg_")) {
          yield new HashBy.Query(name.substring(4));
        }
        if (name.startsWith("cookie_")) {
          yield new HashBy.Cookie(name.substring(7), "", Duration.ofSeconds(-1));
        }
        invalid.accept(by);
        yield new HashBy.Nothing();
      }
    };
  }

  /// The name of the cookie that keeps a client with an endpoint.
  public static String cookieName(AnnotationValues annotations) {
    String name = annotations.text("session-cookie-name");
    return name == null ? COOKIE : name;
  }

  private static HashBy cookie(AnnotationValues annotations, String mark) {
    StringBuilder attributes = new StringBuilder();
    String domain = annotations.text("session-cookie-domain");
    if (domain != null) {
      attributes.append("; Domain=").append(domain);
    }
    String site = annotations.text("session-cookie-samesite");
    if (site != null) {
      attributes.append("; SameSite=").append(site);
    }
    if (annotations.flag("session-cookie-secure", false)) {
      attributes.append("; Secure");
    }
    int life =
        Math.max(
            annotations.number("session-cookie-max-age", 0),
            annotations.number("session-cookie-expires", 0));
    String path = annotations.text("session-cookie-path");
    return new HashBy.Cookie(
        cookieName(annotations),
        path == null ? "/" : path,
        Duration.ofSeconds(life),
        mark,
        attributes.toString());
  }
}
