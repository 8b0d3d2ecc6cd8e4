package dev.tiphys.scheduler.plugins.resources;

import dev.tiphys.object.Struct;
import java.util.List;

/// A resource that nodes are scored by.
record ResourceSpec(String name, long weight) {

  static List<ResourceSpec> of(List<Struct> resources) {
    return resources.stream()
        .map(each -> new ResourceSpec(each.string("name"), each.integer("weight")))
        .toList();
  }
}
