package dev.tiphys.node.simulated;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.client.controller.Reconciler;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.World;
import java.util.Map;

/// Brings a Pod on a simulated node to life, and to its end when it is deleted.
///
/// Threads: any.
final class PodLife implements Reconciler {

  private final World world;
  private final Api api;
  private final Informer pods;
  private final Map<String, SimulatedNode> nodes;
  private final Behaviours behaviours;
  private final Addresses addresses = new Addresses();

  PodLife(
      World world,
      Api api,
      Informer pods,
      Map<String, SimulatedNode> nodes,
      Behaviours behaviours) {
    this.world = world;
    this.api = api;
    this.pods = pods;
    this.nodes = Map.copyOf(nodes);
    this.behaviours = behaviours;
  }

  /// Takes note of the address that a Pod has from before.
  void known(Struct pod) {
    String address = pod.string("status", "podIP");
    if (!address.isEmpty() && !pod.bool("spec", "hostNetwork")) {
      addresses.keep(Meta.of(pod).uid(), address);
    }
  }

  /// Takes note that a Pod is gone.
  void gone(Struct pod) {
    addresses.release(Meta.of(pod).uid());
  }

  /// Whether a Pod is on one of the nodes.
  boolean isOurs(Struct pod) {
    return nodes.containsKey(pod.string("spec", "nodeName"));
  }

  @Override
  public Outcome reconcile(ObjectKey key) {
    Struct pod = pods.find(key);
    SimulatedNode node = pod == null ? null : nodes.get(pod.string("spec", "nodeName"));
    if (pod == null || node == null) {
      return Outcome.DONE;
    }
    try {
      return Meta.of(pod).isBeingDeleted() ? end(pod, node) : live(pod, node);
    } catch (ApiException e) {
      if (e.is(Reason.NOT_FOUND)) {
        gone(pod);
        return Outcome.DONE;
      }
      throw e;
    }
  }

  private Outcome live(Struct pod, SimulatedNode node) {
    if (PodStatus.isOver(pod)) {
      return Outcome.DONE;
    }
    String address = address(pod, node);
    return switch (behaviours.of(pod)) {
      case Behaviour.Stays() -> Outcome.DONE;
      case Behaviour.Waits waits -> {
        report(pod, PodStatus.waiting(pod, waits, node, address, world.now()));
        yield Outcome.again(waits.again());
      }
      case Script script -> {
        PodStatus next = PodStatus.running(pod, script, node, address, world.now());
        report(pod, next);
        yield next.untilNextChange().map(Outcome::again).orElse(Outcome.DONE);
      }
    };
  }

  private Outcome end(Struct pod, SimulatedNode node) {
    Meta meta = Meta.of(pod);
    if (pod.has("metadata", "deletionGracePeriodSeconds")
        && pod.integer("metadata", "deletionGracePeriodSeconds") == 0) {
      // The node has done its part; finalizers of others hold the Pod.
      return Outcome.DONE;
    }
    if (!PodStatus.isOver(pod)) {
      report(pod, PodStatus.stopped(pod, node, address(pod, node), world.now()));
    }
    api.delete(
        ApiResource.PODS,
        meta.namespace(),
        meta.name(),
        DeleteOptions.withGrace(0).ofUid(meta.uid()));
    return Outcome.DONE;
  }

  private String address(Struct pod, SimulatedNode node) {
    return pod.bool("spec", "hostNetwork") ? node.address() : addresses.of(Meta.of(pod).uid());
  }

  private void report(Struct pod, PodStatus next) {
    if (!next.status().equals(pod.struct("status"))) {
      api.update(ApiResource.PODS, pod.with("status", next.status()), "status");
    }
  }
}
