package dev.tiphys.network.istio;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.client.defaults.ServedKinds;
import dev.tiphys.network.istio.destinations.Catalog;
import dev.tiphys.network.istio.fields.Exports;
import dev.tiphys.network.istio.fields.TrafficPolicies;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.Gate;
import dev.tiphys.world.World;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What is followed of the cluster, and what has changed since it was last looked at. Services,
/// endpoints and Pods are followed once an object needs them: a cluster without such objects pays
/// for four watches in which nothing happens.
///
/// Threads: any.
final class Followed implements Catalog, AutoCloseable {

  private static final String SERVICE_NAME = "kubernetes.io/service-name";

  private final World world;
  private final Api api;
  private final Informer virtualServices;
  private final Informer rules;
  private final Informer gateways;
  private final Informer entries;
  private final Informer services;
  private final Informer slices;
  private final Informer pods;
  private final Informer secrets; // of type kubernetes.io/tls
  private final Informer generic; // Secrets
  private final ObjectIndex slicesOf;
  private final ObjectIndex podsAt;
  private final BiFunction<InetAddress, Integer, InetSocketAddress> reached;
  private final boolean withSecrets;
  private final Gate changed;
  private final Set<Informer> started = new HashSet<>();
  private final Object lock = new Object();
  private boolean routes; // guarded by lock
  private boolean beside; // guarded by lock
  private boolean labels; // guarded by lock
  private Set<ObjectKey> dirty = new HashSet<>(); // Services; guarded by lock

  /// What has changed.
  ///
  /// @param routes whether something that routes are made of
  /// @param beside whether something of that besides VirtualServices
  /// @param labels whether Pods
  /// @param services of which the endpoints
  record Changes(boolean routes, boolean beside, boolean labels, Set<ObjectKey> services) {}

  /// @param withSecrets whether Secrets may be read
  Followed(
      World world,
      Api api,
      BiFunction<InetAddress, Integer, InetSocketAddress> reached,
      boolean withSecrets) {
    this.withSecrets = withSecrets;
    this.world = world;
    this.api = api;
    this.reached = reached;
    this.changed = world.background().gate();
    this.virtualServices = new Informer(world, api, IstioResources.VIRTUAL_SERVICES);
    this.rules = new Informer(world, api, IstioResources.DESTINATION_RULES);
    this.gateways = new Informer(world, api, IstioResources.GATEWAYS);
    this.entries = new Informer(world, api, IstioResources.SERVICE_ENTRIES);
    this.services = new Informer(world, api, ApiResource.SERVICES);
    this.slices = new Informer(world, api, ApiResource.ENDPOINT_SLICES);
    this.pods = new Informer(world, api, ApiResource.PODS);
    this.secrets = secrets("kubernetes.io/tls");
    this.generic = secrets("Opaque");
    this.slicesOf = slices.index(slice -> List.of(serviceOf(slice).toString()));
    this.podsAt =
        pods.index(
            pod ->
                pod.structs("status", "podIPs").stream().map(each -> each.string("ip")).toList());
    virtualServices.listen(Informer.Listener.ofAll(_ -> markRoutes(false)));
    for (Informer each : List.of(rules, gateways, entries, secrets, generic)) {
      each.listen(Informer.Listener.ofAll(_ -> markRoutes()));
    }
    services.listen(new OfSpec(this::markRoutes));
    slices.listen(Informer.Listener.ofAll(each -> mark(serviceOf(each))));
    pods.listen(new OfLabels());
  }

  private Informer secrets(String type) {
    return new Informer(
        world, api, ApiResource.SECRETS, "", ListOptions.withFields("type=" + type));
  }

  private static ObjectKey serviceOf(Struct slice) {
    return new ObjectKey(Meta.of(slice).namespace(), Meta.of(slice).label(SERVICE_NAME));
  }

  /// Hears of what is wanted of an object, not of its status.
  private record OfSpec(Runnable action) implements Informer.Listener {
    @Override
    public void added(Struct object) {
      action.run();
    }

    @Override
    public void updated(Struct before, Struct now) {
      if (!before.struct("spec").equals(now.struct("spec"))) {
        action.run();
      }
    }

    @Override
    public void deleted(Struct last) {
      action.run();
    }
  }

  private final class OfLabels implements Informer.Listener {
    @Override
    public void added(Struct pod) {
      markLabels();
    }

