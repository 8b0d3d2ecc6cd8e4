package dev.tiphys.scheduler.config.arguments;

import dev.tiphys.object.Struct;
import dev.tiphys.scheduler.config.fields.Fields;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The resources that are to be used alike.
final class BalancedAllocationArguments {

  private BalancedAllocationArguments() {}

  static Struct read(Fields fields) {
    List<Struct> resources = ResourceSpecs.read(fields);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < resources.size(); i++) {
      Struct resource = resources.get(i);
      String path = fields.at("resources") + "[" + i + "]";
      if (!seen.add(resource.string("name"))) {
        fields.problems().duplicate(path + ".name", resource.string("name"));
      }
      if (resource.integer("weight") != 1) {
        fields.problems().invalid(path + ".weight", resource.integer("weight"), "must be 1");
      }
    }
    return Struct.of("resources", resources);
  }
}
