package dev.tiphys.network.istio.validation;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import java.util.List;
import java.util.Set;

/// The rules for one route of a VirtualService.
final class HttpRouteRules {

  private static final Set<String> RETRY_WORDS =
      Set.of(
          "5xx",
          "gateway-error",
          "reset",
          "reset-before-request",
          "connect-failure",
          "retriable-4xx",
          "refused-stream",
          "retriable-status-codes",
          "retriable-headers",
          "envoy-ratelimited",
          "http3-post-connect-failure",
          "cancelled",
          "deadline-exceeded",
          "internal",
          "resource-exhausted",
          "unavailable");

  private final Struct route;
  private final Findings findings;

  private HttpRouteRules(Struct route, Findings findings) {
    this.route = route;
    this.findings = findings;
  }

  /// @param delegate whether the VirtualService is one that others leave routes to
  static void check(Struct route, boolean delegate, Findings findings) {
    HttpRouteRules rules = new HttpRouteRules(route, findings);
    rules.checkActions(delegate);
    boolean delegating = delegate || route.has("delegate");
    route.structs("match").forEach(entry -> rules.checkMatch(entry, delegating));
    rules.checkHeaders();
    rules.checkFault();
    rules.checkMirrors();
    rules.checkRedirect();
    rules.checkRetries();
    rules.checkRewrite();
    rules.checkAuthority();
    findings.destinations(route.structs("route"));
    findings.duration(route, "timeout");
  }

  private void checkActions(boolean delegate) {
    boolean routed = !route.structs("route").isEmpty();
    if (route.has("delegate") && !delegate) {
      if (route.has("redirect")) {
        findings.error("root HTTP route %s must not specify redirect", route.string("name"));
      }
      if (routed) {
        findings.error("root HTTP route %s must not specify route", route.string("name"));
      }
      return;
    }
    if (route.has("delegate")) {
      findings.error("delegate HTTP route cannot contain delegate");
    }
    if (route.has("redirect")) {
      conflict(routed, "HTTP route cannot contain both route and redirect");
      conflict(route.has("fault"), "HTTP route cannot contain both fault and redirect");
      conflict(route.has("rewrite"), "HTTP route rule cannot contain both rewrite and redirect");
      conflict(
          route.has("directResponse"),
          "HTTP route cannot contain both direct_response and redirect");
    } else if (route.has("directResponse")) {
      conflict(routed, "HTTP route cannot contain both route and direct_response");
      conflict(
          route.has("rewrite"), "HTTP route rule cannot contain both rewrite and direct_response");
      findings.status(route.integer("directResponse", "status"));
    } else {
      conflict(!routed, "HTTP route or redirect is required");
    }
  }

  private void conflict(boolean is, String message) {
    if (is) {
      findings.error(message);
    }
  }

  private void checkMatch(Struct entry, boolean delegating) {
    for (String name : List.of("uri", "scheme", "method", "authority")) {
      Struct match = entry.struct(name);
      if (delegating && match.has("regex")) {
        findings.error(
            "%s match does not support regex match for delegating",
            name.equals("uri") ? "url" : name);
      }
      findings.expression(match, name);
    }
    checkNamed(entry, "headers", "header match %s", delegating);
    checkNamed(entry, "withoutHeaders", "withoutHeaders match %s", delegating);
    checkNamed(entry, "queryParams", "query param match %s", delegating);
    if (entry.integer("port") != 0) {
      findings.port(entry.integer("port"));
    }
    String source = entry.string("sourceNamespace");
    if (!source.isEmpty() && !source.matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")) {
      findings.error("sourceNamespace match %s is invalid", source);
    }
  }

  private void checkNamed(Struct entry, String field, String called, boolean delegating) {
    Struct matches = entry.struct(field);
    for (String name : matches.names()) {
      if (matches.get(name) == Null.NULL) {
        findings.error(called.formatted(name) + " cannot be null");
      }
      if (delegating && matches.has(name, "regex")) {
        findings.error(called.formatted(name) + " does not support regex match for delegating");
      }
      if (!field.equals("queryParams")) {
        findings.headerName(name);
      }
      findings.expression(matches.struct(name), field);
    }
  }

  private void checkHeaders() {
    for (String direction : List.of("request", "response")) {
      Struct edits = route.struct("headers", direction);
      for (String kind : List.of("set", "add")) {
        for (String name : edits.struct(kind).names()) {
          if (!isAuthority(name) || direction.equals("response")) {
            findings.headerName(name);
          }
        }
      }
      edits.strings("remove").forEach(findings::headerName);
    }
  }

