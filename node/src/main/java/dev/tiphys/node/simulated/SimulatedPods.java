package dev.tiphys.node.simulated;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The Pods of some nodes: what their agents do about them, but for starting containers.
///
/// Alone it makes a copy of a cluster go on: its nodes are there already, and nothing about them
/// changes.
///
/// Threads: any.
public final class SimulatedPods implements AutoCloseable {

  private final World world;
  private final Informer pods;
  private final Controller workers;
  private @Nullable SupervisedTask starting;

  SimulatedPods(
      World world, Api api, Map<String, SimulatedNode> nodes, Behaviours behaviours, int writers) {
    this.world = world;
    pods =
        new Informer(world, api, ApiResource.PODS, "", ListOptions.withFields("spec.nodeName!="));
    PodLife life = new PodLife(world, api, pods, nodes, behaviours);
    workers = new Controller("simulated-pods", world, writers, life);
    pods.listen(
        new Informer.Listener() {
          @Override
          public void added(Struct pod) {
            life.known(pod);
            if (life.isOurs(pod)) {
              workers.enqueue(pod);
            }
          }

          @Override
          public void updated(Struct before, Struct now) {
            added(now);
          }

          @Override
          public void deleted(Struct last) {
            life.gone(last);
          }
        });
  }

  /// The Pods on nodes that others look after.
  ///
  /// @param nodes the Nodes whose agents are to be played
  public static SimulatedPods on(List<Struct> nodes, World world, Api api, Behaviours behaviours) {
    Map<String, SimulatedNode> known = new LinkedHashMap<>();
    for (Struct node : nodes) {
      String name = Meta.of(node).name();
      known.put(name, new SimulatedNode(name, address(node)));
    }
    return new SimulatedPods(world, api, known, behaviours, SimulatedSettings.DEFAULT.workers());
  }

  private static String address(Struct node) {
    return node.structs("status", "addresses").stream()
        .filter(each -> each.string("type").equals("InternalIP"))
        .map(each -> each.string("address"))
        .findFirst()
        .orElse("127.0.0.1");
  }

  /// Begins, in the background.
  public void start() {
    pods.start();
    starting = world.supervisor().start("simulated-pods", this::startWorkers);
  }

  /// No Pod may be given an address before all that are taken are known.
  private void startWorkers() throws InterruptedException {
    pods.awaitSynced();
    workers.start();
  }

  @Override
  public void close() {
    pods.close();
    SupervisedTask task = starting;
    if (task != null) {
      task.close();
    }
    workers.close();
  }
}
