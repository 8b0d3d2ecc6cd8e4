package dev.tiphys.scheduler.plugins.devices;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.framework.Handle;
import dev.tiphys.scheduler.framework.PluginException;
import dev.tiphys.scheduler.plugins.devices.ClaimPlan.NodePlan;
import dev.tiphys.scheduler.plugins.devices.allocation.DeviceClaim;
import dev.tiphys.world.Gate;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Does what was planned for the claims of a Pod: gives them their devices, reserves them for the
/// Pod, and waits until the devices are ready.
///
/// Threads: any, one for each Pod.
final class ClaimBinder {

  private final World world;
  private final Handle handle;
  private final Devices devices;
  private final ClaimWriter writer;
  private final Duration patience;
  private final Set<Gate> waiting = ConcurrentHashMap.newKeySet();

  /// @param patience for how long devices may take to be ready
  ClaimBinder(Handle handle, Devices devices, ClaimWriter writer, Duration patience) {
    // Drivers make devices ready: how long they take is not this scheduler's work.
    this.world = handle.world().background();
    this.handle = handle;
    this.devices = devices;
    this.writer = writer;
    this.patience = patience;
    devices.onClaimChange(() -> waiting.forEach(Gate::open));
  }

  /// @throws PluginException if that fails, or takes too long
  void bind(ClaimPlan plan, PodInfo pod, NodeInfo node) throws InterruptedException {
    for (Struct claim : write(plan, pod)) {
      if (Readiness.isConditional(claim)) {
        awaitReady(plan, pod, node);
        return;
      }
    }
  }

  private List<Struct> write(ClaimPlan plan, PodInfo pod) {
    NodePlan reserved = plan.reserved();
    Map<ObjectKey, Struct> allocations = new HashMap<>();
    if (reserved != null) {
      for (int i = 0; i < plan.unallocated().size(); i++) {
        DeviceClaim claim = plan.unallocated().get(i);
        allocations.put(ObjectKey.of(claim.object()), reserved.allocations().get(i));
      }
    }
    List<Struct> bound = new ArrayList<>();
    for (Struct claim : plan.claims()) {
      bound.add(
          DeviceClaims.isReservedFor(claim, pod)
              ? claim
              : written(
                  plan,
                  claim.string("metadata", "uid"),
                  writer.bind(claim, allocations.get(ObjectKey.of(claim)), pod)));
    }
    ExtendedClaim extended = plan.extended();
    if (reserved != null && reserved.extended() != null && extended != null) {
      bound.add(writeExtended(plan, extended, reserved, reserved.extended(), pod));
    }
    return bound;
  }

  private Struct writeExtended(
      ClaimPlan plan,
      ExtendedClaim extended,
      NodePlan reserved,
      ExtendedClaim.OfNode ofNode,
      PodInfo pod) {
    Struct created = create(ofNode);
    plan.written().add(created); // It must not outlive a failure of what follows.
    Struct claim = writer.bind(created, reserved.allocations().getLast(), pod);
    plan.written().remove(created);
    written(plan, extended.promise(), claim);
    writer.tell(pod, claim, ofNode.mappings());
    return claim;
  }

  private Struct create(ExtendedClaim.OfNode ofNode) {
    boolean created = false;
    try {
      Struct claim = writer.create(ofNode);
      created = true;
      return claim;
    } finally {
      handle.metrics().claimCreated(created);
    }
  }

  /// @param promise the uid under which its devices were promised
  private Struct written(ClaimPlan plan, String promise, Struct claim) {
    plan.written().add(claim);
    handle.post(() -> devices.wrote(promise, claim));
    return claim;
  }

  private void awaitReady(ClaimPlan plan, PodInfo pod, NodeInfo node) throws InterruptedException {
    handle
        .events()
        .normal(
            pod.object(),
            Struct.EMPTY,
            "BindingConditionsPending",
            "Scheduling",
            "waiting for binding conditions for device on node " + node.name());
    long end = world.nanoTime() + patience.toNanos();
    Gate gate = world.gate();
    waiting.add(gate);
    try {
      while (!areReady(plan)) {
        if (!gate.await(Duration.ofNanos(Math.max(0, end - world.nanoTime())))) {
          throw new PluginException("device binding timeout");
        }
      }
    } finally {
      waiting.remove(gate);
    }
  }

  private boolean areReady(ClaimPlan plan) {
    boolean ready = true;
    List<Struct> all = new ArrayList<>(plan.claims());
    all.addAll(plan.written());
    for (Struct claim : all) {
      Struct newest = devices.seen(ObjectKey.of(claim));
      if (newest == null) {
        // It was written a moment ago, or is gone: the former shows soon.
        ready = false;
        continue;
      }
      switch (Readiness.of(newest)) {
        case Readiness.Ready() -> ready &= newest.has("status", "allocation");
        case Readiness.Pending() -> ready = false;
        case Readiness.Failed(String problem) -> throw new PluginException(problem);
      }
    }
    return ready;
  }
}
