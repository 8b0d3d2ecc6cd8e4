package dev.tiphys.network.ingress;

import dev.tiphys.metrics.CounterFamily;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.HistogramFamily;
import dev.tiphys.network.router.proxy.Observer;
import java.util.Set;

/// What is counted of requests to Ingresses, under the names of ingress-nginx.
///
/// Threads: any.
public final class IngressMetrics implements Observer {

  private static final String PREFIX = "nginx_ingress_controller_";
  private static final double[] BOUNDS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

  /// What clients may put in the place of a method must not become a label.
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE");

  private static final String[] LABELS = {
    "host", "namespace", "ingress", "path", "service", "method", "status"
  };

  private final CounterFamily requests =
      new CounterFamily(PREFIX + "requests", "The total number of client requests", LABELS);
  private final HistogramFamily durations =
      new HistogramFamily(
          PREFIX + "request_duration_seconds",
          "The request processing time in seconds",
          BOUNDS,
          LABELS);

  /// Counts those of routes of Ingresses; they are named `NAMESPACE/NAME@HOST/PATH`.
  @Override
  public void ended(Served request) {
    String route = request.route();
    int slash = route.indexOf('/');
    int at = route.indexOf('@', slash + 1);
    int path = route.indexOf('/', at + 1);
    if (slash < 0 || at < 0 || path < 0) {
      return;
    }
    String[] values = {
      route.substring(at + 1, path),
      route.substring(0, slash),
      route.substring(slash + 1, at),
      route.substring(path),
      service(request.backend()),
      METHODS.contains(request.method()) ? request.method() : "_",
      Integer.toString(request.status())
    };
    requests.count(values);
    durations.of(values).record(request.span().toNanos());
  }

  /// The name of the Service, of a backend `NAMESPACE/NAME:PORT`.
  private static String service(String backend) {
    int colon = backend.lastIndexOf(':');
    return backend.substring(backend.indexOf('/') + 1, colon < 0 ? backend.length() : colon);
  }

  public void write(Exposition out) {
    requests.write(out);
    durations.write(out);
  }
}
