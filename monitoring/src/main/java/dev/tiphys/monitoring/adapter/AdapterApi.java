package dev.tiphys.monitoring.adapter;

import dev.tiphys.client.ApiResource;
import dev.tiphys.http.Exchange;
import dev.tiphys.http.HttpHandler;
import dev.tiphys.http.Response;
import dev.tiphys.monitoring.metricsapi.FrontProxy;
import dev.tiphys.monitoring.metricsapi.RequestQuery;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.selector.LabelSelector;
import java.util.List;
import java.util.function.Supplier;

/// Answers for `custom.metrics.k8s.io` and `external.metrics.k8s.io`.
///
/// @param directory which metrics there are now
record AdapterApi(Supplier<Directory> directory, MetricValues values, FrontProxy proxy)
    implements HttpHandler {

  private static final String ROOT = "/apis/";

  @Override
  public void handle(Exchange exchange) {
    try {
      if (!proxy.sent(exchange)) {
        throw ApiException.of(Reason.UNAUTHORIZED, "Unauthorized");
      }
      if (!exchange.method().equals("GET")) {
        throw ApiException.of(
            Reason.METHOD_NOT_ALLOWED,
            "the server does not allow this method on the requested resource");
      }
      exchange.respond(json(200, answer(exchange)));
    } catch (ApiException e) {
      exchange.respond(json(e.code(), e.status()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Response json(int status, Struct content) {
    return Response.of(status, "application/json", Json.bytes(content));
  }

  private Struct answer(Exchange exchange) throws InterruptedException {
    String path = exchange.path();
    if (path.equals("/apis")) {
      return AdapterDiscovery.groups();
    }
    if (!path.startsWith(ROOT)) {
      throw missing();
    }
    List<String> parts = RequestQuery.parts(path.substring(ROOT.length()));
    RequestQuery query = RequestQuery.of(exchange.query());
    String group = parts.getFirst();
    String version = parts.size() > 1 ? parts.get(1) : "";
    List<String> rest = parts.subList(Math.min(2, parts.size()), parts.size());
    if (group.equals(AdapterDiscovery.CUSTOM)
        && (version.isEmpty() || AdapterDiscovery.CUSTOM_VERSIONS.contains(version))) {
      return version.isEmpty() ? AdapterDiscovery.group(group) : custom(version, rest, query);
    }
    if (group.equals(AdapterDiscovery.EXTERNAL)
        && (version.isEmpty() || version.equals(AdapterDiscovery.EXTERNAL_VERSION))) {
      return version.isEmpty() ? AdapterDiscovery.group(group) : external(rest, query);
    }
    throw missing();
  }

  private static ApiException missing() {
    return ApiException.of(Reason.NOT_FOUND, "the server could not find the requested resource");
  }

  private Struct custom(String version, List<String> path, RequestQuery query)
      throws InterruptedException {
    Directory known = directory.get();
    if (path.isEmpty()) {
      return AdapterDiscovery.custom(version, known);
    }
    boolean inNamespace = path.size() == 5 && path.getFirst().equals("namespaces");
    boolean ofNamespace =
        path.size() == 4 && path.getFirst().equals("namespaces") && path.get(2).equals("metrics");
    if (!inNamespace && !ofNamespace && path.size() != 3) {
      throw missing();
    }
    List<String> object = inNamespace ? path.subList(2, 5) : path;
    String metric = path.getLast();
    ApiResource resource = known.kinds().find(object.getFirst());
    if (resource == null) {
      throw ApiException.of(
          Reason.NOT_FOUND,
          "the server could not find the metric %s for %s".formatted(metric, object.getFirst()));
    }
    LabelSelector series = query.selector("metricLabelSelector");
    MetricValues.Wanted wanted =
        new MetricValues.Wanted(
            resource,
            inNamespace ? path.get(1) : "",
            object.get(1),
            query.selector("labelSelector"),
            metric,
            series);
    List<Struct> items =
        values.ofObjects(known, wanted).stream()
            .map(value -> shown(version, wanted, value))
            .toList();
    return list("MetricValueList", AdapterDiscovery.CUSTOM + "/" + version, items);
  }

  private Struct shown(String version, MetricValues.Wanted wanted, MetricValues.Value value) {
    Struct selector = wanted.series().matchesEverything() ? Struct.EMPTY : tree(wanted.series());
    StructBuilder object =
        new StructBuilder()
            .add("kind", wanted.resource().kind())
            .addUnlessEmpty("namespace", wanted.namespace())
            .add("name", value.name())
            .add(
                "apiVersion",
                Kinds.group(wanted.resource()) + "/" + wanted.resource().groupVersion().version());
    StructBuilder item = new StructBuilder().add("describedObject", object.build());
    if (version.equals("v1beta1")) {
      item.add("metricName", wanted.metric());
    } else {
      item.add(
          "metric",
          selector.isEmpty()
              ? Struct.of("name", wanted.metric())
              : Struct.of("name", wanted.metric(), "selector", selector));
    }
    item.add("timestamp", Timestamps.seconds(values.world().now())).add("value", value.quantity());
    return version.equals("v1beta1")
        ? item.add("selector", selector.isEmpty() ? dev.tiphys.object.Null.NULL : selector).build()
        : item.build();
  }

  /// A selector as objects have it.
  private static Struct tree(LabelSelector selector) {
    return Struct.of(
        "matchExpressions",
        selector.requirements().stream()
            .map(
                each ->
                    Struct.of(
                        "key",
                        each.key(),
                        "operator",
                        switch (each.operator()) {
                          case IN -> "In";
                          case NOT_IN -> "NotIn";
                          case EXISTS -> "Exists";
                          case DOES_NOT_EXIST -> "DoesNotExist";
                          case GREATER_THAN -> "Gt";
                          case LESS_THAN -> "Lt";
                        },
                        "values",
                        each.values().stream().sorted().toList()))
            .toList());
  }

  private Struct external(List<String> path, RequestQuery query) throws InterruptedException {
    Directory known = directory.get();
    if (path.isEmpty()) {
      return AdapterDiscovery.external(known);
    }
    if (path.size() != 3 || !path.getFirst().equals("namespaces")) {
      throw missing();
    }
    return list(
        "ExternalMetricValueList",
        AdapterDiscovery.EXTERNAL + "/" + AdapterDiscovery.EXTERNAL_VERSION,
        values.external(known, path.get(1), path.get(2), query.selector("labelSelector")));
  }

  private static Struct list(String kind, String apiVersion, List<Struct> items) {
    return new StructBuilder()
        .add("kind", kind)
        .add("apiVersion", apiVersion)
        .add("metadata", Struct.EMPTY)
        .add("items", items)
        .build();
  }
}
