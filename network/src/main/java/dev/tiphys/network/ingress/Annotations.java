package dev.tiphys.network.ingress;

import dev.tiphys.network.router.backends.BackendPolicy;
import dev.tiphys.network.router.backends.Protocol;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the annotations of an Ingress ask for. Those that can't be kept are problems, and the
/// others apply all the same.
///
/// Not shared between threads.
final class Annotations {

  static final String PREFIX = "nginx.ingress.kubernetes.io/";

  private static final Set<String> KEPT =
      Set.of(
          "app-root",
          "backend-protocol",
          "canary",
          "canary-by-cookie",
          "canary-by-header",
          "canary-by-header-pattern",
          "canary-by-header-value",
          "canary-weight",
          "canary-weight-total",
          "force-ssl-redirect",
          "permanent-redirect",
          "permanent-redirect-code",
          "proxy-connect-timeout",
          "proxy-read-timeout",
          "proxy-send-timeout",
          "rewrite-target",
          "server-alias",
          "ssl-redirect",
          "temporal-redirect",
          "temporal-redirect-code",
          "upstream-vhost",
          "use-regex",
          "x-forwarded-prefix");

  private static final Duration IDLE = Duration.ofSeconds(60);

  private final Struct values;
  private final List<String> problems = new ArrayList<>();

  private Annotations(Struct values) {
    this.values = values;
  }

  static Annotations of(Struct ingress) {
    Annotations annotations = new Annotations(Meta.of(ingress).annotations());
    for (String name : annotations.values.names()) {
      if (name.startsWith(PREFIX) && !KEPT.contains(name.substring(PREFIX.length()))) {
        annotations.problems.add("annotation " + name + " is not supported");
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
  }

  /// What is asked for and can't be kept, once each.
  List<String> problems() {
    return problems.stream().distinct().toList();
  }

  @Nullable String text(String name) {
    String value = values.string(PREFIX + name);
    return value.isEmpty() ? null : value;
  }

  private boolean flag(String name, boolean otherwise) {
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
        : Arrays.stream(value.split(",", -1)).map(String::strip).filter(a -> !a.isEmpty()).toList();
  }

  BackendPolicy policy() {
    BackendPolicy usual = BackendPolicy.USUAL;
    Duration connect = Duration.ofSeconds(Math.max(1, number("proxy-connect-timeout", 5)));
    return new BackendPolicy(
        usual.balancing(),
        protocol(),
        usual.mostRequests(),
        usual.ejection(),
        usual.slowStart(),
        connect);
  }

  private Protocol protocol() {
    String value = text("backend-protocol");
    if (value == null) {
      return Protocol.HTTP_1;
    }
    return switch (value.toUpperCase(Locale.ROOT)) {
      case "HTTP" -> Protocol.HTTP_1;
      case "GRPC" -> Protocol.HTTP_2;
      default -> {
        invalid("backend-protocol", value);
        yield Protocol.HTTP_1;
      }
    };
  }
}
