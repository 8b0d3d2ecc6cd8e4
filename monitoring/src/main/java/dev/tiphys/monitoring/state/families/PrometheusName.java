package dev.tiphys.monitoring.state.families;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Names of the cluster as Prometheus can have them.
final class PrometheusName {

  private static final Pattern INVALID = Pattern.compile("[^a-zA-Z0-9_]");
  private static final Pattern HUMP = Pattern.compile("([a-z0-9])([A-Z])");

  private PrometheusName() {}

  /// With an underscore for each letter that it can't have.
  static String of(String name) {
    return INVALID.matcher(name).replaceAll("_");
  }

  private static String snake(String name) {
    return HUMP.matcher(of(name)).replaceAll("$1_$2").toLowerCase(Locale.ROOT);
  }

  /// Labels or annotations as labels of a sample. Those whose names become the same are numbered.
  ///
  /// @param prefix what the names begin with
  static String[] labels(String prefix, Struct of) {
    Map<String, String> sorted = new TreeMap<>();
    of.forEach((name, value) -> sorted.put(name, String.valueOf(value)));
    Map<String, Integer> uses = new HashMap<>();
    sorted.keySet().forEach(name -> uses.merge(snake(name), 1, Integer::sum));
    Map<String, Integer> numbers = new HashMap<>();
    List<String> labels = new ArrayList<>();
    sorted.forEach(
        (name, value) -> {
          String plain = snake(name);
          boolean shared = uses.getOrDefault(plain, 1) > 1;
          int number = numbers.merge(plain, 1, Integer::sum);
          labels.add(prefix + "_" + plain + (shared ? "_conflict" + number : ""));
          labels.add(value);
        });
    return labels.toArray(new String[0]);
  }
}
