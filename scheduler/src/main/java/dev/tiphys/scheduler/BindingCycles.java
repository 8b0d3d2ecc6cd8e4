package dev.tiphys.scheduler;

import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.framework.CycleState;
import dev.tiphys.scheduler.queue.QueuedPod;
import dev.tiphys.scheduler.queue.SchedulingQueue;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The Pods that have a node and are on their way to be bound.
///
/// Threads: the scheduling task, where nothing is said to the contrary.
final class BindingCycles implements AutoCloseable {

  final World world;
  final Cluster cluster;
  final SchedulingQueue queue;
  final Writers writers;
  final Inbox inbox;
  private final Map<String, BindingCycle> running = new HashMap<>();
  private final Map<String, BindingCycle> waiting;
  private @Nullable List<BindingCycle> held;

  /// @param waiting where the Pods that wait for permission are put, by their uids
  BindingCycles(
      World world,
      Cluster cluster,
      SchedulingQueue queue,
      Writers writers,
      Inbox inbox,
      Map<String, BindingCycle> waiting) {
    this.world = world;
    this.cluster = cluster;
    this.queue = queue;
    this.writers = writers;
    this.inbox = inbox;
    this.waiting = waiting;
  }

  /// Begins to bind a Pod that is assumed to be on a node.
  void begin(QueuedPod queued, NodeInfo node, ProfileWork work, CycleState state) {
    BindingCycle cycle = new BindingCycle(this, queued, node, work, state);
    running.put(queued.pod().uid(), cycle);
    if (held == null) {
      cycle.begin();
    } else if (cycle.reserve()) {
      held.add(cycle);
    }
  }

  /// Has nodes found for Pods that go on together or not at all. Returns those that have one, with
  /// what they take set aside: each waits for [BindingCycle#proceed] or [BindingCycle#release].
  List<BindingCycle> holding(Runnable search) {
    List<BindingCycle> all = new ArrayList<>();
    held = all;
    try {
      search.run();
    } finally {
      held = null;
    }
    return all;
  }

  /// Whether Pods are being held: what becomes of them is not sure yet.
  boolean holds() {
    return held != null;
  }

  /// How many Pods are on their way.
  int size() {
    return running.size();
  }

  /// Takes note that a Pod is gone: nothing more has to be done for it.
  void gone(PodInfo pod) {
    BindingCycle cycle = running.get(pod.uid());
    if (cycle != null) {
      cycle.cancel("the pod is gone");
    }
  }

  /// Breaks off what goes on for a Pod. Returns false if nothing does.
  boolean abandon(PodInfo pod) {
    BindingCycle cycle = running.get(pod.uid());
    if (cycle != null) {
      cycle.fail("the scheduling broke off");
    }
    return cycle != null;
  }

  void waits(BindingCycle cycle) {
    waiting.put(cycle.pod().uid(), cycle);
  }

  void waitsNoMore(BindingCycle cycle) {
    waiting.remove(cycle.pod().uid());
  }

  void ended(BindingCycle cycle) {
    running.remove(cycle.pod().uid(), cycle);
  }

  /// Interrupts what is done for Pods, and waits until that has ended. Called when the scheduling
  /// task has ended.
  @Override
  public void close() {
    running.values().forEach(BindingCycle::interrupt);
    running.values().forEach(BindingCycle::awaitEnd);
  }
}
