package dev.tiphys.network.istio.metrics;

import dev.tiphys.metrics.CounterFamily;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.HistogramFamily;
import dev.tiphys.network.router.proxy.Observer;
import dev.tiphys.object.IpAddress;
import dev.tiphys.object.Struct;
import java.net.InetAddress;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What is counted of requests that VirtualServices route, under the names of Istio. Callers and
/// endpoints are named where their Pods are followed: where subsets or callers are told apart.
///
/// Threads: any.
public final class IstioMetrics implements Observer {

  private static final String BACKEND = "outbound|";
  private static final int MILLIS = 1000; // what is recorded is a billionth of what is shown

  private static final double[] BOUNDS = {
    0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000
  };

  private static final String[] LABELS = {
    "reporter",
    "source_workload",
    "source_workload_namespace",
    "source_app",
    "source_version",
    "destination_workload",
    "destination_workload_namespace",
    "destination_app",
    "destination_version",
    "destination_service",
    "destination_service_name",
    "destination_service_namespace",
    "request_protocol",
    "response_code",
    "response_flags",
    "connection_security_policy"
  };

  private final CounterFamily requests =
      new CounterFamily("istio_requests_total", "Requests that were routed", LABELS);
  private final HistogramFamily durations =
      new HistogramFamily(
          "istio_request_duration_milliseconds", "How long requests took", BOUNDS, LABELS);
  private volatile Function<InetAddress, @Nullable Struct> pods = _ -> null;

  /// Names callers and endpoints from now on.
  ///
  /// @param at the Pod that has an address, null if none is known to; must not wait
  public void follow(Function<InetAddress, @Nullable Struct> at) {
    pods = at;
  }

  /// Counts those that were passed on to destinations of VirtualServices.
  @Override
  public void ended(Served request) {
    String backend = request.backend();
    if (!backend.startsWith(BACKEND)) {
      return;
    }
    InetAddress client = request.client();
    Workload source = Workload.of(client == null ? null : pods.apply(client));
    Workload destination = destination(request.endpoint());
    String host = backend.substring(backend.lastIndexOf('|') + 1);
    String[] names = host.split("\\.", -1);
    boolean inside = names.length > 2 && names[2].equals("svc");
    String[] values = {
      "source",
      source.name(),
      source.namespace(),
      source.app(),
      source.version(),
      destination.name(),
      destination.namespace(),
      destination.app(),
      destination.version(),
      host,
      inside ? names[0] : host,
      inside ? names[1] : "unknown",
      "http",
      Integer.toString(request.status() == GONE ? 0 : request.status()),
      flags(request),
      "none"
    };
    requests.count(values);
    durations.of(values).record(request.span().toNanos() * MILLIS);
  }

  private static final int GONE = 499;

  private Workload destination(String endpoint) {
    int colon = endpoint.lastIndexOf(':');
    String address = colon < 0 ? "" : endpoint.substring(0, colon);
    return IpAddress.parse(address) == null
        ? Workload.UNKNOWN
        : Workload.of(pods.apply(InetAddress.ofLiteral(address)));
  }

  /// Why there was no response of an endpoint, in Envoy's letters.
  private static String flags(Served request) {
    return switch (request.status()) {
      case GONE -> "DC";
      case 502 -> "UF";
      case 503 -> request.endpoint().isEmpty() ? "UH" : "-";
      case 504 -> "UT";
      default -> "-";
    };
  }

  public void write(Exposition out) {
    requests.write(out);
    durations.write(out);
  }
}
