package dev.tiphys.node.eviction;

import dev.tiphys.client.placement.PodRequests;
import dev.tiphys.client.placement.ResourceList;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.PodContainer;
import dev.tiphys.object.Quantity;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// Which Pod goes first when there is too little of something: one that takes more than it asked
/// for, of these one that matters less, of these the one that takes most beyond.
///
/// Pure.
public final class Ranking {
  private static final long CRITICAL = 2_000_000_000;

  private Ranking() {}

  static List<PodUsage> of(Collection<PodUsage> pods, String resource) {
    return pods.stream()
        .sorted(
            Comparator.comparing((PodUsage pod) -> beyond(pod, resource) <= 0)
                .thenComparingLong(pod -> pod.pod().spec().integer("priority"))
                .thenComparing(
                    Comparator.comparingLong((PodUsage pod) -> beyond(pod, resource)).reversed()))
        .toList();
  }

  private static long beyond(PodUsage pod, String resource) {
    ResourceList requests = PodRequests.of(pod.pod().spec());
    return pod.of(resource)
        - switch (resource) {
          case "memory" -> requests.memory();
          case "ephemeral-storage" -> requests.ephemeralStorage();
          default -> 0;
        };
  }

  /// Whether the node needs a Pod more than the room that it takes.
  public static boolean isCritical(Pod pod) {
    return pod.spec().integer("priority") >= CRITICAL
        || pod.meta().annotations().has("kubernetes.io/config.mirror");
  }

  /// Why a Pod goes, in upstream's words.
  static String message(PodUsage usage, Signal.Met met) {
    String resource = met.signal().resource();
    StringBuilder message = new StringBuilder("The node was low on resource: ").append(resource);
    message
        .append(". Threshold quantity: ")
        .append(text(met.signal(), met.threshold()))
        .append(", available: ")
        .append(text(met.signal(), met.available()))
        .append(". ");
    for (PodContainer container : usage.pod().containers()) {
      Quantity request = Quantity.from(container.spec().get("resources", "requests", resource));
      Long used = usage.byContainer(resource).get(container.name());
      if (used != null && used > request.units()) {
        message.append(
            "Container %s was using %s, request is %s, has larger consumption of %s. "
                .formatted(container.name(), Quantity.ofBytes(used), request, resource));
      }
    }
    return message.toString();
  }

  private static Quantity text(Signal signal, long amount) {
    return signal.resource().equals("inodes") ? Quantity.of(amount) : Quantity.ofBytes(amount);
  }
}