  private static boolean isAuthority(String name) {
    return name.equalsIgnoreCase(":authority") || name.equalsIgnoreCase("host");
  }

  private void checkAuthority() {
    String current = route.string("rewrite", "authority");
    Struct edits = route.struct("headers", "request");
    for (String kind : List.of("set", "add")) {
      for (String name : edits.struct(kind).names()) {
        if (!isAuthority(name)) {
          continue;
        }
        String value = edits.string(kind, name);
        if (!current.isEmpty()) {
          findings.error(
              "authority header cannot be set multiple times: have \"%s\", attempting to set \"%s\"",
              current, value);
          return;
        }
        current = value;
      }
    }
  }

  private void checkFault() {
    Struct fault = route.struct("fault");
    if (!route.has("fault")) {
      return;
    }
    if (!fault.has("abort") && !fault.has("delay")) {
      findings.error("HTTP fault injection must have an abort and/or a delay");
    }
    for (String kind : List.of("abort", "delay")) {
      if (fault.get(kind, "percentage", "value") instanceof Number value) {
        findings.percent(value.doubleValue());
      }
    }
    if (fault.has("abort", "httpStatus")) {
      findings.status(fault.integer("abort", "httpStatus"));
    }
    findings.duration(fault.struct("delay"), "fixedDelay");
  }

  private void checkMirrors() {
    if (route.has("mirrorPercent")) {
      long value = route.integer("mirrorPercent");
      if (value > 100) {
        findings.error("mirror_percent must have a max value of 100 (it has %d)", value);
      }
      findings.warn("using deprecated setting \"mirrorPercent\", use \"mirrorPercentage\" instead");
    }
    checkMirrored(route.struct("mirrorPercentage"));
    if (route.has("mirror") && !route.structs("mirrors").isEmpty()) {
      findings.error("HTTP route cannot contain both mirror and mirrors");
    }
    route.structs("mirrors").forEach(each -> checkMirrored(each.struct("percentage")));
  }

  private void checkMirrored(Struct percentage) {
    if (percentage.get("value") instanceof Number number) {
      double value = number.doubleValue();
      if (value > 100) {
        findings.error("mirror_percentage must have a max value of 100 (it has %f)", value);
      }
      if (value < 0) {
        findings.error("mirror_percentage must have a min value of 0 (it has %f)", value);
      }
    }
  }

  private void checkRedirect() {
    Struct redirect = route.struct("redirect");
    if (!route.has("redirect")) {
      return;
    }
    if (List.of("uri", "prefixRewrite", "authority", "scheme", "port", "derivePort").stream()
        .noneMatch(redirect::has)) {
      findings.error("redirect must specify URI, authority, scheme, or port");
    }
    long code = redirect.integer("redirectCode");
    if (redirect.has("redirectCode") && (code < 300 || code > 399)) {
      findings.error("%d is not a valid redirect code, must be 3xx", code);
    }
    if (redirect.has("prefixRewrite")
        && (route.structs("match").isEmpty()
            || !route.structs("match").stream().allMatch(each -> each.has("uri", "prefix")))) {
      findings.error("HTTP redirect with prefixRewrite needs a prefix match in every match");
    }
  }

  private void checkRetries() {
    Struct retries = route.struct("retries");
    long attempts = retries.integer("attempts");
    if (attempts < 0) {
      findings.error("attempts cannot be negative");
    }
    if (retries.has("attempts")
        && attempts == 0
        && (retries.has("perTryTimeout") || retries.has("retryOn"))) {
      findings.error("http retry policy configured when attempts are set to 0 (disabled)");
    }
    findings.duration(retries, "perTryTimeout");
    if (retries.has("retryOn")) {
      for (String word : retries.string("retryOn").split(",", -1)) {
        String on = word.strip();
        if (!RETRY_WORDS.contains(on) && !on.matches("[1-5][0-9][0-9]")) {
          findings.error("%s is not a valid retryOn policy", on);
        }
      }
    }
  }

  private void checkRewrite() {
    Struct rewrite = route.struct("rewrite");
    if (!route.has("rewrite")) {
      return;
    }
    boolean regex = rewrite.has("uriRegexRewrite");
    if (!rewrite.has("uri") && !rewrite.has("authority") && !regex) {
      findings.error("rewrite must specify URI, UriRegexRewrite, or authority");
    }
    if (rewrite.has("uri") && regex) {
      findings.error("rewrite may only contain one of URI or UriRegexRewrite");
    }
    if (regex) {
      findings.expression(
          Struct.of("regex", rewrite.string("uriRegexRewrite", "match")), "uriRegexRewrite");
    }
  }
}
