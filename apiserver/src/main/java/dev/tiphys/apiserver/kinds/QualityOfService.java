package dev.tiphys.apiserver.kinds;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;

/// The class of service of a Pod, by what its containers ask for and are limited to. See
/// <https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/>.
public final class QualityOfService {

  private static final List<String> COUNTED = List.of("cpu", "memory");

  private QualityOfService() {}

  /// `Guaranteed`, `Burstable` or `BestEffort`.
  public static String of(Struct pod) {
    Struct spec = pod.struct("spec");
    Struct whole = spec.struct("resources");
    List<Struct> parts = new ArrayList<>();
    if (whole.has("requests") || whole.has("limits")) {
      parts.add(whole);
    } else {
      spec.structs("containers").forEach(container -> parts.add(container.struct("resources")));
      spec.structs("initContainers").forEach(container -> parts.add(container.struct("resources")));
    }
    if (parts.stream().noneMatch(QualityOfService::asksForAnything)) {
      return "BestEffort";
    }
    return parts.stream().allMatch(QualityOfService::isGuaranteed) ? "Guaranteed" : "Burstable";
  }

  private static boolean asksForAnything(Struct resources) {
    return COUNTED.stream()
        .anyMatch(
            name ->
                !amount(resources, "requests", name).isZero()
                    || !amount(resources, "limits", name).isZero());
  }

  private static boolean isGuaranteed(Struct resources) {
    return COUNTED.stream()
        .allMatch(
            name -> {
              Quantity limit = amount(resources, "limits", name);
              return !limit.isZero() && limit.equals(amount(resources, "requests", name));
            });
  }

  private static Quantity amount(Struct resources, String list, String name) {
    return Quantity.from(resources.get(list, name));
  }
}
