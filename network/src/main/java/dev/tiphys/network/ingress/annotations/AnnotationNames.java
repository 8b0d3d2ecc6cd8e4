package dev.tiphys.network.ingress.annotations;

import java.util.Set;

/// The annotations of ingress-nginx, by what is made of them here.
public final class AnnotationNames {

  /// What the names of all of them begin with.
  public static final String PREFIX = "nginx.ingress.kubernetes.io/";

  /// What is done as asked.
  static final Set<String> KEPT =
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
          "auth-tls-error-page",
          "auth-tls-match-cn",
          "auth-tls-pass-certificate-to-upstream",
          "auth-tls-secret",
          "auth-tls-verify-client",
          "auth-tls-verify-depth",
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
          "custom-headers",
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
          "limit-rate",
          "limit-rate-after",
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
          "proxy-redirect-from",
          "proxy-redirect-to",
          "proxy-send-timeout",
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
          "ssl-passthrough",
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
  static final Set<String> WITHOUT_EFFECT =
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
  static final Set<String> PROTECTING = Set.of("auth-snippet", "enable-modsecurity");

  private AnnotationNames() {}
}
