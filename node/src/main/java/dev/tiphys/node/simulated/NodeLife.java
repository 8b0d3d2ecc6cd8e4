package dev.tiphys.node.simulated;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.client.controller.Reconciler;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Registers a simulated node, and lets the cluster know that it lives.
///
/// A Node that was deleted is not registered again, as upstream's agent does not either until it is
/// started anew.
///
/// Threads: any; one at a time for each node.
final class NodeLife implements Reconciler {

  private static final Duration RENEWAL = Duration.ofSeconds(10);
  private static final Duration REPORT = Duration.ofMinutes(5);

  private final World world;
  private final Api api;
  private final NodeObjects objects;
  private final Map<String, State> states = new HashMap<>();

  /// What is known of one node. Belongs to the worker that reconciles it.
  private static final class State {
    final SimulatedNode node;
    Struct lease = Struct.EMPTY;
    Struct registered = Struct.EMPTY;
    long reported;

    State(SimulatedNode node) {
      this.node = node;
    }
  }

  NodeLife(World world, Api api, NodeObjects objects, Iterable<SimulatedNode> nodes) {
    this.world = world;
    this.api = api;
    this.objects = objects;
    nodes.forEach(node -> states.put(node.name(), new State(node)));
  }

  @Override
  public Outcome reconcile(ObjectKey key) {
    State state = states.get(key.name());
    if (state == null) {
      return Outcome.DONE;
    }
    if (state.registered.isEmpty()) {
      register(state);
      renew(state);
      // From here on the nodes take turns, or thousands of them would all write at once.
      return Outcome.again(Duration.ofMillis(world.random().nextLong(1, RENEWAL.toMillis())));
    }
    renew(state);
    if (world.nanoTime() - state.reported >= REPORT.toNanos()) {
      report(state);
    }
    return Outcome.again(RENEWAL);
  }

  private void register(State state) {
    Struct present = api.find(ApiResource.NODES, "", state.node.name());
    if (present == null) {
      state.registered = api.create(ApiResource.NODES, objects.node(state.node, world.now()));
      state.reported = world.nanoTime();
    } else {
      state.registered = present;
      report(state);
    }
  }

  private void report(State state) {
    Struct present = api.find(ApiResource.NODES, "", state.node.name());
    if (present != null) {
      Struct status = objects.status(state.node, present, world.now());
      api.update(ApiResource.NODES, present.with("status", status), "status");
    }
    state.reported = world.nanoTime();
  }

  private void renew(State state) {
    String name = state.node.name();
    try {
      if (state.lease.isEmpty()) {
        Struct found = api.find(ApiResource.LEASES, objects.leaseNamespace(), name);
        state.lease =
            found == null
                ? api.create(
                    ApiResource.LEASES, objects.lease(state.node, state.registered, world.now()))
                : found;
      }
      Struct renewed = state.lease.with("spec", objects.leaseSpec(state.node, world.now()));
      if (!renewed.equals(state.lease)) {
        state.lease = api.update(ApiResource.LEASES, renewed);
      }
    } catch (ApiException e) {
      state.lease = Struct.EMPTY;
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
    }
  }
}
