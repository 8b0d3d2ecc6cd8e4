package dev.tiphys.scheduler;

import dev.tiphys.client.Cause;
import dev.tiphys.client.Informer;
import dev.tiphys.object.Struct;
import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.extenders.Advice;
import dev.tiphys.scheduler.extenders.Extenders;
import dev.tiphys.scheduler.verdict.Slots;
import dev.tiphys.world.Task;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// Asks extenders about Pods, each on a task of its own: the scheduling task goes on with other
/// Pods meanwhile.
///
/// Threads: the scheduling task.
final class Consultations implements AutoCloseable {

  private static final Duration CLOSING = Duration.ofSeconds(10);

  private final World world;
  private final Extenders extenders;
  private final Informer nodes;
  private final Cluster cluster;
  private final Inbox inbox;
  private final Set<Task> running = ConcurrentHashMap.newKeySet();

  Consultations(World world, Extenders extenders, Informer nodes, Cluster cluster, Inbox inbox) {
    this.world = world;
    this.extenders = extenders;
    this.nodes = nodes;
    this.cluster = cluster;
    this.inbox = inbox;
  }

  boolean areNeededFor(PodInfo pod) {
    return extenders.areInterestedIn(pod);
  }

  /// @param found the nodes that plugins have found
  /// @param goOn called with what the extenders say, on the scheduling task
  void begin(PodInfo pod, Slots found, Consumer<Advice> goOn) {
    running.removeIf(Task::done);
    List<Struct> objects = objects(found);
    running.add(
        world.start(
            "extenders-" + pod.uid(),
            () -> Cause.during(pod.revision(), () -> ask(pod, objects, goOn))));
  }

  private List<Struct> objects(Slots found) {
    List<Struct> objects = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      NodeInfo node = cluster.nodeAt(found.at(i));
      Struct object = node == null ? null : nodes.find("", node.name());
      if (object != null) {
        objects.add(object);
      }
    }
    return objects;
  }

  private void ask(PodInfo pod, List<Struct> objects, Consumer<Advice> goOn) {
    Advice advice;
    try {
      advice = extenders.ask(pod, objects);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      advice = new Advice.Failed("context canceled");
    } catch (RuntimeException e) {
      advice = new Advice.Failed(BindingCycle.message(e));
    }
    Advice given = advice;
    inbox.post(() -> goOn.accept(given));
  }

  /// Interrupts all that is asked, and waits until that has ended.
  @Override
  public void close() {
    running.forEach(Task::interrupt);
    try {
      for (Task task : running) {
        task.join(CLOSING);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
