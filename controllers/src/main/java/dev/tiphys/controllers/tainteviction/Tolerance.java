package dev.tiphys.controllers.tainteviction;

import dev.tiphys.client.placement.Taint;
import dev.tiphys.client.placement.Toleration;
import java.util.List;

/// How long a Pod may stay on a node with some taints. Pure.
sealed interface Tolerance {

  /// As long as it likes.
  record Unlimited() implements Tolerance {}

  /// For a while from the moment the taints were seen; maybe not at all.
  record Limited(long seconds) implements Tolerance {}

  /// @param taints those with the effect NoExecute
  static Tolerance of(List<Taint> taints, List<Toleration> tolerations) {
    long least = Long.MAX_VALUE;
    for (Taint taint : taints) {
      Toleration first = null;
      for (Toleration toleration : tolerations) {
        if (first == null && toleration.tolerates(taint)) {
          first = toleration;
        }
      }
      if (first == null) {
        return new Limited(0);
      }
      Long seconds = first.seconds();
      least = seconds == null ? least : Math.min(least, seconds);
    }
    return least == Long.MAX_VALUE ? new Unlimited() : new Limited(least);
  }
}
