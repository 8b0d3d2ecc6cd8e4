package dev.tiphys.node.simulated;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Some nodes in one process that do everything but start containers.
///
/// All of them share one watch on Pods and a few workers, so a node costs little more than the
/// writes it makes. They may be stopped and started again: Pods that run go on running.
///
/// Threads: any.
public final class SimulatedNodes implements AutoCloseable {

  private final World world;
  private final Informer pods;
  private final Controller podWorkers;
  private final Controller nodeWorkers;
  private final Map<String, SimulatedNode> nodes = new LinkedHashMap<>();
  private @Nullable SupervisedTask starting;

  /// @param count how many nodes; they are numbered from 0
  public SimulatedNodes(World world, Api api, int count, SimulatedSettings settings) {
    this.world = world;
    for (int i = 0; i < count; i++) {
      SimulatedNode node = SimulatedNode.of(settings.prefix(), i);
      nodes.put(node.name(), node);
    }
    pods =
        new Informer(world, api, ApiResource.PODS, "", ListOptions.withFields("spec.nodeName!="));
    PodLife podLife = new PodLife(world, api, pods, nodes);
    podWorkers = new Controller("simulated-pods", world, settings.workers(), podLife);
    pods.listen(
        new Informer.Listener() {
          @Override
          public void added(Struct pod) {
            podLife.known(pod);
            if (podLife.isOurs(pod)) {
              podWorkers.enqueue(pod);
            }
          }

          @Override
          public void updated(Struct before, Struct now) {
            added(now);
          }

          @Override
          public void deleted(Struct last) {
            podLife.gone(last);
          }
        });
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
    pods.start();
    starting = world.supervisor().start("simulated-pods", this::startPodWorkers);
    nodeWorkers.start();
    nodes.keySet().forEach(name -> nodeWorkers.queue().add(new ObjectKey("", name), 0));
  }

  /// No Pod may be given an address before all that are taken are known.
  private void startPodWorkers() throws InterruptedException {
    pods.awaitSynced();
    podWorkers.start();
  }

  /// Lets the nodes die: their leases run out, their Pods stay as they are.
  @Override
  public void close() {
    pods.close();
    SupervisedTask task = starting;
    if (task != null) {
      task.close();
    }
    podWorkers.close();
    nodeWorkers.close();
  }
}
