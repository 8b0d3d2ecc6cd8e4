package dev.tiphys.monitoring.explanation;

import dev.tiphys.client.Api;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.PatchType;
import dev.tiphys.monitoring.model.Monitor;
import dev.tiphys.monitoring.model.MonitoringResources;
import dev.tiphys.monitoring.prometheus.JobHealth;
import dev.tiphys.monitoring.prometheus.Verdicts;
import dev.tiphys.monitoring.server.Conditions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// Writes the status of objects that say what is scraped: a binding for each Prometheus that
/// selects one, with the condition `Accepted` as the Prometheus Operator has it, and `Scraped`,
/// which says whether it finds targets and whether they answer. What becomes worse is an event.
///
/// Threads: any, but one at a time for an object.
final class MonitorStatus {

  private static final String ACCEPTED = "Accepted";
  private static final String SCRAPED = "Scraped";
  private static final String INVALID = "InvalidConfiguration";

  private final World world;
  private final Api api;
  private final Verdicts verdicts;
  private final Explanation explanation;
  private final EventRecorder events;

  /// What was said last of those that find nothing, or that no Prometheus selects.
  private final Map<Monitor.Id, String> said = new ConcurrentHashMap<>();

  MonitorStatus(
      World world, Api api, Verdicts verdicts, Explanation explanation, EventRecorder events) {
    this.world = world;
    this.api = api;
    this.verdicts = verdicts;
    this.explanation = explanation;
    this.events = events;
  }

  /// Whether it was found last that an object finds nothing, so that any change may be of interest.
  boolean foundNothing(Monitor monitor) {
    return said.containsKey(monitor.id());
  }

  void forget(ObjectKey key) {
    said.keySet().removeIf(each -> each.key().equals(key));
  }

  void write(Monitor monitor) {
    List<Struct> before = monitor.object().structs("status", "bindings");
    List<Struct> now = new ArrayList<>();
    for (Struct each : before) {
      if (!isOurs(each)) {
        now.add(each);
      }
    }
    Map<ObjectKey, Verdicts.Verdict> selectedBy = verdicts.of(monitor.id());
    selectedBy.forEach(
        (prometheus, verdict) -> now.add(binding(monitor, prometheus, verdict, before)));
    tell(monitor, selectedBy);
    if (now.equals(before)) {
      return;
    }
    api.patch(
        monitor.resource(),
        monitor.namespace(),
        monitor.key().name(),
        "status",
        PatchType.MERGE,
        Struct.of(
            "metadata",
            Struct.of("resourceVersion", Meta.of(monitor.object()).resourceVersion()),
            "status",
            Struct.of("bindings", List.copyOf(now))));
  }

  private static boolean isOurs(Struct binding) {
    return binding.string("group").equals(MonitoringResources.GROUP)
        && binding.string("resource").equals(MonitoringResources.PROMETHEUSES.plural());
  }

  private Struct binding(
      Monitor monitor, ObjectKey prometheus, Verdicts.Verdict verdict, List<Struct> before) {
    List<Struct> known =
        before.stream()
            .filter(MonitorStatus::isOurs)
            .filter(each -> each.string("namespace").equals(prometheus.namespace()))
            .filter(each -> each.string("name").equals(prometheus.name()))
            .flatMap(each -> each.structs("conditions").stream())
            .toList();
    List<Struct> conditions = new ArrayList<>();
    conditions.add(
        Conditions.of(
            ACCEPTED,
            verdict.isAccepted() ? "True" : "False",
            verdict.isAccepted() ? "" : INVALID,
            verdict.rejection(),
            verdict.generation()));
    if (verdict.isAccepted() && !monitor.isRule()) {
      conditions.add(scraped(monitor, prometheus, verdict.generation()));
    }
    return new StructBuilder()
        .add("group", MonitoringResources.GROUP)
        .add("resource", MonitoringResources.PROMETHEUSES.plural())
        .add("namespace", prometheus.namespace())
        .add("name", prometheus.name())
        .add("conditions", Conditions.timed(conditions, known, world.now()))
        .build();
  }

  private Struct scraped(Monitor monitor, ObjectKey prometheus, long generation) {
    List<Finding> findings = explanation.findings(monitor);
    if (!findings.isEmpty()) {
      return Conditions.of(
          SCRAPED,
          "False",
          findings.getFirst().reason(),
          findings.stream().map(Finding::message).collect(Collectors.joining("; ")),
          generation);
    }
    Optional<JobHealth> health = explanation.health(prometheus, monitor);
    if (health.isEmpty() || health.get().up() + health.get().down() == 0) {
      return Conditions.of(SCRAPED, "Unknown", "NotYetScraped", "", generation);
    }
    JobHealth known = health.get();
    return known.down() == 0
        ? Conditions.of(SCRAPED, "True", "Scraped", known.up() + " targets answer", generation)
        : Conditions.of(
            SCRAPED,
            "False",
            "ScrapeFailed",
            "%d of %d targets fail: %s"
                .formatted(known.down(), known.up() + known.down(), known.failure()),
            generation);
  }

  /// Events of what is new to be said.
  private void tell(Monitor monitor, Map<ObjectKey, Verdicts.Verdict> selectedBy) {
    String reason = "NotSelected";
    String message = "";
    if (selectedBy.isEmpty()) {
      List<String> why = explanation.whyNotSelected(monitor);
      message = why.isEmpty() ? "" : "no Prometheus selects it: " + String.join("; ", why);
    }
    for (Map.Entry<ObjectKey, Verdicts.Verdict> each : selectedBy.entrySet()) {
      Verdicts.Verdict verdict = each.getValue();
      if (!verdict.isAccepted()) {
        reason = INVALID;
        message = rejected(monitor, verdict.rejection());
      } else if (!monitor.isRule() && message.isEmpty()) {
        Struct scraped = scraped(monitor, each.getKey(), 0);
        boolean fails = scraped.string("status").equals("False");
        reason = fails ? scraped.string("reason") : reason;
        message = fails ? scraped.string("message") : "";
      }
    }
    String before = message.isEmpty() ? said.remove(monitor.id()) : said.put(monitor.id(), message);
    if (!message.isEmpty() && !message.equals(before)) {
      events.warning(monitor.object(), reason, message);
    }
  }

  private static String rejected(Monitor monitor, String why) {
    return monitor.isRule()
        ? "PrometheusRule %s was rejected due to invalid configuration: %s"
            .formatted(monitor.key().name(), why)
        : "\"%s\" was rejected due to invalid configuration: %s".formatted(monitor.key(), why);
  }
}
