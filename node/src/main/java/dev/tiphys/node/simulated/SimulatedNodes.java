package dev.tiphys.node.simulated;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor.OnFailure;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// Some nodes in one process that do everything but start containers.
///
/// All of them share one watch on Pods and a few workers, so a node costs little more than the
/// writes it makes. They may be stopped and started again: Pods that run go on running.
///
/// Threads: any.
public final class SimulatedNodes implements AutoCloseable {

  private static final Duration PAUSE = Duration.ofMillis(50);

  private final World world;
  private final Api api;
  private final SupervisedTask starting;
  private final SimulatedPods pods;
  private final Controller nodeWorkers;
  private final Map<String, SimulatedNode> nodes = new LinkedHashMap<>();

  /// @param count how many nodes; they are numbered from 0
  public SimulatedNodes(World world, Api api, int count, SimulatedSettings settings) {
    this.world = world;
    this.api = api;
    this.starting = world.supervisor().task("simulated-nodes-start", OnFailure.RESTART);
    for (int i = 0; i < count; i++) {
      SimulatedNode node = SimulatedNode.of(settings.prefix(), i);
      nodes.put(node.name(), node);
    }
    pods = new SimulatedPods(world, api, nodes, Script::of, settings.workers());
    // Leases are renewed for ever: a test that waits until nothing is left to do must not wait for
    // that.
    nodeWorkers =
        new Controller(
            "simulated-nodes",
            world.background(),
            settings.workers(),
            new NodeLife(world, api, new NodeObjects(settings), nodes.values()));
  }

  /// Registers the nodes and begins to run their Pods, in the background.
  public void start() {
    starting.start(this::begin);
  }

  private void begin() throws InterruptedException {
    // A new cluster answers before it grants rights. Each node would be refused, and so many that
    // try again have to wait for each other.
    while (isRefused()) {
      world.sleep(PAUSE);
    }
    pods.start();
    nodeWorkers.start();
    nodes.keySet().forEach(name -> nodeWorkers.queue().add(new ObjectKey("", name), 0));
  }

  private boolean isRefused() {
    try {
      nodes.keySet().stream().findFirst().ifPresent(any -> api.find(ApiResource.NODES, "", any));
      return false;
    } catch (ApiException e) {
      return e.is(Reason.FORBIDDEN);
    }
  }

  /// Lets the nodes die: their leases run out, their Pods stay as they are.
  @Override
  public void close() {
    starting.close();
    pods.close();
    nodeWorkers.close();
  }
}
