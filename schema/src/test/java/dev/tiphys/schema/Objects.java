package dev.tiphys.schema;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.encoding.Yaml;
import java.util.List;

/// Objects for tests, written as JSON with single quotes or as YAML.
public final class Objects {

  private static final List<Resource> RESOURCES = ResourceTable.builtIn();

  private Objects() {}

  /// The resource named `apps/v1/deployments`, or `v1/pods`.
  public static Resource resource(String path) {
    return RESOURCES.stream()
        .filter(r -> (r.groupVersion() + "/" + r.plural()).equals(path))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no such resource: " + path));
  }

  public static Struct json(String text) {
    return Json.struct(text.replace('\'', '"'));
  }

  /// The object in the form its resource gives it.
  public static Struct normalized(Resource resource, String json) {
    return resource.schema().normalize(json(json));
  }

  public static Struct normalizedYaml(Resource resource, String yaml) {
    return resource.schema().normalize(Yaml.struct(yaml));
  }

  /// What stands at a dotted path, where numbers pick elements of lists; null if nothing does.
  public static Object at(Struct object, String path) {
    Object found = object;
    for (String step : path.split("\\.")) {
      if (found instanceof Struct struct) {
        found = struct.get(step.replace('~', '.'));
      } else if (found instanceof List<?> list && Integer.parseInt(step) < list.size()) {
        found = list.get(Integer.parseInt(step));
      } else {
        return null;
      }
    }
    return found;
  }
}
