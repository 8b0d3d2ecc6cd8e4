package dev.tiphys.cli;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ServedResource;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What people call resources, and what they are called with their group: `deployments.apps`.
final class ResourceNames {

  private static final Map<String, String> SHORT =
      Map.ofEntries(
          Map.entry("cj", "cronjobs"),
          Map.entry("cm", "configmaps"),
          Map.entry("css", "clustersecretstores"),
          Map.entry("deploy", "deployments"),
          Map.entry("dr", "destinationrules"),
          Map.entry("ds", "daemonsets"),
          Map.entry("es", "externalsecrets"),
          Map.entry("ing", "ingresses"),
          Map.entry("no", "nodes"),
          Map.entry("ns", "namespaces"),
          Map.entry("pmon", "podmonitors"),
          Map.entry("po", "pods"),
          Map.entry("prb", "probes"),
          Map.entry("prom", "prometheuses"),
          Map.entry("promrule", "prometheusrules"),
          Map.entry("pvc", "persistentvolumeclaims"),
          Map.entry("ro", "rollouts"),
          Map.entry("rs", "replicasets"),
          Map.entry("scfg", "scrapeconfigs"),
          Map.entry("smon", "servicemonitors"),
          Map.entry("ss", "secretstores"),
          Map.entry("sts", "statefulsets"),
          Map.entry("svc", "services"),
          Map.entry("vs", "virtualservices"));

  private ResourceNames() {}

  /// The resource that is meant, among those that are served: by its kind, its plural, or a short
  /// name, with or without its group. One that is not served is given back as it was said.
  static String of(String said, List<ServedResource> served) {
    String name = said.toLowerCase(Locale.ROOT);
    String plural = SHORT.getOrDefault(name, name);
    for (ServedResource each : served) {
      ApiResource resource = each.resource();
      String group = resource.groupVersion().group();
      String full = resource.plural() + (group.isEmpty() ? "" : "." + group);
      if (List.of(
              full,
              resource.plural(),
              resource.kind().toLowerCase(Locale.ROOT),
              resource.kind().toLowerCase(Locale.ROOT) + "." + group)
          .contains(plural)) {
        return full;
      }
    }
    return plural;
  }

  /// As [#of], of those that an API serves.
  static String of(String said, Api api) {
    return of(said, api.discover().known());
  }
}
