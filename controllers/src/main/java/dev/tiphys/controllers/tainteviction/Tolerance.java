package dev.tiphys.controllers.tainteviction;

import dev.tiphys.object.Struct;
import java.util.List;

/// How long a Pod may stay on a node with some taints. Pure.
sealed interface Tolerance {

  /// As long as it likes.
  record Unlimited() implements Tolerance {}

  /// For a while from the moment the taints were seen; maybe not at all.
  record Limited(long seconds) implements Tolerance {}

  /// @param taints those with the effect NoExecute
  static Tolerance of(List<Struct> taints, List<Struct> tolerations) {
    long least = Long.MAX_VALUE;
    for (Struct taint : taints) {
      long longest = -1;
      boolean tolerated = false;
      for (Struct toleration : tolerations) {
        if (tolerates(toleration, taint)) {
          tolerated = true;
          longest = secondsOf(toleration);
          break;
        }
      }
      if (!tolerated) {
        return new Limited(0);
      }
      least = Math.min(least, longest);
    }
    return least == Long.MAX_VALUE ? new Unlimited() : new Limited(least);
  }

  private static long secondsOf(Struct toleration) {
    return toleration.has("tolerationSeconds")
        ? Math.max(0, toleration.integer("tolerationSeconds"))
        : Long.MAX_VALUE;
  }

  private static boolean tolerates(Struct toleration, Struct taint) {
    String effect = toleration.string("effect");
    String key = toleration.string("key");
    boolean about =
        (effect.isEmpty() || effect.equals(taint.string("effect")))
            && (key.isEmpty() || key.equals(taint.string("key")));
    return about
        && (toleration.string("operator").equals("Exists")
            || (!key.isEmpty() && toleration.string("value").equals(taint.string("value"))));
  }
}
