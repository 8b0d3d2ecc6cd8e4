package dev.tiphys.delivery.metrics;

import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.GaugeFamily;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Values of families, each by an object's namespace and name and more labels.
final class Readings {

  private final Map<GaugeFamily, Map<List<String>, Double>> values = new LinkedHashMap<>();

  /// A family whose labels begin with `namespace` and `name`.
  static GaugeFamily family(String name, String help, String... labels) {
    List<String> all = new ArrayList<>(List.of("namespace", "name"));
    all.addAll(List.of(labels));
    return new GaugeFamily(name, help, all);
  }

  void add(GaugeFamily family, Struct object, double value, String... labels) {
    Meta meta = Meta.of(object);
    List<String> all = new ArrayList<>(List.of(meta.namespace(), meta.name()));
    all.addAll(List.of(labels));
    values.computeIfAbsent(family, _ -> new LinkedHashMap<>()).put(List.copyOf(all), value);
  }

  /// 1 for the phase that it is in, and 0 for each other one; the phase is the last label.
  void addPhase(
      GaugeFamily family, Struct object, List<String> phases, String present, String... labels) {
    for (String phase : phases) {
      List<String> all = new ArrayList<>(List.of(labels));
      all.add(phase);
      add(family, object, phase.equals(present) ? 1 : 0, all.toArray(String[]::new));
    }
  }

  void write(Exposition out) {
    values.forEach((family, each) -> family.write(out, each));
  }
}
