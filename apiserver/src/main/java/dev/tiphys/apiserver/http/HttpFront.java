package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.admission.webhook.CallLog;
import dev.tiphys.apiserver.aggregation.Passing;
import dev.tiphys.apiserver.aggregation.RemoteGroups;
import dev.tiphys.apiserver.authentication.Authentication;
import dev.tiphys.apiserver.authentication.serviceaccount.IssuerDocuments;
import dev.tiphys.apiserver.catalog.Catalog;
import dev.tiphys.apiserver.discovery.Discovery;
import dev.tiphys.apiserver.endpoints.Operations;
import dev.tiphys.apiserver.fairness.Fairness;
import dev.tiphys.apiserver.fairness.FairnessMetrics;
import dev.tiphys.apiserver.flow.FlowLog;
import dev.tiphys.apiserver.http.media.Content;
import dev.tiphys.apiserver.metrics.Metrics;
import dev.tiphys.apiserver.openapi.OpenApi;
import dev.tiphys.apiserver.past.Forks;
import dev.tiphys.apiserver.past.ObjectHistory;
import dev.tiphys.apiserver.pipeline.Pipeline;
import dev.tiphys.apiserver.reviews.Reviews;
import dev.tiphys.apiserver.table.Tables;
import dev.tiphys.http.HttpHandler;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.object.Struct;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// Puts the door together.
public final class HttpFront {

  /// How many bytes the content of a request may have.
  public static final int LARGEST_BODY = Content.LARGEST;

  private HttpFront() {}

  /// What answers requests over HTTP.
  ///
  /// @param documents of others, by paths
  /// @param more writes what others tell in `/metrics`
  public static HttpHandler handler(
      World world,
      Catalog catalog,
      OpenApi descriptions,
      Operations operations,
      Pipeline pipeline,
      Fairness fairness,
      Authentication authentication,
      Reviews reviews,
      Health health,
      Connectors connectors,
      FlowLog flow,
      Duration eventLife,
      IssuerDocuments issuer,
      RemoteGroups groups,
      Passing passing,
      CallLog webhooks,
      Function<String, Optional<Struct>> documents,
      Consumer<Exposition> more) {
    Tables tables = new Tables(world);
    Consumer<Exposition> fair = new FairnessMetrics(fairness)::write;
    Metrics metrics = new Metrics(world, catalog, fair.andThen(more));
    return new ApiHandler(
        world,
        catalog,
        authentication,
        pipeline,
        metrics.requests(),
        new ServerHandler(
            new Discovery(catalog, groups),
            health,
            List.of(
                new MetricsPage("/metrics", metrics::text),
                new MetricsPage("/metrics/slis", () -> told(health)),
                new OpenApiPages(descriptions, groups),
                new FlowPages(flow),
                new FairnessPages(fairness),
                new HistoryPage(catalog, new ObjectHistory(flow)),
                new ForkPage(new Forks(catalog, eventLife)),
                new IssuerPages(issuer),
                new WebhooksPage(webhooks),
                new TaskPage(world.supervisor()),
                new OthersPages(documents))),
        new ResourceHandler(operations, tables, new WatchHandler(operations, tables, world)),
        connectors,
        new ReviewHandler(reviews, new ComponentStatuses(health, tables)),
        passing);
  }

  private static String told(Health health) {
    Exposition out = new Exposition();
    health.write(out);
    return out.toString();
  }
}