    @Override
    public void updated(Struct before, Struct now) {
      if (!Meta.of(before).labels().equals(Meta.of(now).labels())) {
        markLabels();
      }
    }
  }

  private void markRoutes() {
    markRoutes(true);
  }

  private void markRoutes(boolean others) {
    synchronized (lock) {
      routes = true;
      beside |= others;
    }
    changed.open();
  }

  private void markLabels() {
    synchronized (lock) {
      labels = true;
    }
    changed.open();
  }

  private void mark(ObjectKey service) {
    synchronized (lock) {
      dirty.add(service);
    }
    changed.open();
  }

  /// Starts once the kinds are served, which a cluster begins to do soon after its start.
  void start() throws InterruptedException {
    List<Informer> kinds = List.of(virtualServices, rules, gateways, entries);
    ServedKinds.await(world, api, kinds.stream().map(Informer::resource).toList());
    follow(kinds);
  }

  /// Follows what the objects need that there are now.
  void followNeeded() throws InterruptedException {
    if (virtualServices.size() == 0 && rules.list().stream().noneMatch(Followed::hasPolicy)) {
      return;
    }
    follow(List.of(services, slices));
    if (withSecrets
        && (gateways.size() > 0 || rules.list().stream().anyMatch(Followed::maySecure))) {
      follow(List.of(secrets, generic));
    }
    boolean needsPods =
        rules.list().stream().anyMatch(rule -> !rule.structs("spec", "subsets").isEmpty())
            || virtualServices.list().stream().anyMatch(Followed::tellsCallersApart);
    if (needsPods) {
      followPods();
    }
  }

  private static boolean hasPolicy(Struct rule) {
    return TrafficPolicies.matters(rule.struct("spec", "trafficPolicy"));
  }

  private static boolean maySecure(Struct rule) {
    Struct policy = rule.struct("spec", "trafficPolicy");
    return policy.has("tls")
        || !policy.structs("portLevelSettings").isEmpty()
        || rule.structs("spec", "subsets").stream().anyMatch(subset -> subset.has("trafficPolicy"));
  }

  /// Follows Pods, by which callers are told apart.
  void followPods() throws InterruptedException {
    follow(List.of(pods));
  }

  private static boolean tellsCallersApart(Struct virtualService) {
    return !Exports.isForAll(virtualService)
        || Stream.of("http", "tls", "tcp")
            .flatMap(kind -> virtualService.structs("spec", kind).stream())
            .flatMap(route -> route.structs("match").stream())
            .anyMatch(entry -> entry.has("sourceLabels") || entry.has("sourceNamespace"));
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
      Changes changes = new Changes(routes, beside, labels, dirty);
      routes = false;
      beside = false;
      labels = false;
      dirty = new HashSet<>();
      return changes;
    }
  }

  /// Has everything looked at anew.
  void review() {
    markRoutes();
  }

  List<Struct> virtualServices() {
    return virtualServices.list();
  }

  List<Struct> gateways() {
    return gateways.list();
  }

  List<Struct> services() {
    return services.list();
  }

  @Override
  public @Nullable Struct service(ObjectKey key) {
    return services.find(key);
  }

  @Override
  public List<Struct> slices(ObjectKey service) {
    return slicesOf.with(service.toString());
  }

  @Override
  public Struct labels(ObjectKey pod) {
    Struct found = pods.find(pod);
    return found == null ? Struct.EMPTY : Meta.of(found).labels();
  }

  @Override
  public @Nullable Struct podAt(InetAddress address) {
    for (Struct pod : podsAt.with(address.getHostAddress())) {
      String phase = pod.string("status", "phase");
      if (!phase.equals("Succeeded") && !phase.equals("Failed")) {
        return pod;
      }
    }
    return null;
  }

  @Override
  public @Nullable Struct virtualService(ObjectKey key) {
    return virtualServices.find(key);
  }

  @Override
  public List<Struct> destinationRules() {
    return rules.list();
  }

  @Override
  public List<Struct> serviceEntries() {
    return entries.list();
  }

  @Override
  public @Nullable Struct serviceEntry(ObjectKey key) {
    return entries.find(key);
  }

  @Override
  public @Nullable Struct secret(String namespace, String name) {
    Struct found = secrets.find(namespace, name);
    return found == null ? generic.find(namespace, name) : found;
  }

  @Override
  public InetSocketAddress reached(InetAddress address, int port) {
    return reached.apply(address, port);
  }

  @Override
  public void close() {
    started.forEach(Informer::close);
  }
}
