package dev.tiphys.network.ingress;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.http.TlsSettings;
import dev.tiphys.network.router.backends.Backend;
import dev.tiphys.network.router.listeners.Edge;
import dev.tiphys.network.router.table.HostName;
import dev.tiphys.network.router.table.Route;
import dev.tiphys.network.router.table.VirtualHost;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor.OnFailure;
import dev.tiphys.world.World;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Has the HTTP engine serve the Ingresses of its class.
///
/// A change of an Ingress, a class or a Secret is a new table; one of a Service or its endpoints
/// changes a backend only. The table's revision is that of the newest Ingress in it.
///
/// Threads: any.
public final class IngressController implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(IngressController.class.getName());

  /// Under which name it feeds the edge.
  public static final String FEEDER = "ingress";

  private static final String CONTROLLER = "k8s.io/ingress-nginx";
  private static final String LEGACY_CLASS = "kubernetes.io/ingress.class";
  private static final String SERVICE_NAME = "kubernetes.io/service-name";

  private final Edge edge;
  private final IngressSettings settings;
  private final EventRecorder events;
  private final Informer ingresses;
  private final Informer classes;
  private final Informer services;
  private final Informer slices;
  private final Informer secrets;
  private final ServiceBackends backends;
  private final Map<ObjectKey, Struct> told = new HashMap<>(); // what events were given for
  private Set<Refusal> refused = Set.of(); // of the table that is served
  private Set<Refusal> refusing = new HashSet<>(); // of the one that is being made
  private final Gate changed;
  private final SupervisedTask task;
  private final Object lock = new Object();
  private boolean routesChanged; // guarded by lock
  private Set<ObjectKey> dirty = new HashSet<>(); // Services; guarded by lock

  public IngressController(World world, Api api, Edge edge, IngressSettings settings) {
    this(world, api, edge, settings, InetSocketAddress::new);
  }

  /// @param reached where an endpoint with an address and a port is reached from here
  IngressController(
      World world,
      Api api,
      Edge edge,
      IngressSettings settings,
      BiFunction<InetAddress, Integer, InetSocketAddress> reached) {
    this.edge = edge;
    this.settings = settings;
    this.events = new EventRecorder(world, api, "nginx-ingress-controller", "");
    this.changed = world.background().gate();
    this.ingresses = new Informer(world, api, ApiResource.INGRESSES);
    this.classes = new Informer(world, api, ApiResource.INGRESS_CLASSES);
    this.services = new Informer(world, api, ApiResource.SERVICES);
    this.slices = new Informer(world, api, ApiResource.ENDPOINT_SLICES);
    this.secrets =
        new Informer(
            world, api, ApiResource.SECRETS, "", ListOptions.withFields("type=kubernetes.io/tls"));
    ObjectIndex slicesOf = slices.index(slice -> List.of(serviceOf(slice).toString()));
    this.backends =
        new ServiceBackends(
            world,
            new ServiceBackends.Cluster() {
              @Override
              public @Nullable Struct service(ObjectKey key) {
                return services.find(key);
              }

              @Override
              public List<Struct> slices(ObjectKey service) {
                return slicesOf.with(service.toString());
              }

              @Override
              public InetSocketAddress reached(InetAddress address, int port) {
                return reached.apply(address, port);
              }
            });
    for (Informer each : List.of(ingresses, classes, secrets)) {
      each.listen(Informer.Listener.ofAll(_ -> markRoutes()));
    }
    services.listen(Informer.Listener.ofAll(each -> mark(ObjectKey.of(each))));
    slices.listen(Informer.Listener.ofAll(each -> mark(serviceOf(each))));
    this.task = world.supervisor().task("ingress", OnFailure.RESTART);
  }

  private static ObjectKey serviceOf(Struct slice) {
    return new ObjectKey(Meta.of(slice).namespace(), Meta.of(slice).label(SERVICE_NAME));
  }

  private void markRoutes() {
    synchronized (lock) {
      routesChanged = true;
    }
    changed.open();
  }

  private void mark(ObjectKey service) {
    synchronized (lock) {
      dirty.add(service);
    }
    changed.open();
  }

  /// Starts to follow the cluster, and returns at once.
  public void start() {
    all().forEach(Informer::start);
    task.start(this::run);
  }

  private List<Informer> all() {
    return List.of(ingresses, classes, services, slices, secrets);
  }

  private void run() throws InterruptedException {
    for (Informer each : all()) {
      each.awaitSynced();
    }
    markRoutes();
    while (true) {
      changed.await();
      boolean routes;
      Set<ObjectKey> changedServices;
      synchronized (lock) {
        routes = routesChanged;
        routesChanged = false;
        changedServices = dirty;
        dirty = new HashSet<>();
      }
      changedServices.forEach(backends::update);
      if (routes) {
        serve();
      }
    }
  }

  private void serve() {
    List<Struct> own = ingresses.list().stream().filter(this::isOwn).toList();
    own.forEach(this::tell);
    told.keySet().retainAll(own.stream().map(ObjectKey::of).toList());
    Set<String> secured = new HashSet<>();
    own.forEach(ingress -> secured.addAll(securedHosts(ingress)));
    long revision = own.stream().mapToLong(each -> Meta.of(each).revision()).max().orElse(0);
    List<VirtualHost> hosts = hosts(own, secured);
    edge.serve(
        FEEDER,
        Long.toString(revision),
        own.isEmpty()
            ? List.of()
            : List.of(
                new Edge.Site(settings.http(), false, hosts, Map.of()),
                new Edge.Site(settings.https(), true, hosts, certificates(own))));
    backends.dropUnused();
    refused = refusing;
    refusing = new HashSet<>();
  }

  /// Whether an Ingress is of a class of this controller; the old annotation counts where no class
  /// is named.
  private boolean isOwn(Struct ingress) {
    String name = ingress.string("spec", "ingressClassName");
    if (name.isEmpty()) {
      return Meta.of(ingress).annotation(LEGACY_CLASS).equals("nginx");
    }
    Struct named = classes.find("", name);
    return named != null && named.string("spec", "controller").equals(CONTROLLER);
  }

  /// Says in events that an Ingress is seen, and what of it can't be kept.
  private void tell(Struct ingress) {
    Struct said =
        Struct.of("spec", ingress.struct("spec"), "annotations", Meta.of(ingress).annotations());
    if (!said.equals(told.put(ObjectKey.of(ingress), said))) {
      events.normal(ingress, "Sync", "Scheduled for sync");
      for (String problem : Annotations.of(ingress).problems()) {
        events.warning(ingress, "AnnotationParsingFailed", problem);
      }
    }
  }

  private List<VirtualHost> hosts(List<Struct> own, Set<String> secured) {
    Map<String, List<Location>> locations = Locations.of(own);
    List<VirtualHost> hosts = new ArrayList<>();
    Set<String> taken = new HashSet<>(locations.keySet());
    locations.forEach(
        (host, each) -> {
          List<Route> routes =
              HostRoutes.of(each, secured.contains(host), this::backend, this::refuse);
          List<HostName> names = new ArrayList<>(List.of(name(host)));
          for (Location location : each) {
            for (String alias : location.annotations().aliases()) {
              if (taken.add(alias)) {
                names.add(name(alias));
              }
            }
          }
          hosts.add(new VirtualHost(names, routes));
        });
    return hosts;
  }

  private static HostName name(String host) {
    return host.startsWith("*.")
        ? new HostName.OneLabel(host.substring(1).toLowerCase(Locale.ROOT))
        : HostName.of(host);
  }

  private Backend backend(Location location) {
    return backends.of(
        Meta.of(location.ingress()).namespace(),
        location.backend(),
        location.annotations().policy());
  }

  /// A location is left out of the table that is being made: said once, until it is in one again.
  private void refuse(Location location, String why) {
    Refusal refusal = new Refusal(ObjectKey.of(location.ingress()), why);
    if (refusing.add(refusal) && !refused.contains(refusal)) {
      events.warning(location.ingress(), "AnnotationParsingFailed", why);
    }
  }

  private record Refusal(ObjectKey ingress, String why) {}

  private static List<String> securedHosts(Struct ingress) {
    List<String> hosts = new ArrayList<>();
    ingress.structs("spec", "tls").forEach(each -> hosts.addAll(hosts(ingress, each)));
    return hosts;
  }

  /// The hosts that a Secret is for: those named beside it, else all of the Ingress.
  private static List<String> hosts(Struct ingress, Struct tls) {
    List<String> named = tls.strings("hosts");
    return named.isEmpty()
        ? ingress.structs("spec", "rules").stream().map(each -> each.string("host")).toList()
        : named;
  }

  /// The certificates by host. A host whose Secret is missing or unusable is shown the default one.
  private Map<String, TlsSettings> certificates(List<Struct> own) {
    Map<String, TlsSettings> byHost = new LinkedHashMap<>();
    for (Struct ingress : own) {
      for (Struct tls : ingress.structs("spec", "tls")) {
        Struct secret = secrets.find(Meta.of(ingress).namespace(), tls.string("secretName"));
        TlsSettings settings = secret == null ? null : settings(secret);
        if (settings != null) {
          hosts(ingress, tls)
              .forEach(host -> byHost.putIfAbsent(host.toLowerCase(Locale.ROOT), settings));
        }
      }
    }
    return byHost;
  }

  private static @Nullable TlsSettings settings(Struct secret) {
    try {
      return TlsSecrets.read(secret);
    } catch (IllegalArgumentException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "Secret {0} is not used for TLS: {1}",
          ObjectKey.of(secret),
          e.getMessage());
      return null;
    }
  }

  @Override
  public void close() {
    task.close();
    all().forEach(Informer::close);
    events.close();
  }
}
