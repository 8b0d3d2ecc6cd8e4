package dev.tiphys.cli.query;

import dev.tiphys.client.http.HttpApi;
import dev.tiphys.monitoring.query.PrometheusQueries;
import dev.tiphys.monitoring.query.QueryException;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import java.nio.charset.StandardCharsets;

/// The Prometheus of the cluster, behind the API server: the right to use the Service's proxy is
/// the right to ask.
///
/// @param service where it is: `NAMESPACE/NAME:PORT`
record ProxiedPrometheus(HttpApi api, String service) implements PrometheusQueries.Way {

  @Override
  public Struct ask(String path) throws QueryException {
    String[] parts = service.split("/", 2);
    try {
      return api.document(
          "/api/v1/namespaces/" + parts[0] + "/services/" + parts[1] + "/proxy" + path);
    } catch (ApiException e) {
      throw e.code() == 404 && e.message().contains("services")
          ? new QueryException(
              "",
              "the cluster has no Service %s in namespace %s: Prometheus is started with the first ServiceMonitor"
                  .formatted(parts[1].replaceFirst(":.*", ""), parts[0]))
          : refusal(e);
    }
  }

  /// Prometheus refuses queries with bodies of its own.
  private static QueryException refusal(ApiException refusal) {
    try {
      Struct body = Json.struct(refusal.message().getBytes(StandardCharsets.UTF_8));
      return new QueryException(body.string("errorType"), body.string("error"));
    } catch (EncodingException e) {
      return new QueryException("", refusal.message());
    }
  }
}
