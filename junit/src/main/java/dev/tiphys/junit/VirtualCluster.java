package dev.tiphys.junit;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.NewCluster;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.controllers.ControllerManager;
import dev.tiphys.controllers.ControllerSettings;
import dev.tiphys.controllers.PodRanges;
import dev.tiphys.node.simulated.SimulatedNodes;
import dev.tiphys.node.simulated.SimulatedSettings;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.scheduler.Scheduler;
import dev.tiphys.world.VirtualWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// API server, store, controllers, scheduler and simulated nodes on virtual time: nothing happens
/// until the test lets it, hours pass in milliseconds, and a seed decides which of several things
/// that could happen next does.
///
/// ```java
/// try (VirtualCluster cluster = new VirtualCluster(1)) {
///   cluster.startNodes("simulated-", 3);
///   cluster.apply(deployment);
///   cluster.awaitQuiescent();
/// }
/// ```
///
/// What Pods do is told by their annotations: see `dev.tiphys.node.simulated`.
///
/// Threads: the test's own.
public final class VirtualCluster implements AutoCloseable {

  private static final UserInfo SIMULATED_NODES =
      UserInfo.of("system:tiphys:simulated-nodes", UserInfo.AUTHENTICATED);
  private static final NewCluster NEW =
      new NewCluster(
          ApiServerSettings.standard(), new ApiServerAddress("10.0.0.1", 6443, "10.96.0.1"));

  private final VirtualWorld world;
  private final List<AutoCloseable> parts = new ArrayList<>();
  private final ApiServer server;
  private final Api api;

  /// A cluster that has come to rest, without nodes.
  ///
  /// @param seed decides the order of things
  public VirtualCluster(long seed) {
    world = new VirtualWorld(seed);
    server = add(NEW.start(world));
    api = server.api("test");
    ControllerSettings settings = ControllerSettings.DEFAULT.withPodRanges(PodRanges.SIMULATED);
    add(new ControllerManager(
            world,
            controller -> server.controllerApi(controller, ControllerManager.managerOf(controller)),
            settings))
        .start();
    add(new Scheduler(
            world, server.api(UserInfo.SCHEDULER, "default-scheduler", Scheduler.PROGRAM)))
        .start();
    awaitQuiescent();
  }

  private <T extends AutoCloseable> T add(T part) {
    parts.addFirst(part);
    return part;
  }

  /// The time and the tasks of the cluster.
  public VirtualWorld world() {
    return world;
  }

  /// The API, as an administrator.
  public Api api() {
    return api;
  }

  /// Starts nodes and waits until they are ready. Closing them is how they die.
  ///
  /// @param prefix what their names begin with
  public SimulatedNodes startNodes(String prefix, int count) {
    SimulatedSettings usual = SimulatedSettings.DEFAULT;
    SimulatedNodes nodes =
        add(
            new SimulatedNodes(
                world,
                server.api(SIMULATED_NODES, "kubelet", "kubelet"),
                count,
                new SimulatedSettings(prefix, usual.capacity(), usual.labels(), usual.workers())));
    nodes.start();
    awaitQuiescent();
    return nodes;
  }

  /// Creates an object.
  ///
  /// @param yaml the object
  public Struct create(ApiResource resource, String yaml) {
    return api.create(resource, Yaml.struct(yaml));
  }

  /// The objects of a resource, in the namespace `default`, whose names begin with `prefix`.
  public Stream<Struct> objects(ApiResource resource, String prefix) {
    return api.list(resource, "default", ListOptions.ALL).items().stream()
        .filter(object -> Meta.of(object).name().startsWith(prefix));
  }

  /// Lets the cluster do what can be done at once.
  public void settle() {
    world.settle();
  }

  /// Lets time pass.
  public void advance(Duration span) {
    world.advance(span);
  }

  /// Lets time pass until nothing is left to do, heartbeats aside.
  public void awaitQuiescent() {
    world.awaitQuiescent();
  }

  @Override
  public void close() {
    for (AutoCloseable part : parts) {
      try {
        part.close();
      } catch (Exception e) {
        throw new IllegalStateException("a part does not end: " + part, e);
      }
    }
    world.settle();
  }
}
