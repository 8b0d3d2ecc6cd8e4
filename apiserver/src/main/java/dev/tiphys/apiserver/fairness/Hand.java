package dev.tiphys.apiserver.fairness;

import java.nio.charset.StandardCharsets;

/// Shuffle sharding: deals each flow a few of all queues. Two flows rarely have the same, so a flow
/// that fills its queues leaves others at least one that is not full.
final class Hand {

  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private Hand() {}

  /// A number that stands for a flow.
  static long hash(String schema, String flow) {
    long hash = FNV_OFFSET;
    for (byte each : schema.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ each) * FNV_PRIME;
    }
    hash *= FNV_PRIME; // what separates the two
    for (byte each : flow.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ each) * FNV_PRIME;
    }
    // spreads what the last bytes say over all bits
    hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
    hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
    return hash ^ (hash >>> 31);
  }

  /// Deals `size` different queues out of `queues`.
  static int[] deal(long hash, int queues, int size) {
    int[] hand = new int[size];
    long left = hash;
    for (int dealt = 0; dealt < size; dealt++) {
      int remaining = queues - dealt;
      int card = (int) Long.remainderUnsigned(left, remaining);
      left = Long.divideUnsigned(left, remaining);
      // it is the card-th of those that were not dealt yet
      int at = 0;
      while (at < dealt && hand[at] <= card) {
        card++;
        at++;
      }
      System.arraycopy(hand, at, hand, at + 1, dealt - at);
      hand[at] = card;
    }
    return hand;
  }
}
