package dev.tiphys.monitoring.metricsapi;

import dev.tiphys.http.Exchange;
import dev.tiphys.http.HttpHandler;
import dev.tiphys.http.Response;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.selector.FieldSelector;
import dev.tiphys.object.selector.LabelSelector;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Answers for `metrics.k8s.io`: `get` and `list` of nodes and Pods, with selectors, as objects or
/// as tables.
final class MetricsApi implements HttpHandler {

  private static final String BASE = "/apis/" + UsageObjects.VERSION;

  private final UsageObjects objects;
  private final FrontProxy proxy;

  MetricsApi(UsageObjects objects, FrontProxy proxy) {
    this.objects = objects;
    this.proxy = proxy;
  }

  @Override
  public void handle(Exchange exchange) {
    try {
      if (!proxy.sent(exchange)) {
        throw ApiException.of(Reason.UNAUTHORIZED, "Unauthorized");
      }
      exchange.respond(json(200, answer(exchange)));
    } catch (ApiException e) {
      exchange.respond(json(e.code(), e.status()));
    }
  }

  private static Response json(int status, Struct content) {
    return Response.of(status, "application/json", Json.bytes(content));
  }

  private Struct answer(Exchange exchange) {
    String path = exchange.path();
    if (!exchange.method().equals("GET")) {
      throw ApiException.of(
          Reason.METHOD_NOT_ALLOWED,
          "the server does not allow this method on the requested resource");
    }
    return switch (path) {
      case "/apis" -> Discovery.groups();
      case "/apis/" + Discovery.GROUP -> Discovery.group();
      case BASE -> Discovery.resources();
      default -> {
        if (!path.startsWith(BASE + "/")) {
          throw missing();
        }
        yield resource(path.substring(BASE.length() + 1).split("/"), exchange);
      }
    };
  }

  private static ApiException missing() {
    return ApiException.of(Reason.NOT_FOUND, "the server could not find the requested resource");
  }

  private Struct resource(String[] parts, Exchange exchange) {
    boolean table = asksForTable(exchange);
    Predicate<Struct> wanted = selected(RequestQuery.of(exchange.query()));
    return switch (String.join("/", kinds(parts))) {
      case "nodes" -> list("NodeMetricsList", objects.ofNodes(wanted), table);
      case "nodes/NAME" ->
          one("nodemetrics", parts[1], objects.ofNode(RequestQuery.decoded(parts[1])), table);
      case "pods" -> list("PodMetricsList", objects.ofPods("", wanted), table);
      case "namespaces/NAME/pods" ->
          list("PodMetricsList", objects.ofPods(RequestQuery.decoded(parts[1]), wanted), table);
      case "namespaces/NAME/pods/NAME" ->
          one(
              "podmetrics",
              parts[1] + "/" + parts[3],
              objects.ofPod(RequestQuery.decoded(parts[1]), RequestQuery.decoded(parts[3])),
              table);
      default -> throw missing();
    };
  }

  /// The parts of a path with NAME for each second.
  private static String[] kinds(String[] parts) {
    String[] kinds = parts.clone();
    for (int i = 1; i < kinds.length; i += 2) {
      kinds[i] = "NAME";
    }
    return kinds;
  }

  private static Struct one(String resource, String name, @Nullable Struct found, boolean table) {
    if (found == null) {
      throw ApiException.notFound(resource + "." + Discovery.GROUP, RequestQuery.decoded(name));
    }
    return table ? UsageTable.of(List.of(found)) : found;
  }

  private static Struct list(String kind, List<Struct> found, boolean table) {
    return table
        ? UsageTable.of(found)
        : new StructBuilder()
            .add("kind", kind)
            .add("apiVersion", UsageObjects.VERSION)
            .add("metadata", Struct.EMPTY)
            .add("items", found)
            .build();
  }

  private static boolean asksForTable(Exchange exchange) {
    String accept = exchange.header("accept");
    return accept != null && accept.split(",")[0].contains("as=Table");
  }

  private static Predicate<Struct> selected(RequestQuery query) {
    LabelSelector labels = query.selector("labelSelector");
    try {
      FieldSelector fields = FieldSelector.parse(query.get("fieldSelector"));
      return object ->
          labels.matches(Meta.of(object).labels())
              && fields.matches(
                  field ->
                      switch (field) {
                        case "metadata.name" -> Meta.of(object).name();
                        case "metadata.namespace" -> Meta.of(object).namespace();
                        default -> "";
                      });
    } catch (IllegalArgumentException e) {
      throw ApiException.of(Reason.BAD_REQUEST, String.valueOf(e.getMessage()));
    }
  }
}
