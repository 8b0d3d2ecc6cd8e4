package dev.tiphys.node.sync;

import dev.tiphys.client.placement.PodRequests;
import dev.tiphys.node.machine.PodCgroups;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.QosClass;
import dev.tiphys.node.runtime.spec.LinuxResources;
import dev.tiphys.node.spec.Resources;
import dev.tiphys.node.spec.SandboxSpecs;
import dev.tiphys.object.Quantity;
import dev.tiphys.world.World;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/// The cgroups between the machine and its Pods: one that keeps all Pods within what the node has
/// for them, and in it one for each weaker class of service, that weighs what its Pods ask for.
///
/// Threads: any.
public final class QosCgroups {
  private final World world;
  private final PodCgroups cgroups;
  private final String top;
  private final PodMetrics metrics;
  private final Map<String, Long> burstable = new HashMap<>();

  /// @param top the cgroup that holds those of all Pods
  /// @param metrics told how long each change takes
  public QosCgroups(World world, PodCgroups cgroups, String top, PodMetrics metrics) {
    this.world = world;
    this.cgroups = cgroups;
    this.top = top;
    this.metrics = metrics;
  }

  /// Makes those that are there before any Pod.
  ///
  /// @param allocatable what the node has for Pods
  public void start(Map<String, Quantity> allocatable) throws IOException {
    long cpu = allocatable.getOrDefault("cpu", Quantity.ZERO).milli();
    long memory = allocatable.getOrDefault("memory", Quantity.ZERO).units();
    make(top, LinuxResources.NONE.withCpu(Resources.shares(cpu), 0, 0).withMemoryLimit(memory));
    make(top + "/besteffort", LinuxResources.NONE.withCpu(Resources.shares(0), 0, 0));
    synchronized (burstable) {
      weigh();
    }
  }

  private void make(String path, LinuxResources limits) throws IOException {
    String operation = cgroups.exists(path) ? "update" : "create";
    long begin = world.nanoTime();
    cgroups.make(path, limits);
    metrics.changedCgroup(operation, world.nanoTime() - begin);
  }

  /// Makes the cgroup of a Pod, or changes its limits.
  void make(Pod pod) throws IOException {
    make(SandboxSpecs.cgroup(top, pod), Resources.ofPod(pod));
    if (pod.qos() == QosClass.BURSTABLE) {
      long cpu = PodRequests.of(pod.spec()).cpu();
      synchronized (burstable) {
        Long before = burstable.put(pod.uid(), cpu);
        if (before == null || before != cpu) {
          weigh();
        }
      }
    }
  }

  /// Removes the cgroup of a Pod, whatever its class was. What still runs in it is killed.
  public void remove(String uid) throws IOException {
    for (QosClass qos : QosClass.values()) {
      remove(qos, uid);
    }
    synchronized (burstable) {
      if (burstable.remove(uid) != null) {
        weigh();
      }
    }
  }

  private void remove(QosClass qos, String uid) throws IOException {
    String path = SandboxSpecs.cgroup(top, qos, uid);
    if (cgroups.exists(path)) {
      long begin = world.nanoTime();
      cgroups.remove(path);
      metrics.changedCgroup("destroy", world.nanoTime() - begin);
    }
  }

  /// The sum and what is written of it belong together: two Pods that write at the same time could
  /// leave the older sum behind. The caller holds the lock.
  private void weigh() throws IOException {
    long cpu = burstable.values().stream().mapToLong(Long::longValue).sum();
    make(top + "/burstable", LinuxResources.NONE.withCpu(Resources.shares(cpu), 0, 0));
  }
}
