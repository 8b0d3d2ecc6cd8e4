package dev.tiphys.monitoring;

import dev.tiphys.client.defaults.DefaultObjects;
import dev.tiphys.object.Struct;
import java.util.List;

/// The definitions of the kinds of this module.
final class Definitions {

  private Definitions() {}

  static List<Struct> all() {
    return DefaultObjects.read(
            Definitions.class, "monitors.yaml", "alerting.yaml", "alertmanager-config.yaml")
        .stream()
        .flatMap(list -> list.structs("items").stream())
        .toList();
  }
}
