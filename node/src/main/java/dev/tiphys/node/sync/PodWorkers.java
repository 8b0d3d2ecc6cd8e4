package dev.tiphys.node.sync;

import dev.tiphys.client.Informer;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.runtime.PodLabels;
import dev.tiphys.node.runtime.Sandbox;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import dev.tiphys.world.SupervisedTask;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The workers of this node, one for each Pod.
///
/// Threads: any.
public final class PodWorkers implements Informer.Listener, AutoCloseable {
  private final NodeContext node;
  private final Map<String, PodWorker> byUid = new ConcurrentHashMap<>();
  private volatile boolean closed;

  public PodWorkers(NodeContext node) {
    this.node = node;
  }

  @Override
  public void added(Struct object) {
    Pod pod = new Pod(object);
    if (closed) {
      return;
    }
    PodWorker known =
        byUid.computeIfAbsent(pod.uid(), _ -> new PodWorker(node, pod, false, this::forget));
    known.update(pod);
  }

  @Override
  public void updated(Struct before, Struct now) {
    added(now);
  }

  @Override
  public void deleted(Struct last) {
    PodWorker worker = byUid.get(Meta.of(last).uid());
    if (worker != null) {
      worker.vanish();
    }
  }

  private void forget(PodWorker worker) {
    byUid.remove(worker.uid(), worker);
    worker.close();
  }

  /// Something happened in the runtime to this Pod.
  public void look(String uid) {
    PodWorker worker = byUid.get(uid);
    if (worker != null) {
      worker.look();
    }
  }

  /// Anything may have happened to any Pod.
  public void lookAtAll() {
    byUid.values().forEach(PodWorker::look);
  }

  /// Ends a Pod at once, and tells why in its status. Returns whether it is here.
  ///
  /// @param forTheNode whether it is for the sake of the node
  public boolean evict(String uid, String message, boolean forTheNode) {
    PodWorker worker = byUid.get(uid);
    return worker != null && worker.evict(TerminationReason.evicted(message, forTheNode));
  }

  /// The Pods that were evicted and still have something on the node, by uid.
  public Set<String> evicting() {
    Set<String> uids = new HashSet<>();
    byUid.forEach(
        (uid, worker) -> {
          if (worker.isEvicting()) {
            uids.add(uid);
          }
        });
    return uids;
  }

  /// Clears away what is left in the runtime of Pods that are gone.
  public void adoptOrphans(Collection<Sandbox> sandboxes) {
    for (Sandbox sandbox : sandboxes) {
      String uid = sandbox.labels().getOrDefault(PodLabels.POD_UID, "");
      if (!uid.isEmpty() && !closed) {
        byUid.computeIfAbsent(uid, _ -> new PodWorker(node, orphan(sandbox), true, this::forget));
      }
    }
  }

  /// What is known of a Pod by its sandbox alone.
  private static Pod orphan(Sandbox sandbox) {
    return new Pod(
        new StructBuilder()
            .add("apiVersion", "v1")
            .add("kind", "Pod")
            .add(
                "metadata",
                Struct.of(
                    "name",
                    sandbox.name().name(),
                    "namespace",
                    sandbox.name().namespace(),
                    "uid",
                    sandbox.name().uid()))
            .build());
  }

  /// Whether a Pod of this uid is looked after.
  public boolean knows(String uid) {
    return byUid.containsKey(uid);
  }

  /// Lets go of all Pods. What runs goes on.
  @Override
  public void close() {
    closed = true;
    List<PodWorker> workers = List.copyOf(byUid.values());
    SupervisedTask.closeAll(workers.stream().map(PodWorker::task).toList());
    workers.forEach(PodWorker::close);
  }
}
