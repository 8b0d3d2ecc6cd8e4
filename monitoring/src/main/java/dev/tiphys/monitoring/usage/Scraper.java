package dev.tiphys.monitoring.usage;

import dev.tiphys.client.Informer;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor.OnFailure;
import dev.tiphys.world.Task;
import dev.tiphys.world.World;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Asks all nodes again and again what they and their containers use, many at a time.
///
/// Threads: any.
public final class Scraper implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Scraper.class.getName());

  /// How many nodes are asked at once.
  private static final int AT_ONCE = 32;

  private final World world;
  private final Informer nodes;
  private final NodeAgents agents;
  private final Usages usages;
  private final Duration period;
  private final SupervisedTask task;
  private final Set<String> silent = ConcurrentHashMap.newKeySet(); // nodes that did not answer

  /// The agents of nodes.
  public interface NodeAgents {

    /// The page `/metrics/resource` of a node.
    ///
    /// @throws ApiException if it can't be had
    String resources(Struct node);
  }

  /// @param nodes started by the caller
  public Scraper(World world, Informer nodes, NodeAgents agents, Usages usages, Duration period) {
    this.world = world;
    this.nodes = nodes;
    this.agents = agents;
    this.usages = usages;
    this.period = period;
    this.task = world.supervisor().task("resource-metrics", OnFailure.RESTART);
  }

  /// Begins, in the background.
  public void start() {
    task.start(this::run);
  }

  private void run() throws InterruptedException {
    nodes.awaitSynced();
    while (true) {
      long begun = world.nanoTime();
      scrape();
      world.background().sleep(period.minusNanos(world.nanoTime() - begun));
    }
  }

  private void scrape() throws InterruptedException {
    List<Struct> all = nodes.list().stream().filter(Scraper::hasAgent).toList();
    Set<String> names = new HashSet<>();
    all.forEach(node -> names.add(Meta.of(node).name()));
    usages.retain(names);
    silent.retainAll(names);
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      List<Task> asking = new ArrayList<>();
      for (Struct node : all.subList(from, Math.min(all.size(), from + AT_ONCE))) {
        asking.add(world.start("scrape " + Meta.of(node).name(), () -> scrape(node)));
      }
      for (Task each : asking) {
        each.join();
      }
    }
  }

  private void scrape(Struct node) {
    String name = Meta.of(node).name();
    try {
      String page = agents.resources(node);
      usages.read(name, NodeReadings.parse(page, world.now()));
      silent.remove(name);
    } catch (ApiException e) {
      if (silent.add(name)) { // said once, until it answers again
        LOG.log(
            Level.WARNING, "a node does not tell what it uses: node={0}, {1}", name, e.message());
      }
    }
  }

  /// Whether a node's agent listens: one that is simulated does not.
  private static boolean hasAgent(Struct node) {
    return node.integer("status", "daemonEndpoints", "kubeletEndpoint", "Port") > 0;
  }

  @Override
  public void close() {
    task.close();
  }
}
