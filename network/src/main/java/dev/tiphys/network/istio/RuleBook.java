package dev.tiphys.network.istio;

import dev.tiphys.network.istio.fields.Exports;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The DestinationRules of the cluster, by what they are for. Made anew when they change.
final class RuleBook {

  private final Map<String, Rules> byNamespace = new HashMap<>();

  /// Those of a namespace: by the full name of a host, and those with a pattern, longest first.
  private record Rules(Map<String, List<Struct>> byHost, List<Pattern> patterns) {}

  private record Pattern(String host, List<Struct> rules) {}

  RuleBook(List<Struct> rules, Hosts hosts) {
    for (Struct rule : rules.stream().sorted(Age.OLDEST_FIRST).toList()) {
      String namespace = Meta.of(rule).namespace();
      String host = hosts.full(rule.string("spec", "host"), namespace);
      byNamespace
          .computeIfAbsent(namespace, _ -> new Rules(new HashMap<>(), new ArrayList<>()))
          .byHost()
          .computeIfAbsent(host, _ -> new ArrayList<>(1))
          .add(rule);
    }
    for (Rules each : byNamespace.values()) {
      each.byHost().entrySet().stream()
          .filter(one -> one.getKey().startsWith("*"))
          .sorted(Comparator.comparingInt(one -> -one.getKey().length()))
          .forEach(one -> each.patterns().add(new Pattern(one.getKey(), one.getValue())));
    }
  }

  /// The DestinationRules for a host, the oldest first: those of the caller's namespace, else those
  /// of the Service's own that it exports; with the host's name, else with the longest pattern.
  List<Struct> of(String host, String namespace, @Nullable ObjectKey service) {
    List<Struct> own = in(namespace, host);
    if (!own.isEmpty() || service == null) {
      return own;
    }
    return in(service.namespace(), host).stream()
        .filter(each -> Exports.isVisible(each, namespace))
        .toList();
  }

  private List<Struct> in(String namespace, String host) {
    Rules rules = byNamespace.get(namespace);
    if (rules == null) {
      return List.of();
    }
    List<Struct> exact = rules.byHost().get(host);
    if (exact != null) {
      return exact;
    }
    for (Pattern each : rules.patterns()) {
      if (Hosts.covers(each.host(), host)) {
        return each.rules();
      }
    }
    return List.of();
  }
}
