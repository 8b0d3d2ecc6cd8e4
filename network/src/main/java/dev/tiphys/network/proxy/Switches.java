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
/// them serves.
///
/// Each has a Lease for that, and writes it only after endpoints stopped to take connections; what
/// happens while it writes is said by the next write. Where the cluster does not let proxies have
/// Leases, nothing is known of the others, and they are not waited for.
///
/// Threads: any.
final class Switches implements AutoCloseable {
  private static final String NAMESPACE = "tiphys-network";
  private static final String LABEL = "tiphys.dev/proxy";
  private static final String SERVED = "tiphys.dev/served-endpoint-slices";

  private final World world;
  private final Api api;
  private final String node;
  private final Informer leases;
  private final Gate published;
  private final SupervisedTask task;
  private final Map<Gate, Boolean> waiting = new ConcurrentHashMap<>();
  private volatile long served;

  Switches(World world, Api api, String node) {
    this.world = world;
    this.api = api;
    this.node = node;
    this.published = world.background().gate();
    this.leases =
        new Informer(world, api, ApiResource.LEASES, NAMESPACE, ListOptions.withLabels(LABEL));
    leases.listen(Informer.Listener.ofAll(_ -> waiting.keySet().forEach(Gate::open)));
    this.task = world.supervisor().task("proxy-switches", OnFailure.RESTART);
  }

  void start() {
    leases.start();
    task.start(this::run);
  }

  /// Lets the other proxies know that this one serves slices up to a revision.
  void publish(long revision) {
    served = revision;
    published.open();
  }

  private void run() throws InterruptedException {
    long said = 0;
    while (true) {
      published.await();
      long now = served;
      if (now > said) {
        try {
          Cause.during(now, () -> write(now));
          said = now;
          task.problem("");
        } catch (ApiException e) {
          task.problem("other nodes do not learn what this one serves: " + e.message());
        }
      }
    }
  }

  private void write(long revision) {
    Struct present = api.find(ApiResource.LEASES, NAMESPACE, name());
    Struct lease =
        present == null
            ? Struct.of("metadata", metadata(), "spec", Struct.of("holderIdentity", node))
                .with("apiVersion", ApiResource.LEASES.apiVersion())
                .with("kind", ApiResource.LEASES.kind())
            : present;
    Struct written = lease.withAt(Long.toString(revision), "metadata", "annotations", SERVED);
    if (present == null) {
      api.create(ApiResource.LEASES, written);
    } else {
      api.update(ApiResource.LEASES, written);
    }
  }

  private String name() {
    return "tiphys-proxy-" + node;
  }

  /// The Lease goes with its Node, so that a proxy which is gone for good is not waited for.
  private Struct metadata() {
    Struct owner = api.find(ApiResource.NODES, "", node);
    return new StructBuilder()
        .add("name", name())
        .add("namespace", NAMESPACE)
        .add("labels", Struct.of(LABEL, node))
        .addUnlessEmpty("ownerReferences", owner == null ? List.of() : List.of(reference(owner)))
        .build();
  }

  private static Struct reference(Struct node) {
    return new StructBuilder()
        .add("apiVersion", ApiResource.NODES.apiVersion())
        .add("kind", ApiResource.NODES.kind())
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
