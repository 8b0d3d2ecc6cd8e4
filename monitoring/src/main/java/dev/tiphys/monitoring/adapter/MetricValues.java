package dev.tiphys.monitoring.adapter;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.monitoring.query.PrometheusQueries;
import dev.tiphys.monitoring.query.QueryException;
import dev.tiphys.monitoring.query.QueryResult;
import dev.tiphys.monitoring.query.Series;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.world.World;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The values of metrics, as Prometheus has them now.
///
/// @param api where objects are listed that a selector selects
record MetricValues(World world, Api api, PrometheusQueries prometheus) {

  private static final System.Logger LOG = System.getLogger(MetricValues.class.getName());
  private static final double THOUSAND = 1000;

  /// What is asked for.
  ///
  /// @param namespace empty for metrics of objects that are in none
  /// @param name of the object, or `*` for all that `objects` selects
  /// @param metric its name
  /// @param series which of the metric's series
  record Wanted(
      ApiResource resource,
      String namespace,
      String name,
      LabelSelector objects,
      String metric,
      LabelSelector series) {

    boolean isOfAll() {
      return name.equals("*");
    }
  }

  /// The values of a metric of objects, one for each object that has one, as references to the
  /// objects and values.
  ///
  /// @throws ApiException if there is no such metric, or none of the object that is named
  List<Value> ofObjects(Directory directory, Wanted wanted) throws InterruptedException {
    Directory.Source source =
        directory.find(wanted.resource, !wanted.namespace.isEmpty(), wanted.metric);
    String label = source == null ? null : source.labels().label(wanted.resource);
    if (source == null || label == null) {
      throw missing(wanted.metric, path(wanted.resource), "");
    }
    List<String> names = wanted.isOfAll() ? selected(wanted) : List.of(wanted.name);
    Map<String, Series.Sample> found = new HashMap<>();
    if (!names.isEmpty()) {
      for (Series series : asked(source, wanted, label, names)) {
        found.putIfAbsent(series.labels().string(label), series.last());
      }
    }
    List<Value> values = new ArrayList<>();
    for (String name : names) {
      Series.Sample sample = found.get(name);
      if (sample != null) {
        values.add(new Value(name, quantity(sample)));
      }
    }
    if (values.isEmpty() && !wanted.isOfAll()) {
      throw missing(wanted.metric, path(wanted.resource), wanted.name);
    }
    return values;
  }

  /// A value, and the name of the object that it is of.
  record Value(String name, String quantity) {}

  private List<Series> asked(
      Directory.Source source, Wanted wanted, String label, List<String> names)
      throws InterruptedException {
    Expression expression = selecting(wanted.series);
    if (!wanted.namespace.isEmpty()) {
      expression.in(source.labels().ofNamespaces(), wanted.namespace);
    }
    return ask(source, expression.named(label, names), List.of(label));
  }

  private List<String> selected(Wanted wanted) {
    try {
      ListOptions options = ListOptions.withLabels(wanted.objects.toString());
      return api.list(wanted.resource, wanted.namespace, options).items().stream()
          .map(object -> Meta.of(object).name())
          .toList();
    } catch (ApiException e) {
      LOG.log(Level.WARNING, "objects of a metric cannot be listed: error=" + e.message());
      throw ApiException.ofServer(
          Reason.INTERNAL_ERROR, "Internal error occurred: unable to list matching resources");
    }
  }

  /// The values of a metric of no object, as the API shows them.
  ///
  /// @throws ApiException if there is no such metric
  List<Struct> external(
      Directory directory, String namespace, String metric, LabelSelector selector)
      throws InterruptedException {
    Directory.Source source = directory.external().get(metric);
    if (source == null) {
      throw missing(metric, "namespaces", "");
    }
    Expression expression = selecting(selector);
    if (source.rule().resources().get("namespaced") != Boolean.FALSE) {
      expression.in(source.labels().ofNamespaces(), namespace);
    }
    List<Struct> values = new ArrayList<>();
    for (Series series : ask(source, expression, List.of())) {
      values.add(
          new StructBuilder()
              .add("metricName", metric)
              .add("metricLabels", series.labels().without("__name__"))
              .add("timestamp", Timestamps.seconds(world.now()))
              .add("value", quantity(series.last()))
              .build());
    }
    return values;
  }

  private static Expression selecting(LabelSelector selector) {
    try {
      return Expression.selecting(selector);
    } catch (IllegalArgumentException e) {
      throw failed("metrics", e);
    }
  }

  private List<Series> ask(Directory.Source source, Expression expression, List<String> groupBy)
      throws InterruptedException {
    try {
      QueryResult result =
          prometheus.instant(
              expression.of(source.rule(), source.series(), groupBy), Optional.empty());
      if (!result.type().equals("vector") && !result.type().equals("scalar")) {
        throw new QueryException("", "a rule asks for a " + result.type());
      }
      return result.series();
    } catch (QueryException | IllegalArgumentException e) {
      throw failed("metrics", e);
    }
  }

  /// What goes wrong behind the API is not told to its clients.
  private static ApiException failed(String what, Exception e) {
    LOG.log(Level.WARNING, "values of metrics cannot be had: error=" + e.getMessage());
    return ApiException.ofServer(
        Reason.INTERNAL_ERROR, "Internal error occurred: unable to fetch " + what);
  }

  private static ApiException missing(String metric, String resource, String name) {
    return ApiException.of(
        Reason.NOT_FOUND,
        "the server could not find the metric %s for %s%s"
            .formatted(metric, resource, name.isEmpty() ? "" : " " + name));
  }

  static String path(ApiResource resource) {
    String group = Kinds.group(resource);
    return group.isEmpty() ? resource.plural() : resource.plural() + "." + group;
  }

  private static String quantity(Series.Sample sample) {
    return Quantity.ofMilli((long) (sample.number() * THOUSAND)).toString();
  }
}
