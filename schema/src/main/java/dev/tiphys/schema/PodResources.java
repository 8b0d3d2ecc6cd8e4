package dev.tiphys.schema;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/// What the containers of a Pod need together.
///
/// That is the sum of what runs at once: all containers and the init containers that never end
/// (sidecars); or, if that is more, what one init container and the sidecars started before it
/// need.
public final class PodResources {

  private static final List<String> QOS_RESOURCES = List.of("cpu", "memory");

  private PodResources() {}

  /// The sums by the name of the resource, in order.
  ///
  /// @param spec the specification of a Pod
  /// @param list `requests` or `limits`
  public static Map<String, Quantity> ofContainers(Struct spec, String list) {
    Map<String, Quantity> running = new TreeMap<>();
    for (Struct container : spec.structs("containers")) {
      merge(running, container, list, Quantity::plus);
    }
    Map<String, Quantity> sidecars = new TreeMap<>();
    Map<String, Quantity> starting = new TreeMap<>();
    for (Struct container : spec.structs("initContainers")) {
      Map<String, Quantity> now = new TreeMap<>(sidecars);
      merge(now, container, list, Quantity::plus);
      if (container.string("restartPolicy").equals("Always")) {
        merge(running, container, list, Quantity::plus);
        sidecars = now;
      }
      now.forEach((name, amount) -> starting.merge(name, amount, PodResources::larger));
    }
    starting.forEach((name, amount) -> running.merge(name, amount, PodResources::larger));
    return running;
  }

  /// How well the node must keep what the Pod asked for: `Guaranteed` if every container limits cpu
  /// and memory and asks for no less, `BestEffort` if none asks for anything, else `Burstable`.
  ///
  /// @param spec the specification of a Pod
  public static String qosClass(Struct spec) {
    List<Struct> all = new ArrayList<>();
    if (spec.has("resources")) {
      all.add(spec.struct("resources"));
    } else {
      spec.structs("containers").forEach(container -> all.add(container.struct("resources")));
      spec.structs("initContainers").forEach(container -> all.add(container.struct("resources")));
    }
    Map<String, Quantity> requests = new TreeMap<>();
    Map<String, Quantity> limits = new TreeMap<>();
    boolean limited = true;
    for (Struct resources : all) {
      addQos(requests, resources.struct("requests"));
      limited &= addQos(limits, resources.struct("limits")) == QOS_RESOURCES.size();
    }
    if (requests.isEmpty() && limits.isEmpty()) {
      return "BestEffort";
    }
    return limited && requests.equals(limits) ? "Guaranteed" : "Burstable";
  }

  /// Adds the amounts that matter. Returns how many there are.
  private static int addQos(Map<String, Quantity> sums, Struct amounts) {
    int count = 0;
    for (String name : QOS_RESOURCES) {
      Quantity amount = Quantity.from(amounts.get(name));
      if (amount.compareTo(Quantity.ZERO) > 0) {
        sums.merge(name, amount, Quantity::plus);
        count++;
      }
    }
    return count;
  }

  private static void merge(
      Map<String, Quantity> into,
      Struct container,
      String list,
      BinaryOperator<Quantity> operation) {
    container
        .struct("resources", list)
        .forEach((name, amount) -> into.merge(name, Quantity.from(amount), operation));
  }

  private static Quantity larger(Quantity left, Quantity right) {
    return left.compareTo(right) >= 0 ? left : right;
  }
}
