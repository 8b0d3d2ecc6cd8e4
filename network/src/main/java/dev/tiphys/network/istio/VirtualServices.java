package dev.tiphys.network.istio;

import dev.tiphys.client.Api;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.network.istio.destinations.Destinations;
import dev.tiphys.network.istio.destinations.Hosts;
import dev.tiphys.network.istio.fields.Age;
import dev.tiphys.network.mesh.Mesh;
import dev.tiphys.network.router.backends.Backend;
import dev.tiphys.network.router.listeners.Edge;
import dev.tiphys.network.router.listeners.Live;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor.OnFailure;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Has the edge and the mesh serve VirtualServices.
///
/// A change of an object is a new table; one of endpoints changes a backend only. The table's
/// revision is that of the newest VirtualService in it. A change that would send requests to a
/// destination without endpoints is held: the VirtualService is served as it was until the
/// destination has some.
///
/// While a Service labelled `app: istiod` is in the cluster, all is left to that program.
///
/// Threads: any.
public final class VirtualServices implements AutoCloseable {

  /// What the edge knows this by.
  public static final String FEEDER = "istio";

  private static final Duration RETRY = Duration.ofSeconds(2);

  private final World world;
  private final @Nullable Edge edge;
  private final @Nullable Mesh mesh;
  private final IstioSettings settings;
  private final Followed followed;
  private final Destinations destinations;
  private final MadeRoutes made;
  private final Reports reports;
  private final Live live = new Live();
  private final SupervisedTask task;
  private final Map<ObjectKey, Struct> served = new HashMap<>(); // as they are in the table
  private final boolean tells;
  private boolean anything; // whether something is served
  private final EventRecorder events;
  private volatile boolean yields;

  /// @param mesh null if calls between Pods are left alone
  public VirtualServices(
      World world, Api api, Edge edge, @Nullable Mesh mesh, IstioSettings settings) {
    this(world, api, edge, mesh, settings, InetSocketAddress::new, true);
  }

  /// What serves calls of one more node's Pods, beside another that serves the edge as well. It
  /// tells nothing of the objects, and reads no Secrets: a destination that needs one gets no
  /// requests.
  public static VirtualServices betweenPods(
      World world, Api api, Mesh mesh, IstioSettings settings) {
    return new VirtualServices(world, api, null, mesh, settings, InetSocketAddress::new, false);
  }

  /// What serves the edge of one more node, and calls of its Pods. It tells nothing of the objects.
  public static VirtualServices besideAnother(
      World world, Api api, Edge edge, Mesh mesh, IstioSettings settings) {
    return new VirtualServices(world, api, edge, mesh, settings, InetSocketAddress::new, false);
  }

  /// @param edge null for calls between Pods alone
  /// @param reached where an endpoint with an address and a port is reached from here
  /// @param tells whether objects are told what is in their way
  VirtualServices(
      World world,
      Api api,
      @Nullable Edge edge,
      @Nullable Mesh mesh,
      IstioSettings settings,
      BiFunction<InetAddress, Integer, InetSocketAddress> reached,
      boolean tells) {
    this.world = world;
    this.tells = tells;
    this.edge = edge;
    this.mesh = mesh;
    this.followed = new Followed(world, api, reached, edge != null);
    this.settings = settings;
    Hosts hosts = new Hosts(settings.domain(), key -> followed.service(key) != null);
    this.destinations = new Destinations(world, followed, hosts);
    this.made = new MadeRoutes(destinations);
    this.reports = new Reports(world, api);
    this.events = new EventRecorder(world, api, Reports.COMPONENT, "");
    this.task = world.supervisor().task("mesh", OnFailure.RESTART);
  }

  /// Since when a VirtualService is served, as `at`, if it is served at a revision or a later one;
  /// `earlier` says whether the revision itself may have been served before. `now` is the time
  /// here.
  public Struct live(ObjectKey key, long revision) {
    return live.answer(key, revision, world.now());
  }

  /// The Pod that has an address; null if none is known to.
  public @Nullable Struct podAt(InetAddress address) {
    return followed.podAt(address);
  }

  /// Starts to follow the cluster, and returns at once.
  public void start() {
    task.start(this::run);
  }

  /// Whether another program serves the objects.
  public boolean yields() {
    return yields;
  }

  private void run() throws InterruptedException {
    followed.start();
    followed.review();
    while (true) {
      Followed.Changes changes = followed.await();
      followed.followNeeded();
      if (changes.beside()) {
        destinations.refresh();
        made.forget();
        if (destinations.hasViewers()) {
          followed.followPods();
        }
      }
      boolean all = changes.labels() || changes.beside();
      Set<Backend> turned = destinations.update(all ? null : changes.services());
      made.forgetOf(turned);
      if (changes.routes() || !turned.isEmpty()) {
        serve();
      }
    }
  }

  private void serve() {
    yieldIfNeeded();
    if (yields && !anything) {
      return;
    }
    Plan plan = yields ? Plan.NOTHING : plan();
    anything = !plan.isEmpty();
    if (edge != null) {
      edge.serve(FEEDER, plan.revision(), plan.sites());
    }
    if (mesh != null) {
      try {
        mesh.serve(plan.revision(), plan.governed());
        task.problem("");
      } catch (IOException e) {
        task.problem("calls between pods are not routed: " + e.getMessage());
        world.background().schedule(RETRY, followed::review);
      }
    }
    live.serve(plan.served(), world.now());
    made.dropUnused();
    destinations.dropUnused();
    if (!yields && tells) {
      reports.tell(plan.reports());
    }
  }

  private void yieldIfNeeded() {
    Struct other =
        followed.services().stream().filter(VirtualServices::isIstiod).findAny().orElse(null);
    if (yields == (other != null)) {
      return;
    }
    yields = other != null;
    if (other != null && tells) {
      events.normal(
          other, "LeftToIstiod", "VirtualServices and their kin are left to this program");
    }
  }

  private static boolean isIstiod(Struct service) {
    return Meta.of(service).label("app").equals("istiod");
  }

  private Plan plan() {
    List<Struct> all = followed.virtualServices().stream().sorted(Age.OLDEST_FIRST).toList();
    served.keySet().retainAll(all.stream().map(ObjectKey::of).collect(Collectors.toSet()));
    for (Struct each : all) {
      Struct spec = Reports.served(each);
      if (spec != null) { // held by the process before this one
        Struct before = each.with("spec", spec).withAt("0", "metadata", "resourceVersion");
        served.putIfAbsent(ObjectKey.of(each), before);
      }
    }
    Plan plan =
        new Planner(destinations, made, settings.port(), followed.gateways())
            .plan(followed.services(), all, served);
    served.clear();
    served.putAll(plan.served());
    return plan;
  }

  @Override
  public void close() {
    task.close();
    followed.close();
    reports.close();
    events.close();
  }
}
