package dev.tiphys.schema.defaults;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.PodResources;
import java.util.Map;
import java.util.function.Predicate;

/// Completes the resources that a Pod asks for as a whole from those of its containers.
final class PodLevelResources {

  private static final String HUGE_PAGES = "hugepages-";
  private static final Predicate<String> IS_HUGE = name -> name.startsWith(HUGE_PAGES);
  private static final Predicate<String> IS_ORDINARY =
      name -> name.equals("cpu") || name.equals("memory");

  private PodLevelResources() {}

  static Struct complete(Struct spec) {
    Struct resources = spec.struct("resources");
    if (resources.struct("limits").isEmpty() && resources.struct("requests").isEmpty()) {
      return spec;
    }
    Struct limited = limitHugePages(resources, spec);
    return spec.with("resources", request(limited, spec));
  }

  /// Huge pages can't be shared out later, so what the containers may take is the Pod's limit.
  private static Struct limitHugePages(Struct resources, Struct spec) {
    Struct taken = resources.struct("requests");
    Struct sums = sum(spec, "limits", IS_HUGE.and(name -> taken.get(name) == null));
    return Edits.fillMap(resources, "limits", sums);
  }

  /// Requests are those of the containers, else the limit.
  private static Struct request(Struct resources, Struct spec) {
    Struct limits = resources.struct("limits");
    if (limits.isEmpty()) {
      return resources;
    }
    Struct summed = Edits.fillMap(resources, "requests", sum(spec, "requests", IS_ORDINARY));
    return Edits.fillMap(summed, "requests", only(limits, IS_ORDINARY.or(IS_HUGE)));
  }

  private static Struct only(Struct map, Predicate<String> wanted) {
    Struct kept = map;
    for (String name : map.names()) {
      if (!wanted.test(name)) {
        kept = kept.without(name);
      }
    }
    return kept;
  }

  private static Struct sum(Struct spec, String list, Predicate<String> wanted) {
    Struct sums = Struct.EMPTY;
    for (Map.Entry<String, Quantity> entry : PodResources.ofContainers(spec, list).entrySet()) {
      if (wanted.test(entry.getKey())) {
        sums = sums.with(entry.getKey(), entry.getValue().toString());
      }
    }
    return sums;
  }
}
