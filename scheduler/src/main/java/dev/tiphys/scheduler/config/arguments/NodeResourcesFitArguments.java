package dev.tiphys.scheduler.config.arguments;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.scheduler.config.fields.Fields;
import dev.tiphys.scheduler.config.fields.Problems;
import java.util.List;

/// Which resources do not count, and how nodes are scored by the others.
final class NodeResourcesFitArguments {

  private static final List<String> STRATEGIES =
      List.of("LeastAllocated", "MostAllocated", "RequestedToCapacityRatio");

  private NodeResourcesFitArguments() {}

  static Struct read(Fields fields) {
    List<String> ignored = fields.strings("ignoredResources");
    List<String> groups = fields.strings("ignoredResourceGroups");
    Problems problems = fields.problems();
    for (int i = 0; i < ignored.size(); i++) {
      LabelNames.check(ignored.get(i), fields.at("ignoredResources") + "[" + i + "]", problems);
    }
    for (int i = 0; i < groups.size(); i++) {
      String path = fields.at("ignoredResourceGroups") + "[" + i + "]";
      if (groups.get(i).contains("/")) {
        problems.invalid(path, groups.get(i), "resource group name can't contain '/'");
      }
      LabelNames.check(groups.get(i), path, problems);
    }
    return new StructBuilder()
        .add("ignoredResources", ignored)
        .add("ignoredResourceGroups", groups)
        .add("scoringStrategy", strategy(fields))
        .build();
  }

  private static Struct strategy(Fields fields) {
    boolean given = fields.has("scoringStrategy");
    Fields strategy = fields.object("scoringStrategy", "ScoringStrategy");
    String type = strategy.string("type", given ? "" : STRATEGIES.getFirst());
    Problems problems = fields.problems();
    if (!STRATEGIES.contains(type)) {
      problems.unsupported(strategy.at("type"), type, STRATEGIES);
    }
    List<Struct> resources = ResourceSpecs.read(strategy);
    for (int i = 0; i < resources.size(); i++) {
      long weight = resources.get(i).integer("weight");
      if (weight <= 0 || weight > 100) {
        problems.invalid(
            strategy.at("resources") + "[" + i + "].weight",
            weight,
            "resource weight of "
                + resources.get(i).string("name")
                + " not in valid range (0, 100]");
      }
    }
    return new StructBuilder()
        .add("type", type)
        .add("resources", resources)
        .add("requestedToCapacityRatio", Struct.of("shape", shape(strategy, type)))
        .build();
  }

  private static List<Struct> shape(Fields strategy, String type) {
    boolean given = strategy.has("requestedToCapacityRatio");
    Fields ratio = strategy.object("requestedToCapacityRatio", "RequestedToCapacityRatioParam");
    List<Fields> points = ratio.objects("shape", "UtilizationShapePoint");
    ratio.end();
    if (points.isEmpty() && (given || type.equals("RequestedToCapacityRatio"))) {
      strategy.problems().required(strategy.at("shape"), "at least one point must be specified");
    }
    return ResourceSpecs.shape(points, strategy.at("shape"));
  }
}
