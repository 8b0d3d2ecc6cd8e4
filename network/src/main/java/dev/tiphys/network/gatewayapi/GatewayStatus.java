package dev.tiphys.network.gatewayapi;

import dev.tiphys.client.Api;
import dev.tiphys.network.router.listeners.Edge;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor.OnFailure;
import dev.tiphys.world.Timer;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes into the status of objects how they are served, and puts it right where something else
/// was written.
///
/// Threads: any.
public final class GatewayStatus implements AutoCloseable {

  /// What the Lease is called that the process holds where it works.
  public static final String LEASE = "tiphys-gateway";

  private static final System.Logger LOG = System.getLogger(GatewayStatus.class.getName());

  private static final Duration RETRY = Duration.ofSeconds(1);

  private final World world;
  private final Api api;
  private final GatewayApi served;
  private final Gate look;
  private final SupervisedTask task;

  /// Routes that say what they are to say, as they were when that was seen: as long as neither
  /// changes, they need not be looked at again. What Gateways say depends on the edge, too.
  private Map<Plan.Told, Struct> said = Map.of();

  GatewayStatus(World world, Api api, Edge edge, GatewayApi served) {
    this.world = world;
    this.api = api;
    this.served = served;
    this.look = world.background().gate();
    this.task = world.supervisor().task("gateway-status", OnFailure.RESTART);
    served.onPlan(look::open);
    served.followed().onStatus(look::open);
    edge.onChange(look::open);
  }

  /// Starts to work, and returns at once.
  public void start() {
    task.start(this::run);
  }

  private void run() throws InterruptedException {
    look.open();
    while (true) {
      look.await();
      boolean done = true;
      Map<Plan.Told, Struct> next = new IdentityHashMap<>();
      for (Plan.Told told : served.plan().told()) {
        Struct object = served.followed().find(told.resource(), told.key());
        boolean right = object != null && object == said.get(told) || write(told, object);
        done &= right;
        if (object != null && right && GatewayResources.ROUTES.contains(told.resource())) {
          next.put(told, object);
        }
      }
      said = next;
      if (!done) {
        Timer _ = world.background().schedule(RETRY, look::open);
      }
    }
  }

  /// @return whether the object says what it is to say, or will be looked at again
  private boolean write(Plan.Told told, @Nullable Struct object) {
    if (object == null || Meta.of(object).generation() != told.generation()) {
      return true;
    }
    Struct present = object.struct("status");
    Struct status = told.status().of(present, Timestamps.seconds(world.now()));
    if (status.equals(present)) {
      return true;
    }
    try {
      api.update(
          told.resource(),
          status.isEmpty() ? object.without("status") : object.with("status", status),
          "status");
      return true;
    } catch (ApiException e) {
      LOG.log(
          System.Logger.Level.DEBUG,
          "the status of {0} {1} is not written: {2}",
          told.resource().kind(),
          told.key(),
          e.message());
      return false;
    }
  }

  @Override
  public void close() {
    task.close();
  }
}
