package dev.tiphys.controllers.autoscaling;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.schema.GroupVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The APIs that other servers serve metrics in: of resources, of objects of the cluster, and of
/// what is outside it.
///
/// Values are in thousandths of the metric's unit.
final class MetricsApi {

  private static final ApiResource POD_METRICS =
      new ApiResource(GroupVersion.parse("metrics.k8s.io/v1beta1"), "pods", "PodMetrics", true);
  private static final String CUSTOM = "custom.metrics.k8s.io";
  private static final List<String> CUSTOM_VERSIONS = List.of("v1beta2", "v1beta1");
  private static final String EXTERNAL = "external.metrics.k8s.io/v1beta1";
  private static final Duration USUAL_WINDOW = Duration.ofMinutes(1);

  /// What servers say of a group that is not there, as an object or a text.
  private static final List<String> ABSENT =
      List.of("the server could not find the requested resource", "404 page not found");

  /// What they say of one whose own server can't be reached.
  private static final List<String> UNAVAILABLE =
      List.of("the server is currently unable to handle the request", "service unavailable");

  private final Api api;
  private final Kinds kinds;

  MetricsApi(Api api) {
    this.api = api;
    this.kinds = new Kinds(api);
  }

  /// What Pods use of a resource, by their names. Those of which it is not known are left out.
  ///
  /// @param container the only one that counts; empty for whole Pods
  Map<String, Sample> ofResource(
      String resource, String namespace, LabelSelector selector, String container)
      throws MetricException {
    List<Struct> items;
    try {
      items = api.list(POD_METRICS, namespace, ListOptions.withLabels(selector.toString())).items();
    } catch (ApiException e) {
      throw failure("resource", e, POD_METRICS.toString());
    }
    if (items.isEmpty()) {
      throw new MetricException("no metrics returned from resource metrics API");
    }
    Map<String, Sample> samples = new HashMap<>();
    for (Struct item : items) {
      Long used = container.isEmpty() ? ofPod(item, resource) : of(item, container, resource);
      if (used != null) {
        Duration window = window(item.string("window"));
        samples.put(Meta.of(item).name(), new Sample(used, taken(item), window));
      }
    }
    return samples;
  }

  private static Duration window(String text) throws MetricException {
    try {
      return text.isEmpty() ? Duration.ZERO : GoDuration.parse(text);
    } catch (IllegalArgumentException e) {
      throw new MetricException(String.valueOf(e.getMessage()));
    }
  }

  private static long milli(@Nullable Object quantity) throws MetricException {
    try {
      return Quantity.from(quantity).milli();
    } catch (IllegalArgumentException e) {
      throw new MetricException(String.valueOf(e.getMessage()));
    }
  }

  private static @Nullable Long ofPod(Struct item, String resource) throws MetricException {
    List<Struct> containers = item.structs("containers");
    long sum = 0;
    for (Struct container : containers) {
      Object used = container.get("usage", resource);
      if (used == null) {
        return null;
      }
      sum += milli(used);
    }
    return containers.isEmpty() ? null : sum;
  }

  private static @Nullable Long of(Struct item, String container, String resource)
      throws MetricException {
    for (Struct each : item.structs("containers")) {
      if (each.string("name").equals(container)) {
        Object used = each.get("usage", resource);
        return used == null ? null : milli(used);
      }
    }
    Meta pod = Meta.of(item);
    throw new MetricException(
        "failed to get container metrics: container %s not present in metrics for pod %s/%s"
            .formatted(container, pod.namespace(), pod.name()));
  }

  /// A metric of Pods, by their names.
  ///
  /// @param metric its name, and perhaps a selector
  Map<String, Sample> ofPods(Struct metric, String namespace, LabelSelector selector)
      throws MetricException {
    Map<String, String> query = query(metric);
    query.put("labelSelector", selector.toString());
    List<Struct> values =
        custom("pods", namespace, "*", metric.string("name"), query).structs("items");
    if (values.isEmpty()) {
      throw new MetricException("no metrics returned from custom metrics API");
    }
    Map<String, Sample> samples = new HashMap<>();
    for (Struct value : values) {
      samples.put(
          value.string("describedObject", "name"),
          new Sample(milli(value.get("value")), taken(value), window(value)));
    }
    return samples;
  }

