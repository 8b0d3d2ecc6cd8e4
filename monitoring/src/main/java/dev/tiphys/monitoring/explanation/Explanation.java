package dev.tiphys.monitoring.explanation;

import dev.tiphys.client.ApiResource;
import dev.tiphys.monitoring.model.Monitor;
import dev.tiphys.monitoring.model.Prometheus;
import dev.tiphys.monitoring.prometheus.JobHealth;
import dev.tiphys.monitoring.prometheus.Verdicts;
import dev.tiphys.monitoring.selection.Objects;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What there is to know of an object that says what is scraped: which Prometheus takes it, what it
/// selects, what is in the way, and how its scrapes go.
///
/// Threads: any.
public final class Explanation {

  private final Objects objects;
  private final Verdicts verdicts;
  private final ServiceMonitorFindings services;
  private final PodMonitorFindings pods;

  /// Makes it; no informer is started yet.
  public Explanation(Objects objects, Verdicts verdicts) {
    this.objects = objects;
    this.verdicts = verdicts;
    this.services = new ServiceMonitorFindings(objects);
    this.pods = new PodMonitorFindings(objects);
  }

  /// What keeps an object from having targets, as far as the cluster's objects tell. Its selector
  /// must be readable.
  public List<Finding> findings(Monitor monitor) {
    return switch (monitor.resource().kind()) {
      case "ServiceMonitor" -> services.of(monitor);
      case "PodMonitor" -> pods.of(monitor);
      default -> List.of();
    };
  }

  /// How the scrapes of an object go, by a Prometheus: all of its jobs together.
  public Optional<JobHealth> health(ObjectKey prometheus, Monitor monitor) {
    return verdicts.healthOf(prometheus, monitor.id()).values().stream().reduce(JobHealth::and);
  }

  /// Why no Prometheus selects an object; empty if there is none at all.
  public List<String> whyNotSelected(Monitor monitor) {
    List<String> all = new ArrayList<>();
    for (Prometheus each : objects.allPrometheuses()) {
      String why = whyNot(each, monitor);
      if (!why.isEmpty()) {
        all.add("Prometheus " + each.key() + ": " + why);
      }
    }
    return all;
  }

  private String whyNot(Prometheus prometheus, Monitor monitor) {
    try {
      return objects.selectionOf(prometheus).whyNot(monitor);
    } catch (IllegalArgumentException e) {
      return "one of its selectors cannot be read: " + e.getMessage();
    }
  }

  /// All of it, as JSON. Absent if the object is not there.
  public Optional<Struct> of(ApiResource resource, String namespace, String name) {
    Monitor monitor = objects.find(new Monitor.Id(resource, new ObjectKey(namespace, name)));
    return monitor == null ? Optional.empty() : Optional.of(explain(monitor));
  }

  private Struct explain(Monitor monitor) {
    Map<ObjectKey, Verdicts.Verdict> selectedBy = verdicts.of(monitor.id());
    List<Struct> prometheuses = new ArrayList<>();
    selectedBy.forEach((key, verdict) -> prometheuses.add(of(key, verdict, monitor)));
    StructBuilder answer =
        new StructBuilder()
            .add("kind", monitor.resource().kind())
            .add("namespace", monitor.namespace())
            .add("name", monitor.key().name())
            .add("prometheuses", List.copyOf(prometheuses));
    if (selectedBy.isEmpty()) {
      answer.add("notSelected", whyNotSelected(monitor));
    }
    try {
      answer.addUnlessEmpty("selects", selects(monitor));
      answer.add(
          "findings",
          findings(monitor).stream()
              .map(each -> Struct.of("reason", each.reason(), "message", each.message()))
              .toList());
    } catch (IllegalArgumentException _) {
      // its selector cannot be read: it is rejected for that
    }
    return answer.build();
  }

  private List<String> selects(Monitor monitor) {
    List<Struct> all =
        switch (monitor.resource().kind()) {
          case "ServiceMonitor" -> services.selected(monitor);
          case "PodMonitor" -> pods.selected(monitor);
          default -> List.of();
        };
    return all.stream().map(each -> ObjectKey.of(each).toString()).toList();
  }

  private Struct of(ObjectKey prometheus, Verdicts.Verdict verdict, Monitor monitor) {
    List<Struct> jobs = new ArrayList<>();
    verdicts
        .healthOf(prometheus, monitor.id())
        .forEach(
            (job, health) ->
                jobs.add(
                    new StructBuilder()
                        .add("job", job)
                        .add("up", (long) health.up())
                        .add("down", (long) health.down())
                        .addUnlessEmpty("failure", health.failure())
                        .build()));
    return new StructBuilder()
        .add("namespace", prometheus.namespace())
        .add("name", prometheus.name())
        .add("accepted", verdict.isAccepted())
        .addUnlessEmpty("rejection", verdict.rejection())
        .addUnlessEmpty("jobs", List.copyOf(jobs))
        .build();
  }
}
