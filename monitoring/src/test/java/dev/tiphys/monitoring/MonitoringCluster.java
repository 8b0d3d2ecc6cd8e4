package dev.tiphys.monitoring;

import static dev.tiphys.monitoring.model.MonitoringResources.PROMETHEUSES;
import static dev.tiphys.monitoring.model.MonitoringResources.RULES;
import static dev.tiphys.monitoring.model.MonitoringResources.SERVICE_MONITORS;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.controllers.ControllerSettings;
import dev.tiphys.controllers.Faults;
import dev.tiphys.controllers.TestCluster;
import dev.tiphys.monitoring.explanation.Explanation;
import dev.tiphys.monitoring.server.Place;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// A cluster on virtual time that is monitored by a Prometheus of which tests say what it thinks.
final class MonitoringCluster implements AutoCloseable {

  final TestCluster cluster;
  final ScriptedPrometheus program = new ScriptedPrometheus();
  final ScriptedProgram alertmanager = new ScriptedProgram(19_093);
  private final Path directory;
  private final Api own;
  private Monitoring running;

  MonitoringCluster(Path directory, long seed) {
    this(directory, seed, Faults.NONE);
  }

  /// @param faults what goes wrong with the requests of monitoring
  MonitoringCluster(Path directory, long seed, Faults faults) {
    this.directory = directory;
    cluster = new TestCluster(seed, ControllerSettings.DEFAULT);
    own = faults.between(cluster.world, cluster.apiOf(Monitoring.USER));
    running = started();
    advance(30); // the kinds are made
  }

  private Monitoring started() {
    return Monitoring.start(
        cluster.world,
        own,
        new Place(directory, "https://192.0.2.1:6443", "the authority", "host-1"),
        program,
        alertmanager);
  }

  /// Another process takes over.
  void restart() {
    running.close();
    cluster.world.settle();
    running = started();
    advance(10);
  }

  void advance(long seconds) {
    cluster.advance(Duration.ofSeconds(seconds));
  }

  /// A ServiceMonitor in the namespace `default`.
  ///
  /// @param spec in YAML
  void monitor(String name, String spec) {
    cluster.create(
        SERVICE_MONITORS,
        """
        apiVersion: monitoring.coreos.com/v1
        kind: ServiceMonitor
        metadata: {name: %s, namespace: default}
        spec:
        %s
        """
            .formatted(name, spec.indent(2)));
    advance(5);
  }

  /// A ServiceMonitor of Services with `app: NAME`, and their port `metrics`.
  void good(String name) {
    monitor(
        name, "selector: {matchLabels: {app: %s}}\nendpoints: [{port: metrics}]".formatted(name));
  }

  /// A PrometheusRule in the namespace `default`.
  void rule(String name, String expression) {
    cluster.create(
        RULES,
        """
        apiVersion: monitoring.coreos.com/v1
        kind: PrometheusRule
        metadata: {name: %s, namespace: default}
        spec: {groups: [{name: g, rules: [{record: a:b, expr: "%s"}]}]}
        """
            .formatted(name, expression));
    advance(5);
  }

  /// A Service in a namespace.
  void service(String namespace, String name, String labels, String port) {
    cluster.api.create(
        ApiResource.SERVICES,
        Yaml.struct(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: %s, namespace: %s, labels: {%s}}
            spec: {ports: [{name: %s, port: 80}]}
            """
                .formatted(name, namespace, labels, port)));
    advance(5);
  }

  void namespace(String name, String labels) {
    cluster.create(
        ApiResource.NAMESPACES,
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: %s, labels: {%s}}"
            .formatted(name, labels));
  }

  /// The server that runs has answered, and is looked at.
  void ready() {
    program.server().become(true, "");
    advance(2);
  }

  Struct prometheus() {
    return cluster.api.get(PROMETHEUSES, "monitoring", "prometheus");
  }

  /// A condition of the default Prometheus: `True Reason: message`.
  String prometheus(String type) {
    return text(prometheus().structs("status", "conditions"), type);
  }

  /// A condition in the only binding of a monitor; empty if there is no binding.
  String condition(ApiResource resource, String name, String type) {
    List<Struct> bindings = cluster.get(resource, name).structs("status", "bindings");
    return bindings.isEmpty() ? "" : text(bindings.getFirst().structs("conditions"), type);
  }

  String condition(String monitor, String type) {
    return condition(SERVICE_MONITORS, monitor, type);
  }

  private static String text(List<Struct> conditions, String type) {
    return conditions.stream()
        .filter(each -> each.string("type").equals(type))
        .map(
            each ->
                "%s %s: %s"
                    .formatted(
                        each.string("status"), each.string("reason"), each.string("message")))
        .findFirst()
        .orElse("");
  }

  List<Struct> all(ApiResource resource) {
    return cluster.api.list(resource, "", ListOptions.ALL).items();
  }

  Explanation explanation() {
    return running.explanation();
  }

  Monitoring monitoring() {
    return running;
  }

  @Override
  public void close() {
    running.close();
    cluster.close();
  }
}