  private static Duration window(Struct value) {
    for (String field : List.of("windowSeconds", "window")) { // as the two versions call it
      if (value.has(field)) {
        return Duration.ofSeconds(value.integer(field));
      }
    }
    return USUAL_WINDOW;
  }

  /// A metric of one object.
  ///
  /// @param object a reference to it
  long ofObject(Struct metric, String namespace, Struct object) throws MetricException {
    String name = metric.string("name");
    String kind = object.string("kind");
    String group = GroupVersion.parse(object.string("apiVersion")).group();
    boolean isNamespace = kind.equals("Namespace") && group.isEmpty();
    List<Struct> values =
        isNamespace // its own, whatever name the reference has
            ? custom("metrics", namespace, name, "", query(metric)).structs("items")
            : custom(resource(group, kind), namespace, object.string("name"), name, query(metric))
                .structs("items");
    if (values.size() != 1) {
      throw new MetricException(
          "unable to fetch metrics from custom metrics API: the custom metrics API server returned"
              + " %d results when we asked for exactly one".formatted(values.size()));
    }
    return milli(values.getFirst().get("value"));
  }

  private String resource(String group, String kind) throws MetricException {
    try {
      return kinds.find(group, kind).toString();
    } catch (MetricException e) {
      String qualified = group.isEmpty() ? kind : kind + "." + group;
      throw new MetricException(
          "unable to fetch metrics from custom metrics API: unable to map kind %s to resource: %s"
              .formatted(qualified, e.message()));
    }
  }

  /// A metric of something outside the cluster: the sum of all its series.
  long ofExternal(Struct metric, String namespace) throws MetricException {
    String name = metric.string("name");
    ApiResource resource =
        new ApiResource(GroupVersion.parse(EXTERNAL), name, "ExternalMetricValue", true);
    List<Struct> values;
    try {
      values = api.list(resource, namespace, ListOptions.withLabels(selector(metric))).items();
    } catch (ApiException e) {
      throw failure("external", e, resource.toString());
    }
    if (values.isEmpty()) {
      throw new MetricException("no metrics returned from external metrics API");
    }
    long sum = 0;
    for (Struct value : values) {
      long part = milli(value.get("value"));
      if (part > 0 && sum > Long.MAX_VALUE - part) {
        return Long.MAX_VALUE;
      }
      sum += part;
    }
    return sum;
  }

  private static Map<String, String> query(Struct metric) {
    Map<String, String> query = new TreeMap<>();
    String selector = selector(metric);
    if (!selector.isEmpty()) {
      query.put("metricLabelSelector", selector);
    }
    return query;
  }

  private static String selector(Struct metric) {
    return LabelSelector.from(metric.struct("selector")).toString();
  }

  private static Instant taken(Struct item) {
    Instant time = Timestamps.of(item.get("timestamp"));
    return time == null ? Instant.EPOCH : time;
  }

  /// Asks in the newest version that is served.
  private Struct custom(
      String resource, String namespace, String name, String metric, Map<String, String> query)
      throws MetricException {
    for (String version : CUSTOM_VERSIONS) {
      ApiResource asked =
          new ApiResource(new GroupVersion(CUSTOM, version), resource, "MetricValueList", true);
      try {
        return api.get(asked, namespace, name, metric, query);
      } catch (ApiException e) {
        if (!isAbsent(e)) {
          throw failure("custom", e, asked + " " + name);
        }
      }
    }
    throw new MetricException(
        "unable to fetch metrics from custom metrics API: no custom metrics API ("
            + CUSTOM
            + ") registered");
  }

  private static boolean isAbsent(ApiException error) {
    return error.is(Reason.NOT_FOUND) && ABSENT.contains(error.message());
  }

  /// What a server says of no object in particular is told with what it was asked.
  private static MetricException failure(String which, ApiException error, String what) {
    String message = error.message();
    if (isAbsent(error)) {
      message = "%s (get %s)".formatted(ABSENT.getFirst(), what);
    } else if (UNAVAILABLE.contains(message)) {
      message = "%s (get %s)".formatted(UNAVAILABLE.getFirst(), what);
    }
    return new MetricException(
        "unable to fetch metrics from %s metrics API: %s".formatted(which, message));
  }
}
