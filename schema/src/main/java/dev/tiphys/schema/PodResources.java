package dev.tiphys.schema;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.schema.quota.Amounts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

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
    return together(spec, container -> Amounts.of(container.struct("resources", list)));
  }

  private static Map<String, Quantity> together(
      Struct spec, Function<Struct, Map<String, Quantity>> ofContainer) {
    Map<String, Quantity> running = Map.of();
    for (Struct container : spec.structs("containers")) {
      running = Amounts.plus(running, ofContainer.apply(container));
    }
    Map<String, Quantity> sidecars = Map.of();
    Map<String, Quantity> starting = Map.of();
    for (Struct container : spec.structs("initContainers")) {
      Map<String, Quantity> its = ofContainer.apply(container);
      Map<String, Quantity> now = Amounts.plus(sidecars, its);
      if (container.string("restartPolicy").equals("Always")) {
        running = Amounts.plus(running, its);
        sidecars = now;
      }
      starting = Amounts.largest(starting, now);
    }
    return Amounts.largest(running, starting);
  }

  /// What a Pod counts for: what it wants, or more if it holds more until a resize is done, and
  /// what its runtime takes beside that.
  ///
  /// @param list `requests` or `limits`
  public static Map<String, Quantity> charged(Struct pod, String list) {
    Struct spec = pod.struct("spec");
    boolean refused = isResizeRefused(pod);
    Map<String, Struct> states = new HashMap<>();
    for (String field : List.of("initContainerStatuses", "containerStatuses")) {
      pod.structs("status", field).forEach(state -> states.put(state.string("name"), state));
    }
    Map<String, Quantity> all =
        together(
            spec,
            container -> {
              Struct state = states.getOrDefault(container.string("name"), Struct.EMPTY);
              return effective(container.struct("resources"), state, list, refused);
            });
    Map<String, Quantity> sum = new TreeMap<>(all);
    effective(spec.struct("resources"), pod.struct("status"), list, refused)
        .forEach(
            (name, amount) -> {
              if (isOfPods(name)) {
                sum.put(name, amount);
              }
            });
    Amounts.of(spec.struct("overhead"))
        .forEach(
            (name, amount) -> {
              Quantity known = sum.getOrDefault(name, Quantity.ZERO);
              if (list.equals("requests") || !known.isZero()) {
                sum.put(name, known.plus(amount));
              }
            });
    return sum;
  }

  /// The largest of what is wanted and what is held; only that if no more can be had.
  private static Map<String, Quantity> effective(
      Struct wanted, Struct state, String list, boolean refused) {
    Map<String, Quantity> spec = Amounts.of(wanted.struct(list));
    if (!state.has("resources")) {
      return spec;
    }
    Map<String, Quantity> held = Amounts.of(state.struct("resources", list));
    if (list.equals("requests")) {
      held = Amounts.largest(held, Amounts.of(state.struct("allocatedResources")));
    }
    return refused ? held : Amounts.largest(spec, held);
  }

  private static boolean isResizeRefused(Struct pod) {
    Struct pending = Meta.condition(pod, "PodResizePending");
    return pending != null && pending.string("reason").equals("Infeasible");
  }

  /// Whether a Pod says itself what its containers need together.
  public static boolean areOfPod(Struct pod) {
    Struct resources = pod.struct("spec", "resources");
    return resources.struct("requests").names().stream().anyMatch(PodResources::isOfPods)
        || resources.struct("limits").names().stream().anyMatch(PodResources::isOfPods);
  }

  private static boolean isOfPods(String name) {
    return QOS_RESOURCES.contains(name) || name.startsWith("hugepages-");
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
}
