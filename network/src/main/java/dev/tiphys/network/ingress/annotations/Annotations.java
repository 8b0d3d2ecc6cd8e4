package dev.tiphys.network.ingress.annotations;

import dev.tiphys.network.router.filters.Cors;
import dev.tiphys.object.Struct;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What the annotations of an Ingress ask for. Those that can't be kept are problems, and the
/// others apply all the same.
///
/// Not shared between threads.
///
/// @param access who may ask
/// @param limits how much
/// @param backend how Pods are asked
public record Annotations(
    AnnotationValues values,
    AccessAnnotations access,
    LimitAnnotations limits,
    BackendAnnotations backend) {

  /// Those of an Ingress, all of them read.
  public static Annotations of(Struct ingress) {
    AnnotationValues values = AnnotationValues.of(ingress);
    Annotations annotations =
        new Annotations(
            values,
            new AccessAnnotations(values),
            new LimitAnnotations(values),
            new BackendAnnotations(values));
    annotations.readAll();
    return annotations;
  }

  /// Finds all problems now, wherever else the values are asked for.
  private void readAll() {
    access.readAll();
    limits.readAll();
    backend.readAll();
    isCanary();
    useRegex();
    sslRedirect();
    forceSslRedirect();
    isPassedThrough();
    redirectCode("permanent-redirect-code", 301);
    redirectCode("temporal-redirect-code", 302);
    values.number("canary-weight", 0);
    values.number("canary-weight-total", 100);
    cors();
    flag("from-to-www-redirect", false);
    flag("enable-access-log", true);
  }

  /// Whether something that was to protect can't be kept.
  public boolean isClosed() {
    return values.isClosed();
  }

  /// What is asked for and can't be kept, once each.
  public List<String> problems() {
    return values.problems();
  }

  /// A value as it is written; null if there is none.
  public @Nullable String text(String name) {
    return values.text(name);
  }

  /// A value that is true or false.
  public boolean flag(String name, boolean otherwise) {
    return values.flag(name, otherwise);
  }

  /// Whether it takes a part of the requests of another Ingress.
  public boolean isCanary() {
    return flag("canary", false);
  }

  /// Whether paths are regular expressions.
  public boolean useRegex() {
    return flag("use-regex", false);
  }

  /// Whether clients are sent to TLS if there is a certificate.
  public boolean sslRedirect() {
    return flag("ssl-redirect", true);
  }

  /// Whether clients are sent to TLS in any case.
  public boolean forceSslRedirect() {
    return flag("force-ssl-redirect", false);
  }

  /// Whether TLS goes through to the Pods.
  public boolean isPassedThrough() {
    return flag("ssl-passthrough", false);
  }

  /// The status that clients are sent elsewhere with.
  public int redirectCode(String name, int otherwise) {
    int code = values.number(name, otherwise);
    if (code < 300 || code > 308) {
      values.invalid(name, Integer.toString(code));
      return otherwise;
    }
    return code;
  }

  /// Further names of its hosts.
  public List<String> aliases() {
    return values.list("server-alias").stream().map(each -> each.toLowerCase(Locale.ROOT)).toList();
  }

  /// What browsers are told; null for nothing.
  public @Nullable Cors cors() {
    if (!flag("enable-cors", false)) {
      return null;
    }
    List<String> origins = values.list("cors-allow-origin");
    return new Cors(
        origins.isEmpty() ? List.of("*") : origins,
        values.text("cors-allow-methods", "GET, PUT, POST, DELETE, PATCH, OPTIONS"),
        values.text(
            "cors-allow-headers",
            "DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,"
                + "Content-Type,Range,Authorization"),
        flag("cors-allow-credentials", true),
        values.number("cors-max-age", 1728000),
        values.text("cors-expose-headers", ""));
  }
}
