package dev.tiphys.scheduler.config.arguments;

import dev.tiphys.object.Struct;
import dev.tiphys.scheduler.config.fields.Fields;
import java.util.ArrayList;
import java.util.List;

/// Lists of resources with their weights, and of points of a shape.
final class ResourceSpecs {

  private ResourceSpecs() {}

  /// What is said; if nothing is, CPU and memory alike. A weight that is not said is 1.
  static List<Struct> read(Fields fields) {
    List<Struct> resources = new ArrayList<>();
    for (Fields resource : fields.objects("resources", "ResourceSpec")) {
      long weight = resource.integer("weight", 0, "int64");
      resources.add(spec(resource.string("name", ""), weight == 0 ? 1 : weight));
      resource.end();
    }
    return resources.isEmpty() ? List.of(spec("cpu", 1), spec("memory", 1)) : resources;
  }

  private static Struct spec(String name, long weight) {
    return Struct.of("name", name, "weight", weight);
  }

  /// The points, if they are those of a shape.
  static List<Struct> shape(List<Fields> points, String path) {
    if (points.isEmpty()) {
      return List.of();
    }
    List<Struct> shape = new ArrayList<>();
    long before = -1;
    boolean sorted = true;
    for (Fields point : points) {
      long utilization = point.integer("utilization", 0, "int32");
      long score = point.integer("score", 0, "int32");
      point.end();
      if (sorted && !shape.isEmpty() && before >= utilization) {
        sorted = false;
        point
            .problems()
            .invalid(
                path + "[" + shape.size() + "].utilization",
                utilization,
                "utilization values must be sorted in increasing order");
      }
      before = utilization;
      within(point, path + "[" + shape.size() + "].utilization", utilization, 100);
      within(point, path + "[" + shape.size() + "].score", score, 10);
      shape.add(Struct.of("utilization", utilization, "score", score));
    }
    return shape;
  }

  private static void within(Fields point, String path, long value, long most) {
    if (value < 0 || value > most) {
      point.problems().invalid(path, value, "not in valid range [0, " + most + "]");
    }
  }
}
