package dev.tiphys.network.ingress;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.http.TlsSettings;
import dev.tiphys.network.router.listeners.Edge;
import dev.tiphys.network.router.listeners.Live;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Feeds the edge with the Ingresses of ingress-nginx' classes.
///
/// A change of an Ingress or a Secret makes the hosts anew that it has a part in, and the table of
/// all hosts; one of a Service or its endpoints changes a backend only. The revision is that of the
/// newest Ingress that is served. While another program serves the classes, none is.
///
/// Threads: any.
public final class IngressController implements AutoCloseable {

  /// Under which name it feeds the edge.
  public static final String FEEDER = "ingress";

  /// What it is called in events and managed fields, as ingress-nginx is.
  public static final String PROGRAM = "nginx-ingress-controller";

  private static final String SERVICE_NAME = "kubernetes.io/service-name";

  private final World world;
  private final Edge edge;
  private final IngressSettings settings;
  private final EventRecorder events;
  private final IngressClasses classes;
  private final Informer ingresses;
  private final ObjectIndex ofHost;
  private final Informer services;
  private final Informer slices;
  private final Informer secrets;
  private final OutsideNames names;
  private final NamedObjects named; // Secrets
  private final NamedObjects configMaps;
  private final ServiceBackends backends;
  private final Facilities facilities;
  private final HostTable table;
  private final Certificates certificates = new Certificates();
  private final Map<ObjectKey, Struct> told = new HashMap<>(); // what events were given for
  private final Gate changed;
  private final SupervisedTask task;
  private final Object lock = new Object();
  private Changes changes = new Changes(); // guarded by lock
  private final Live live = new Live();
  private volatile String other = ""; // what serves the classes instead
  private boolean served;

  /// What has changed since it was looked at last.
  private static final class Changes {
    private final Set<ObjectKey> ingresses = new HashSet<>();
    private final Set<ObjectKey> services = new HashSet<>();
    private final Set<ObjectKey> secrets = new HashSet<>(); // those that annotations name
    private final Set<ObjectKey> configMaps = new HashSet<>();
    private boolean classes;
    private boolean certificates;
    private boolean names;
  }

  /// The change of a [Changes].
  private interface Mark {
    void in(Changes changes);
  }

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
    this.world = world;
    this.edge = edge;
    this.settings = settings;
    this.events = new EventRecorder(world, api, PROGRAM, "");
    this.changed = world.background().gate();
    this.classes = new IngressClasses(world, api, () -> mark(each -> each.classes = true));
    this.ingresses = new Informer(world, api, ApiResource.INGRESSES);
    this.services = new Informer(world, api, ApiResource.SERVICES);
    this.slices = new Informer(world, api, ApiResource.ENDPOINT_SLICES);
    this.secrets =
        new Informer(
            world, api, ApiResource.SECRETS, "", ListOptions.withFields("type=kubernetes.io/tls"));
    this.names = new OutsideNames(world, () -> mark(each -> each.names = true));
    this.named =
        new NamedObjects(
            world, api, ApiResource.SECRETS, key -> mark(each -> each.secrets.add(key)));
    this.configMaps =
        new NamedObjects(
            world, api, ApiResource.CONFIG_MAPS, key -> mark(each -> each.configMaps.add(key)));
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

