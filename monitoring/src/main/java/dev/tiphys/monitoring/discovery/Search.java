package dev.tiphys.monitoring.discovery;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.selector.LabelSelector;
import java.util.List;

/// What is to be found: an entry of `kubernetes_sd_configs`, without how the cluster is reached.
///
/// @param config as Prometheus has it
public record Search(Struct config) {

  /// Of an entry as a configuration has it.
  public static Search of(Struct entry) {
    return new Search(entry.without("api_server").without("authorization").without("tls_config"));
  }

  /// What is found: `endpoints`, `pod`, …
  String role() {
    return config.string("role");
  }

  boolean ofEndpoints() {
    return role().equals("endpoints") || role().equals("endpointslice");
  }

  /// Whether nodes are told of with what runs on them.
  boolean attachesNodes() {
    return config.bool("attach_metadata", "node");
  }

  /// Whether an object that others are found by is meant.
  ///
  /// @param role what it is
  boolean matches(String role, Struct object) {
    Meta meta = Meta.of(object);
    List<String> names = config.strings("namespaces", "names");
    if (!names.isEmpty() && !meta.namespace().isEmpty() && !names.contains(meta.namespace())) {
      return false;
    }
    for (Struct each : config.structs("selectors")) {
      if (each.string("role").equals(role)
          && !LabelSelector.parse(each.string("label")).matches(meta.labels())) {
        return false;
      }
    }
    return true;
  }
}
