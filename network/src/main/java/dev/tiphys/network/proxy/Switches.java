package dev.tiphys.network.proxy;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Cause;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ListOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor.OnFailure;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What the proxies of a cluster say to each other: up to which revision of EndpointSlices each of
/// them serves, and at which port of its node it tells more.
///
/// Each has a Lease for that, and writes it only at its start and after endpoints stopped to take
/// connections; what happens while it writes is said by the next write. Where the cluster does not
/// let proxies have Leases, nothing is known of the others, and they are not waited for.
///
/// Threads: any.
final class Switches implements AutoCloseable {
  private static final String NAMESPACE = "tiphys-network";
  private static final String LABEL = "tiphys.dev/proxy";
  private static final String SERVED = "tiphys.dev/served-endpoint-slices";
  private static final String HEALTH_PORT = "tiphys.dev/health-port";
  private static final Duration RETRY = Duration.ofSeconds(30);

  private final World world;
  private final Api api;
  private final String node;
  private final Informer leases;
  private final Gate published;
  private final SupervisedTask task;
  private final Map<Gate, Boolean> waiting = new ConcurrentHashMap<>();
  private volatile long served;
  private volatile int healthPort;
  private volatile boolean lost;

  Switches(World world, Api api, String node) {
    this.world = world;
    this.api = api;
    this.node = node;
    this.published = world.background().gate();
    this.leases =
        new Informer(world, api, ApiResource.LEASES, NAMESPACE, ListOptions.withLabels(LABEL));
    leases.listen(new LeaseListener());
    this.task = world.supervisor().task("proxy-switches", OnFailure.RESTART);
  }

  private final class LeaseListener implements Informer.Listener {
    @Override
    public void added(Struct lease) {
      waiting.keySet().forEach(Gate::open);
    }

    @Override
    public void updated(Struct before, Struct now) {
      waiting.keySet().forEach(Gate::open);
    }

    @Override
    public void deleted(Struct last) {
      waiting.keySet().forEach(Gate::open);
      if (Meta.of(last).label(LABEL).equals(node)) {
        lost = true; // with its Node, which may be registered anew
        published.open();
      }
    }
  }

  void start() {
    leases.start();
    task.start(this::run);
  }

  /// Is told where the proxy answers for its health, before it starts.
  void healthAt(int port) {
    healthPort = port;
  }

  /// Lets the other proxies know that this one serves slices up to a revision.
  void publish(long revision) {
    served = revision;
    published.open();
  }

  private void run() throws InterruptedException {
    long said = -1;
    boolean complete = true;
    while (true) {
      if (complete) {
        published.await();
      } else {
        boolean _ = published.await(RETRY);
      }
      long now = served;
      if (now > said || !complete || lost) {
        lost = false;
        try {
          complete = Cause.during(now, () -> write(now));
          said = now;
          task.problem("");
        } catch (ApiException e) {
          complete = false;
          task.problem("other nodes do not learn what this one serves: " + e.message());
        }
      }
    }
  }

  /// Returns whether all is said: at its start a proxy may be there before its Node.
  private boolean write(long revision) {
    String name = "tiphys-proxy-" + node;
    Struct present = api.find(ApiResource.LEASES, NAMESPACE, name);
    Struct lease =
        present == null
            ? Struct.of(
                    "metadata",
                    Struct.of(
                        "name", name, "namespace", NAMESPACE, "labels", Struct.of(LABEL, node)),
                    "spec",
                    Struct.of("holderIdentity", node))
                .with("apiVersion", ApiResource.LEASES.apiVersion())
                .with("kind", ApiResource.LEASES.kind())
            : present;
    Struct written = lease.withAt(Long.toString(revision), "metadata", "annotations", SERVED);
    Struct own = api.find(ApiResource.NODES, "", node);
    if (own != null) {
      // Of a node that is gone nothing is to be waited for.
      written = written.withAt(List.of(owner(own)), "metadata", "ownerReferences");
    }
    if (healthPort > 0) {
      written =
          written.withAt(Integer.toString(healthPort), "metadata", "annotations", HEALTH_PORT);
    }
    if (present == null) {
      api.create(ApiResource.LEASES, written);
    } else {
      api.update(ApiResource.LEASES, written);
    }
    return own != null;
  }

  private static Struct owner(Struct node) {
    return new StructBuilder()
        .add("apiVersion", "v1")
        .add("kind", "Node")
        .add("name", Meta.of(node).name())
        .add("uid", Meta.of(node).uid())
        .build();
  }

  /// Waits until the proxies of all other nodes that are ready serve slices up to a revision.
  ///
  /// @return whether that happened before the limit
  boolean await(long revision, Duration limit) throws InterruptedException {
    long end = world.nanoTime() + limit.toNanos();
    Gate gate = world.gate();
    waiting.put(gate, true);
    try {
      Set<String> away = new HashSet<>();
      boolean asked = false;
      while (true) {
        Set<String> behind = behind(revision);
        behind.removeAll(away);
        long left = end - world.nanoTime();
        if (behind.isEmpty() || left <= 0) {
          return behind.isEmpty();
        }
        boolean passed = gate.await(Duration.ofNanos(asked ? left : left / 4));
        if (!passed && !asked) {
          asked = true;
          behind.stream().filter(name -> !isReady(name)).forEach(away::add);
        }
      }
    } finally {
      waiting.remove(gate);
    }
  }

  private Set<String> behind(long revision) {
    Set<String> behind = new HashSet<>();
    for (Struct lease : leases.list()) {
      String text = Meta.of(lease).annotation(SERVED);
      String holder = Meta.of(lease).label(LABEL);
      if (!holder.equals(node) && text.matches("[0-9]{1,18}") && Long.parseLong(text) < revision) {
        behind.add(holder);
      }
    }
    return behind;
  }

  private boolean isReady(String name) {
    try {
      Struct found = api.find(ApiResource.NODES, "", name);
      return found != null && Meta.isTrue(found, "Ready");
    } catch (ApiException e) {
      return e.reason() != Reason.NOT_FOUND;
    }
  }

  @Override
  public void close() {
    task.close();
    leases.close();
  }
}
