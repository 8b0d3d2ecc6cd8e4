package dev.tiphys.network.gatewayapi;

import dev.tiphys.client.Api;
import dev.tiphys.network.router.listeners.Edge;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor.OnFailure;
import dev.tiphys.world.World;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;

/// Has the edge serve the Gateways whose class names this controller, and the routes that are
/// attached to them. Gateways of other classes are others'.
///
/// A change of an object is a new table, made of what there was but for the routes that changed;
/// one of endpoints changes a backend only. The table's revision is the newest of those by which
/// the objects in it came to be as they are; what is written to their status is no news.
///
/// Threads: any.
public final class GatewayApi implements AutoCloseable {

  /// What the edge knows this by.
  public static final String FEEDER = "gateway-api";

  /// By which name classes are known to be served here.
  public static final String CONTROLLER = "tiphys.dev/gateway";

  private final World world;
  private final Edge edge;
  private final Followed followed;
  private final ServiceBackends backends;
  private final Planner planner;
  private final SupervisedTask task;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile Plan plan = Plan.NOTHING;

  public GatewayApi(World world, Api api, Edge edge) {
    this(world, api, edge, InetSocketAddress::new);
  }

  /// @param reached where an endpoint with an address and a port is reached from here
  GatewayApi(
      World world,
      Api api,
      Edge edge,
      BiFunction<InetAddress, Integer, InetSocketAddress> reached) {
    this.world = world;
    this.edge = edge;
    this.followed = new Followed(world, api, reached);
    this.backends = new ServiceBackends(world, followed);
    this.planner = new Planner(followed, backends, new SecretCertificates(), edge);
    this.task = world.supervisor().task("gateway", OnFailure.RESTART);
  }

  /// Starts to follow the cluster, and returns at once.
  public void start() {
    task.start(this::run);
  }

  private void run() throws InterruptedException {
    followed.start();
    while (true) {
      Followed.Changes changes = followed.await();
      followed.followNeeded();
      backends.update(changes.services());
      if (changes.routes() || changes.others()) {
        Plan next = planner.plan(changes.others());
        edge.serve(FEEDER, next.revision(), next.sites());
        plan = next;
        listeners.forEach(Runnable::run);
      }
    }
  }

  /// What tells in the status of objects how they are served, not started. One process does it for
  /// the cluster.
  ///
  /// @param api as what writes sees it
  public GatewayStatus status(Api api) {
    return new GatewayStatus(world, api, edge, this);
  }

  Plan plan() {
    return plan;
  }

  Followed followed() {
    return followed;
  }

  /// Has something done when there is another plan.
  void onPlan(Runnable listener) {
    listeners.add(listener);
  }

  @Override
  public void close() {
    task.close();
    followed.close();
  }
}
