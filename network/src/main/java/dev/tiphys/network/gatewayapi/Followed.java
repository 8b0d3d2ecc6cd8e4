package dev.tiphys.network.gatewayapi;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.client.defaults.ServedKinds;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.Gate;
import dev.tiphys.world.World;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What is followed of the cluster, and what has changed since it was last looked at. All but the
/// kinds of this group is followed once there is a Gateway.
///
/// Threads: any.
final class Followed implements AutoCloseable {

  private static final String SERVICE_NAME = "kubernetes.io/service-name";

  private final World world;
  private final Api api;
  private final Map<ApiResource, Informer> kinds = new LinkedHashMap<>();
  private final Informer namespaces;
  private final Informer services;
  private final Informer slices;
  private final Informer secrets;
  private final Informer configMaps;
  private final ObjectIndex slicesOf;
  private final BiFunction<InetAddress, Integer, InetSocketAddress> reached;
  private final List<Runnable> ofStatus = new CopyOnWriteArrayList<>();
  private final Gate changed;
  private final Set<Informer> started = new HashSet<>();
  private final Object lock = new Object();
  private boolean routes; // guarded by lock
  private boolean others; // guarded by lock
  private Set<ObjectKey> dirty = new HashSet<>(); // Services; guarded by lock

  /// What has changed.
  ///
  /// @param routes whether routes themselves
  /// @param others whether something else that what is served is made of
  /// @param services of which the endpoints
  record Changes(boolean routes, boolean others, Set<ObjectKey> services) {}

  Followed(World world, Api api, BiFunction<InetAddress, Integer, InetSocketAddress> reached) {
    this.world = world;
    this.api = api;
    this.reached = reached;
    this.changed = world.background().gate();
    for (ApiResource each : GatewayResources.ALL) {
      Informer informer = new Informer(world, api, each);
      informer.listen(
          new OfPart(
              object -> Meta.of(object).generation(),
              GatewayResources.ROUTES.contains(each) ? this::markRoutes : this::markOthers,
              this::markStatus));
      kinds.put(each, informer);
    }
    this.namespaces = new Informer(world, api, ApiResource.NAMESPACES);
    this.services = new Informer(world, api, ApiResource.SERVICES);
    this.slices = new Informer(world, api, ApiResource.ENDPOINT_SLICES);
    this.secrets =
        new Informer(
            world, api, ApiResource.SECRETS, "", ListOptions.withFields("type=kubernetes.io/tls"));
    this.configMaps = new Informer(world, api, ApiResource.CONFIG_MAPS);
    this.slicesOf = slices.index(slice -> List.of(serviceOf(slice).toString()));
    namespaces.listen(new OfPart(object -> Meta.of(object).labels(), this::markOthers, () -> {}));
    services.listen(new OfPart(object -> object.struct("spec"), this::markOthers, () -> {}));
    secrets.listen(new OfPart(object -> object.struct("data"), this::markOthers, () -> {}));
    configMaps.listen(new OfPart(object -> object.struct("data"), this::markOthers, () -> {}));
    slices.listen(Informer.Listener.ofAll(each -> mark(serviceOf(each))));
  }

  private static ObjectKey serviceOf(Struct slice) {
    return new ObjectKey(Meta.of(slice).namespace(), Meta.of(slice).label(SERVICE_NAME));
  }

  /// Hears of what counts of an object.
  private static final class OfPart implements Informer.Listener {
    private final Function<Struct, Object> part;
    private final Runnable changed;
    private final Runnable otherwise;

    /// @param changed what is done when the part has changed
    /// @param otherwise what is done when something else of it has changed
    OfPart(Function<Struct, Object> part, Runnable changed, Runnable otherwise) {
      this.part = part;
      this.changed = changed;
      this.otherwise = otherwise;
    }

    @Override
    public void added(Struct object) {
      changed.run();
    }

    @Override
    public void updated(Struct before, Struct now) {
      if (Objects.equals(part.apply(before), part.apply(now))) {
        otherwise.run();
      } else {
        changed.run();
      }
    }

    @Override
    public void deleted(Struct last) {
      changed.run();
    }
  }

  private void markRoutes() {
    synchronized (lock) {
      routes = true;
    }
    changed.open();
  }

  private void markOthers() {
    synchronized (lock) {
      others = true;
    }
    changed.open();
  }

  private void markStatus() {
    ofStatus.forEach(Runnable::run);
  }

  private void mark(ObjectKey service) {
    synchronized (lock) {
      dirty.add(service);
    }
    changed.open();
  }

  /// Has something done when the status of an object of this group may have changed.
  void onStatus(Runnable listener) {
    ofStatus.add(listener);
  }

  /// Starts once the kinds are served, which a cluster begins to do soon after its start.
  void start() throws InterruptedException {
    ServedKinds.await(world, api, GatewayResources.ALL);
    follow(List.copyOf(kinds.values()));
    markOthers();
  }

  /// Follows what the objects need that there are now.
  void followNeeded() throws InterruptedException {
    if (gateways().isEmpty()) {
      return;
    }
    follow(List.of(namespaces, services, slices, secrets));
    boolean verified = gateways().stream().anyMatch(each -> each.has("spec", "tls", "frontend"));
    if (verified || !policies().isEmpty()) {
      follow(List.of(configMaps));
    }
  }

  private void follow(List<Informer> informers) throws InterruptedException {
    for (Informer each : informers) {
      if (started.add(each)) {
        each.start();
      }
    }
    for (Informer each : informers) {
      each.awaitSynced();
    }
  }

  /// Waits until something has changed.
  Changes await() throws InterruptedException {
    changed.await();
    synchronized (lock) {
      Changes changes = new Changes(routes, others, dirty);
      routes = false;
      others = false;
      dirty = new HashSet<>();
      return changes;
    }
  }

  private Informer of(ApiResource resource) {
    return Objects.requireNonNull(kinds.get(resource));
  }

  @Nullable Struct find(ApiResource resource, ObjectKey key) {
    return of(resource).find(key);
  }

  List<Struct> classes() {
    return of(GatewayResources.GATEWAY_CLASSES).list();
  }

  List<Struct> gateways() {
    return of(GatewayResources.GATEWAYS).list();
  }

  /// @param resource one of the kinds of routes
  List<Struct> routes(ApiResource resource) {
    return of(resource).list();
  }

  List<Struct> grants() {
    return of(GatewayResources.REFERENCE_GRANTS).list();
  }

  List<Struct> policies() {
    return of(GatewayResources.BACKEND_TLS_POLICIES).list();
  }

  /// The labels of a namespace; empty if it is not known.
  Struct labels(String namespace) {
    Struct found = namespaces.find("", namespace);
    return found == null ? Struct.EMPTY : Meta.of(found).labels();
  }

  @Nullable Struct service(ObjectKey key) {
    return services.find(key);
  }

  /// The EndpointSlices of a Service.
  List<Struct> slices(ObjectKey service) {
    return slicesOf.with(service.toString());
  }

  /// A Secret of type `kubernetes.io/tls`.
  @Nullable Struct secret(ObjectKey key) {
    return secrets.find(key);
  }

  @Nullable Struct configMap(ObjectKey key) {
    return configMaps.find(key);
  }

  /// Where an endpoint is reached from here.
  InetSocketAddress reached(InetAddress address, int port) {
    return reached.apply(address, port);
  }

  @Override
  public void close() {
    started.forEach(Informer::close);
  }
}
