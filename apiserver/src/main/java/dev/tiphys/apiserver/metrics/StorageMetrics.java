package dev.tiphys.apiserver.metrics;

import dev.tiphys.apiserver.catalog.Catalog;
import dev.tiphys.apiserver.registry.Registry;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.store.Snapshot;

/// How many objects of each resource there are. Counted when asked: costs a walk over the keys.
///
/// @param catalog the resources
record StorageMetrics(Catalog catalog) {

  void write(Exposition out) {
    out.family("apiserver_storage_objects", "gauge", "Objects that are stored, by resource.");
    for (Registry registry : catalog.registries()) {
      try {
        Snapshot snapshot = registry.storage().history().newest();
        out.sample(
            "apiserver_storage_objects",
            "resource=\"%s\"".formatted(registry.resource().groupResource()),
            snapshot.count(registry.storage().prefix(), ""));
      } catch (ApiException e) {
        out.sample(
            "apiserver_storage_objects",
            "resource=\"%s\"".formatted(registry.resource().groupResource()),
            -1); // as upstream says that it can't be counted
      }
    }
  }
}
