package dev.tiphys.e2e;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// What the panels of a deployment ask for.
final class Dashboard {

  static final String REQUESTS = "sum(rate(http_requests_total[5m])) by (version)";
  static final String ERRORS = "sum(rate(http_requests_total{status=~\"5..\"}[5m])) by (version)";
  static final String LATENCY =
      "histogram_quantile(0.95, sum by (le, version) (rate(http_request_duration_seconds_bucket[5m])))";

  private Dashboard() {}

  /// Where the default Prometheus answers a query, through the API server.
  static String path(String query) {
    return "/api/v1/namespaces/monitoring/services/prometheus:9090/proxy/api/v1/query?query="
        + URLEncoder.encode(query, StandardCharsets.UTF_8);
  }
}
