package dev.tiphys.monitoring.alerting;

import dev.tiphys.monitoring.config.Assets;
import dev.tiphys.monitoring.selection.RejectedException;
import dev.tiphys.monitoring.selection.Sources;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The configuration of an Alertmanager, as its file has it: what the user gives, and the
/// AlertmanagerConfigs in front of that. The same objects give the same configuration.
///
/// @param tree the content of the file
/// @param refused which AlertmanagerConfigs are left out, and why
record AlertmanagerConfiguration(Struct tree, Map<ObjectKey, String> refused) {

  /// Where nothing else is said, alerts go nowhere.
  static final Struct SILENT =
      new StructBuilder()
          .add("receivers", List.of(Struct.of("name", "null")))
          .add("route", Struct.of("receiver", "null"))
          .build();

  /// Of which alerts an AlertmanagerConfig is told.
  enum Strategy {
    /// Those of its own namespace.
    ON_NAMESPACE,
    /// Those of its own namespace; all of them, if it is in that of the Alertmanager.
    ON_NAMESPACE_BUT_OWN,
    /// All.
    NONE;

    /// As an Alertmanager has it.
    static Strategy of(Struct alertmanager) {
      return switch (alertmanager.string("spec", "alertmanagerConfigMatcherStrategy", "type")) {
        case "None" -> NONE;
        case "OnNamespaceExceptForAlertmanagerNamespace" -> ON_NAMESPACE_BUT_OWN;
        default -> ON_NAMESPACE;
      };
    }
  }

  /// @param base what the user gives; [#SILENT] if nothing
  /// @param own the namespace of the Alertmanager
  /// @param configs the AlertmanagerConfigs that it takes
  static AlertmanagerConfiguration of(
      Struct base,
      Strategy strategy,
      String own,
      List<Struct> configs,
      Sources sources,
      Assets assets) {
    List<Struct> routes = new ArrayList<>();
    List<Struct> receivers = new ArrayList<>(base.structs("receivers"));
    List<Struct> inhibitions = new ArrayList<>(base.structs("inhibit_rules"));
    List<Struct> times = new ArrayList<>(base.structs("time_intervals"));
    Map<ObjectKey, String> refused = new TreeMap<>(Comparator.comparing(ObjectKey::toString));
    for (Struct config : sorted(configs)) {
      ObjectKey key = Meta.of(config).key();
      boolean ofNamespace =
          strategy == Strategy.ON_NAMESPACE
              || strategy == Strategy.ON_NAMESPACE_BUT_OWN && !key.namespace().equals(own);
      try {
        Routing routing = new Routing(config, sources, assets);
        List<Struct> inhibited = routing.inhibitions(ofNamespace);
        if (routing.routes()) {
          Struct route = routing.route(ofNamespace);
          receivers.addAll(routing.receivers());
          routes.add(route);
          times.addAll(routing.times());
        }
        inhibitions.addAll(inhibited);
      } catch (RejectedException e) {
        refused.put(key, e.message());
      }
    }
    Struct tree = base.with("receivers", List.copyOf(receivers));
    if (!routes.isEmpty()) {
      routes.addAll(base.structs("route", "routes"));
      tree = tree.withAt(List.copyOf(routes), "route", "routes");
    }
    tree = withUnlessEmpty(tree, "inhibit_rules", inhibitions);
    return new AlertmanagerConfiguration(
        withUnlessEmpty(tree, "time_intervals", times), Map.copyOf(refused));
  }

  private static Struct withUnlessEmpty(Struct tree, String field, List<Struct> values) {
    return values.isEmpty() ? tree : tree.with(field, List.copyOf(values));
  }

  private static List<Struct> sorted(List<Struct> configs) {
    return configs.stream()
        .sorted(Comparator.comparing(config -> Meta.of(config).key().toString()))
        .toList();
  }
}
