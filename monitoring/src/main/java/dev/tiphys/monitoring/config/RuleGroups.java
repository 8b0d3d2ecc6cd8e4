package dev.tiphys.monitoring.config;

import dev.tiphys.monitoring.model.Monitor;
import dev.tiphys.monitoring.model.Prometheus;
import dev.tiphys.monitoring.model.Version;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;

/// The groups of PrometheusRules, as Prometheus reads them from files.
record RuleGroups(Prometheus prometheus, Version version) {

  Struct of(Monitor rule) {
    List<Struct> groups = new ArrayList<>();
    for (Struct each : rule.spec().structs("groups")) {
      groups.add(group(rule, each));
    }
    return Struct.of("groups", List.copyOf(groups));
  }

  private Struct group(Monitor owner, Struct group) {
    Struct known = group.without("partial_response_strategy");
    if (!version.isAtLeast(2, 53)) {
      known = known.without("query_offset");
    }
    if (version.major() < 3) {
      known = known.without("labels");
    }
    if (known.string("interval").isEmpty()) {
      known = known.without("interval");
    }
    List<Struct> rules = new ArrayList<>();
    for (Struct each : group.structs("rules")) {
      rules.add(rule(owner, each));
    }
    return known.with("rules", List.copyOf(rules));
  }

  private Struct rule(Monitor owner, Struct rule) {
    Struct known = rule.with("expr", String.valueOf(rule.get("expr")));
    for (String each : List.of("for", "keep_firing_for")) {
      if (known.string(each).isEmpty()) {
        known = known.without(each);
      }
    }
    if (!version.isAtLeast(2, 42)) {
      known = known.without("keep_firing_for");
    }
    if (!prometheus.enforcesOn(owner.resource().plural(), owner.object())) {
      return known;
    }
    String label = prometheus.spec().string("enforcedNamespaceLabel");
    String namespace = owner.namespace();
    return known
        .withAt(namespace, "labels", label)
        .with("expr", NamespaceMatcher.confine(known.string("expr"), label, namespace));
  }
}
