package dev.tiphys.network.proxy;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.world.Gate;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// Waits until no new connections are sent to Pods that are going to end.
///
/// Threads: any.
final class Terminations {
  private final World world;
  private final Supplier<List<Struct>> slices;
  private final Map<Gate, Long> waiting = new ConcurrentHashMap<>();
  private volatile long served;

  /// @param slices those that are known now
  Terminations(World world, Supplier<List<Struct>> slices) {
    this.world = world;
    this.slices = slices;
  }

  /// Is told that the rules are as slices up to this revision want them.
  void served(long revision) {
    served = revision;
    waiting.keySet().forEach(Gate::open);
  }

  /// The revision of slices up to which the rules are as they want.
  long served() {
    return served;
  }

  /// Waits until all slices that know a Pod say that it ends, and the rules are so.
  ///
  /// @return the newest revision of those slices; -1 if that did not happen before the limit
  long await(Meta pod, Duration limit) throws InterruptedException {
    long end = world.nanoTime() + limit.toNanos();
    Gate gate = world.gate();
    waiting.put(gate, 0L);
    try {
      while (!isDone(pod)) {
        long left = end - world.nanoTime();
        if (left <= 0) {
          return -1;
        }
        boolean _ = gate.await(Duration.ofNanos(left));
      }
      return newest(pod);
    } finally {
      waiting.remove(gate);
    }
  }

  private long newest(Meta pod) {
    long newest = 0;
    for (Struct slice : slices.get()) {
      if (Meta.of(slice).namespace().equals(pod.namespace())
          && slice.structs("endpoints").stream()
              .anyMatch(one -> one.struct("targetRef").string("uid").equals(pod.uid()))) {
        newest = Math.max(newest, Meta.of(slice).revision());
      }
    }
    return newest;
  }

  private boolean isDone(Meta pod) {
    long served = this.served;
    for (Struct slice : slices.get()) {
      if (!Meta.of(slice).namespace().equals(pod.namespace())) {
        continue;
      }
      for (Struct endpoint : slice.structs("endpoints")) {
        if (endpoint.struct("targetRef").string("uid").equals(pod.uid())
            && (!endpoint.struct("conditions").bool("terminating")
                || Meta.of(slice).revision() > served)) {
          return false;
        }
      }
    }
    return true;
  }
}
