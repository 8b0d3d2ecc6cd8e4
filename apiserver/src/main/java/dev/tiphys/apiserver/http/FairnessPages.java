package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.fairness.Fairness;
import dev.tiphys.apiserver.fairness.FairnessTables;
import dev.tiphys.apiserver.http.media.ResponseWriter;
import dev.tiphys.apiserver.http.query.Parameters;
import dev.tiphys.http.Body;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// `/debug/api_priority_and_fairness/…`: what waits and what is served, level by level, queue by
/// queue and request by request.
final class FairnessPages implements ServerHandler.Page {

  private static final String ROOT = "/debug/api_priority_and_fairness/";

  private final Fairness fairness;

  FairnessPages(Fairness fairness) {
    this.fairness = fairness;
  }

  @Override
  public boolean answer(String path, ResponseWriter response) {
    if (!path.startsWith(ROOT)) {
      return false;
    }
    FairnessTables tables = new FairnessTables(fairness);
    switch (path.substring(ROOT.length())) {
      case "dump_priority_levels" -> send(response, tables.levels());
      case "dump_queues" -> send(response, tables.queues());
      case "dump_requests" -> {
        Parameters parameters = new Parameters(response.exchange().query());
        boolean details = !parameters.text("includeRequestDetails").isEmpty();
        send(response, tables.requests(details));
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void send(ResponseWriter response, String table) {
    response.send(
        200,
        "text/plain; charset=utf-8",
        Body.of(table.getBytes(StandardCharsets.UTF_8)),
        List.of());
  }
}