              @Override
              public List<InetAddress> outside(String name) {
                return names.of(name);
              }
            });
    this.facilities =
        new Facilities(
            world,
            backends,
            named,
            configMaps,
            (ingress, why) -> events.warning(ingress, "AnnotationParsingFailed", why));
    this.table = new HostTable(facilities);
    this.ofHost =
        ingresses.index(
            ingress ->
                ingress.structs("spec", "rules").stream()
                    .map(OwnIngress::host)
                    .distinct()
                    .toList());
    ingresses.listen(
        Informer.Listener.ofAll(object -> mark(each -> each.ingresses.add(ObjectKey.of(object)))));
    secrets.listen(Informer.Listener.ofAll(_ -> mark(each -> each.certificates = true)));
    services.listen(
        Informer.Listener.ofAll(object -> mark(each -> each.services.add(ObjectKey.of(object)))));
    slices.listen(
        Informer.Listener.ofAll(object -> mark(each -> each.services.add(serviceOf(object)))));
    this.task = world.supervisor().task("ingress", OnFailure.RESTART);
  }

  private static ObjectKey serviceOf(Struct slice) {
    return new ObjectKey(Meta.of(slice).namespace(), Meta.of(slice).label(SERVICE_NAME));
  }

  private void mark(Mark mark) {
    synchronized (lock) {
      mark.in(changes);
    }
    changed.open();
  }

  /// Starts to follow the cluster, and returns at once.
  public void start() {
    classes.start();
    informers().forEach(Informer::start);
    names.start();
    task.start(this::run);
  }

  private List<Informer> informers() {
    return List.of(ingresses, services, slices, secrets);
  }

  private void run() throws InterruptedException {
    classes.awaitSynced();
    for (Informer each : informers()) {
      each.awaitSynced();
    }
    mark(each -> each.classes = true);
    while (true) {
      changed.await();
      Changes now;
      synchronized (lock) {
        now = changes;
        changes = new Changes();
      }
      now.services.forEach(backends::update);
      if (now.names) {
        backends.updateOutside();
      }
      follow(now);
    }
  }

  private void follow(Changes now) {
    if (now.classes) {
      tellOther();
      now.ingresses.addAll(ingresses.list().stream().map(ObjectKey::of).toList());
    }
    now.secrets.forEach(secret -> named.users(secret).forEach(table::touch));
    now.configMaps.forEach(map -> configMaps.users(map).forEach(table::touch));
    boolean securedBefore = false;
    for (ObjectKey key : now.ingresses) {
      securedBefore |= certificates.isNamedBy(table.find(key));
      put(key);
      now.certificates |= securedBefore || certificates.isNamedBy(table.find(key));
    }
    boolean stale = table.isStale();
    if (stale) {
      table.refresh();
      named.dropUnused();
      configMaps.dropUnused();
    }
    if (now.certificates) {
      certificates.read(table.ingresses(), secrets);
    }
    if (stale || now.certificates || !served) {
      serve();
    }
    Map<ObjectKey, Struct> own = new HashMap<>();
    table.ingresses().forEach(each -> own.put(ObjectKey.of(each.ingress()), each.ingress()));
    live.serve(own, world.now());
  }

  /// What serves the classes instead; empty if this does.
  String leftTo() {
    return other;
  }

  /// Since when an Ingress is served, as `at`, if it is served at a revision or a later one;
  /// `earlier` says whether the revision itself may have been served before. `now` is the time
  /// here.
  Struct live(ObjectKey key, long revision) {
    return live.answer(key, revision, world.now());
  }

  /// Says in an event which program serves the classes, when that has changed.
  private void tellOther() {
    String found = classes.other();
    String now = found == null ? "" : found;
    Struct named = classes.named();
    if (!now.equals(other) && named != null) {
      if (now.isEmpty()) {
        events.normal(named, "Serving", "Ingresses of this class are served by Tiphys");
      } else {
        events.normal(named, "LeftToOther", "Ingresses are not served by Tiphys: " + now);
      }
    }
    other = now;
  }

  private void put(ObjectKey key) {
    Struct ingress = ingresses.find(key);
    Struct own = ingress != null && other.isEmpty() && classes.isOwn(ingress) ? ingress : null;
    OwnIngress before = table.find(key);
    if (before == null ? own == null : before.ingress().equals(own)) {
      return;
    }
    facilities.changed(key, own == null);
    table.put(key, own);
    if (own == null) {
      told.remove(key);
    } else {
      tell(key, own);
    }
  }

  /// Says in events that an Ingress is seen, and what of it can't be kept.
  private void tell(ObjectKey key, Struct ingress) {
    Struct said =
        Struct.of("spec", ingress.struct("spec"), "annotations", Meta.of(ingress).annotations());
    if (!said.equals(told.put(key, said))) {
      events.normal(ingress, "Sync", "Scheduled for sync");
      OwnIngress own = table.find(key);
      if (own != null) {
        own.annotations()
            .problems()
            .forEach(each -> events.warning(ingress, "AnnotationParsingFailed", each));
      }
    }
  }

  private void serve() {
    served = true;
    List<VirtualHost> hosts = table.hosts();
    long revision =
        table.ingresses().stream()
            .mapToLong(each -> Meta.of(each.ingress()).revision())
            .max()
            .orElse(0);
    Map<String, TlsSettings> byHost = certificates.asking(table.authorities(), edge::fallback);
    edge.serve(
        FEEDER,
        Long.toString(revision),
        table.ingresses().isEmpty()
            ? List.of()
            : List.of(
                new Edge.Site(settings.http(), hosts),
                new Edge.Site(settings.https(), true, hosts, byHost, table.streams(), true)));
    backends.retain(table.backends());
  }

  /// Why an Ingress can't be served as it is, as ingress-nginx' validating webhook says it; empty
  /// if it can be, or is none that is served here. Any thread.
  String refusal(Struct ingress) {
    if (!classes.isOwn(ingress) || Meta.of(ingress).isBeingDeleted() || classes.other() != null) {
      return "";
    }
    return IngressReview.refusal(
        ingress, host -> ofHost.with(host).stream().filter(classes::isOwn).toList());
  }

  @Override
  public void close() {
    task.close();
    informers().forEach(Informer::close);
    names.close();
    named.close();
    configMaps.close();
    classes.close();
    events.close();
  }
}
