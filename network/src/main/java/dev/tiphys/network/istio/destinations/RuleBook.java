package dev.tiphys.network.istio.destinations;

import dev.tiphys.network.istio.fields.Age;
import dev.tiphys.network.istio.fields.Exports;
import dev.tiphys.network.istio.fields.TrafficPolicies;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The DestinationRules of the cluster, by what they are for. Made anew when they change.
final class RuleBook {

  /// The namespace whose rules are for all that have none of their own.
  private static final String ROOT = "istio-system";

  private final Map<String, Rules> byNamespace = new HashMap<>();
  private final Map<String, Set<String>> viewers = new HashMap<>(); // by host, or pattern
  private final Set<String> ruled = new HashSet<>(); // hosts
  private final List<String> ruledPatterns = new ArrayList<>();

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
      if (hasPolicy(rule)) {
        (host.startsWith("*") ? ruledPatterns : ruled).add(host);
      }
      Set<String> apart = apart(rule, hosts.service(host, namespace));
      if (!apart.isEmpty()) {
        viewers.computeIfAbsent(host, _ -> new TreeSet<>()).addAll(apart);
      }
    }
    for (Rules each : byNamespace.values()) {
      each.byHost().entrySet().stream()
          .filter(one -> one.getKey().startsWith("*"))
          .sorted(Comparator.comparingInt(one -> -one.getKey().length()))
          .forEach(one -> each.patterns().add(new Pattern(one.getKey(), one.getValue())));
    }
  }

  /// The namespaces from which a rule is seen otherwise than from the rest.
  private static Set<String> apart(Struct rule, @Nullable ObjectKey service) {
    String own = Meta.of(rule).namespace();
    Set<String> apart = new TreeSet<>(Exports.named(rule));
    if (service == null || !service.namespace().equals(own)) {
      apart.add(own);
    }
    return apart;
  }

  /// The namespaces from which other rules are seen for one of these hosts than from the rest.
  ///
  /// @param names full names
  Set<String> viewers(Set<String> names) {
    Set<String> all = new TreeSet<>();
    viewers.forEach(
        (pattern, apart) -> {
          if (names.stream().anyMatch(name -> Hosts.covers(pattern, name))) {
            all.addAll(apart);
          }
        });
    return all;
  }

  /// Whether rules are seen otherwise from some namespaces.
  boolean hasViewers() {
    return !viewers.isEmpty();
  }

  /// Whether a rule says how endpoints are used.
  static boolean hasPolicy(Struct rule) {
    return TrafficPolicies.matters(rule.struct("spec", "trafficPolicy"));
  }

  /// Whether any rule says how the endpoints of a host are used.
  boolean hasPolicy(String host) {
    return ruled.contains(host)
        || ruledPatterns.stream().anyMatch(pattern -> Hosts.covers(pattern, host));
  }

  /// The DestinationRules for a host, the oldest first: those of the caller's namespace, else those
  /// of the host's own that it exports, else those of the mesh as a whole; with the host's name,
  /// else with the longest pattern.
  ///
  /// @param viewer the caller's namespace; empty for one that sees what is exported to all
  /// @param owner the host's own namespace; empty if it is not known
  List<Struct> of(String host, String viewer, String owner) {
    for (String namespace : List.of(viewer, owner, ROOT)) {
      List<Struct> found =
          in(namespace, host).stream().filter(each -> Exports.isVisible(each, viewer)).toList();
      if (!found.isEmpty()) {
        return found;
      }
    }
    return List.of();
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
