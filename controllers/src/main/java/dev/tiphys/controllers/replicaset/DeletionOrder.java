package dev.tiphys.controllers.replicaset;

import dev.tiphys.controllers.common.Pods;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Which of several Pods goes first when there are too many: the one that does least good.
final class DeletionOrder {

  private static final String COST = "controller.kubernetes.io/pod-deletion-cost";

  private final Map<String, Long> podsOnNode;
  private final Instant now;

  /// @param related the active Pods of all ReplicaSets of the same Deployment; where many of them
  ///   share a node, one can go more easily
  DeletionOrder(List<Struct> related, Instant now) {
    this.podsOnNode =
        related.stream()
            .collect(Collectors.groupingBy(DeletionOrder::nodeOf, Collectors.counting()));
    this.now = now;
  }

  /// The first ones of `pods`.
  List<Struct> first(List<Struct> pods, int count) {
    Comparator<Struct> order =
        Comparator.<Struct, Boolean>comparing(pod -> !nodeOf(pod).isEmpty())
            .thenComparing(DeletionOrder::phaseRank)
            .thenComparing(Pods::isReady)
            .thenComparing(DeletionOrder::cost)
            .thenComparing(this::crowd, Comparator.reverseOrder())
            .thenComparing(pod -> ageRank(Pods.readySince(pod)))
            .thenComparing(Pods::restarts, Comparator.reverseOrder())
            .thenComparing(pod -> ageRank(Meta.of(pod).created()))
            .thenComparing(pod -> Meta.of(pod).uid());
    return pods.stream().sorted(order).limit(count).toList();
  }

  private static String nodeOf(Struct pod) {
    return pod.string("spec", "nodeName");
  }

  private static int phaseRank(Struct pod) {
    return switch (pod.string("status", "phase")) {
      case "Pending" -> 0;
      case "Running" -> 2;
      default -> 1;
    };
  }

  private static int cost(Struct pod) {
    try {
      String cost = Meta.of(pod).annotation(COST);
      return cost.isEmpty() ? 0 : Integer.parseInt(cost);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private long crowd(Struct pod) {
    return podsOnNode.getOrDefault(nodeOf(pod), 0L);
  }

  /// Ages count in powers of two only, so that among Pods of about one age chance decides and not
  /// the order in which they were made.
  private int ageRank(@Nullable Instant since) {
    if (since == null) {
      return -1;
    }
    long nanos = Math.max(1, Duration.between(since, now).toNanos());
    return 63 - Long.numberOfLeadingZeros(nanos);
  }
}
