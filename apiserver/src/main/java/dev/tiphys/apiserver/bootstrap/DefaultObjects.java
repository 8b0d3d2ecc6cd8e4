package dev.tiphys.apiserver.bootstrap;

import dev.tiphys.apiserver.allocation.ServiceAllocator;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.world.World;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes the objects that every cluster has, and makes them again when they are gone: the system's
/// namespaces, roles and their bindings, priority classes, what requests wait by, the Service by
/// which Pods find the API server, and what tells which groups of the API there are.
///
/// Threads: any.
public final class DefaultObjects {

  private static final System.Logger LOG = System.getLogger(DefaultObjects.class.getName());
  private static final Duration PERIOD = Duration.ofSeconds(10);

  /// Every so many rounds what Services were given is compared with what they have.
  private static final int REPAIR_ROUNDS = 18;

  private static final String RANGES_NAME = "kubernetes";
  private static final int DATE = "2000-01-01".length();

  private static final List<String> NAMESPACES =
      List.of("default", "kube-system", "kube-public", "kube-node-lease", "tiphys-network");

  private final World world;
  private final Api api;
  private final ApiServerAddress address;
  private final ServiceAllocator services;
  private final ApiServices apiServices;
  private final Flows flows;
  private final AccessObjects access;
  private boolean accessReconciled; // the keeper's
  private @Nullable Delegation delegation;
  private @Nullable ClusterInfo info;

  /// Where the API server is, as Pods are to find it.
  ///
  /// @param host its IP address
  /// @param port its port
  /// @param serviceAddress the cluster IP of the Service in front of it
  public record ApiServerAddress(String host, int port, String serviceAddress) {}

  /// @param flowApi for the manager of what priority and fairness goes by
  /// @param gates which features are on: some need rights
  public DefaultObjects(
      World world,
      Api api,
      Api flowApi,
      ApiServerAddress address,
      ServiceAllocator services,
      List<GroupVersion> served,
      FeatureGates gates) {
    this.world = world;
    this.api = api;
    this.address = address;
    this.services = services;
    this.flows = new Flows(flowApi);
    this.access = new AccessObjects(api, gates);
    this.apiServices = new ApiServices(api, served);
  }

  /// Keeps what servers of other groups of the API need to know as well. To be called before any
  /// object is made.
  public DefaultObjects with(Delegation told) {
    delegation = told;
    return this;
  }

  /// Keeps what nodes that join need to know as well. To be called before any object is made.
  public DefaultObjects with(ClusterInfo told) {
    info = told;
    return this;
  }

  /// Makes what is missing.
  public void ensure() {
    NAMESPACES.forEach(this::namespace);
    if (!accessReconciled) { // later on, administrators take away what they like
      access.reconcile();
      accessReconciled = true;
    }
    priorityClass(
        "system-node-critical",
        2_000_001_000L,
        "Used for system critical pods that must not be moved from their current node.");
    priorityClass(
        "system-cluster-critical",
        2_000_000_000L,
        "Used for system critical pods that must run in the cluster, but can be moved to another node"
            + " if necessary.");
    flows.ensure();
    tokenTracking();
    serviceRanges();
    service();
    endpoints();
    apiServices.ensure();
    if (delegation != null) {
      authentication(delegation);
    }
    if (info != null) {
      info.ensure(api);
    }
  }

  /// Makes what is missing, now and every ten seconds.
  public void keep() {
    world.background().start("default-objects", this::run);
  }

  private void run() {
    World background = world.background();
    EventRecorder events = new EventRecorder(background, api, "service-allocator", "");
    for (int round = 0; ; round++) {
      try {
        ensure();
        if (round % REPAIR_ROUNDS == 0) {
          services.repair(events);
        }
      } catch (ApiException e) {
        LOG.log(Level.WARNING, "the default objects could not be made: error={0}", e.message());
      }
      try {
        background.sleep(PERIOD);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void create(ApiResource resource, Struct object) {
    Struct metadata = object.struct("metadata");
    if (api.find(resource, metadata.string("namespace"), metadata.string("name")) != null) {
      return;
    }
    try {
      api.create(resource, object);
    } catch (ApiException e) {
      if (!e.is(Reason.ALREADY_EXISTS)) {
        throw e;
      }
    }
  }

  /// It changes when an authority does.
  private void authentication(Delegation told) {
    Struct wanted = told.configMap();
    Struct metadata = wanted.struct("metadata");
    Struct present =
        api.find(ApiResource.CONFIG_MAPS, metadata.string("namespace"), metadata.string("name"));
    if (present == null) {
      create(ApiResource.CONFIG_MAPS, wanted);
    } else if (!present.struct("data").equals(wanted.struct("data"))) {
      api.update(ApiResource.CONFIG_MAPS, present.with("data", wanted.struct("data")));
    }
  }

  private void namespace(String name) {
    create(ApiResource.NAMESPACES, Struct.of("metadata", Struct.of("name", name)));
  }

  private void priorityClass(String name, long value, String description) {
    Struct object =
        new StructBuilder()
            .add("metadata", Struct.of("name", name))
            .add("value", value)
            .add("description", description)
            .build();
    create(ApiResource.PRIORITY_CLASSES, object);
  }

  /// Since when it is noted when tokens that are kept in Secrets were used last.
  private void tokenTracking() {
    Struct metadata =
        Struct.of(
            "name",
            "kube-apiserver-legacy-service-account-token-tracking",
            "namespace",
            "kube-system");
    String since = Timestamps.seconds(world.now()).substring(0, DATE);
    create(
        ApiResource.CONFIG_MAPS,
        Struct.of("metadata", metadata, "data", Struct.of("since", since)));
  }

  private static final Struct METADATA =
      Struct.of(
          "name",
          "kubernetes",
          "namespace",
          "default",
          "labels",
          Struct.of("component", "apiserver", "provider", "kubernetes"));

  /// Where Services get their addresses from, as other programs are to know it.
  private void serviceRanges() {
    ApiResource ranges = ApiResource.SERVICE_CIDRS;
    Struct present = api.find(ranges, "", RANGES_NAME);
    if (present == null) {
      create(
          ranges,
          Struct.of(
              "metadata",
              Struct.of("name", RANGES_NAME),
              "spec",
              Struct.of("cidrs", services.ranges().cidrs())));
      present = api.find(ranges, "", RANGES_NAME);
    }
    if (present != null && present.struct("status").list("conditions").isEmpty()) {
      Struct ready =
          new StructBuilder()
              .add("type", "Ready")
              .add("status", "True")
              .add("lastTransitionTime", Timestamps.seconds(world.now()))
              .add("reason", "")
              .add("message", "Kubernetes default Service CIDR is ready")
              .build();
      tell(ranges, present.with("status", Struct.of("conditions", List.of(ready))));
    }
  }

  /// Writes a status that a controller may have written meanwhile, to the same effect.
  private void tell(ApiResource resource, Struct object) {
    try {
      api.update(resource, object, "status");
    } catch (ApiException e) {
      if (!e.is(Reason.CONFLICT)) {
        throw e;
      }
    }
  }

  private void service() {
    Struct port =
        new StructBuilder()
            .add("name", "https")
            .add("port", 443L)
            .add("protocol", "TCP")
            .add("targetPort", (long) address.port)
            .build();
    Struct spec =
        new StructBuilder()
            .add("clusterIP", address.serviceAddress)
            .add("clusterIPs", List.of(address.serviceAddress))
            .add("ipFamilies", List.of(address.serviceAddress.contains(":") ? "IPv6" : "IPv4"))
            .add("ipFamilyPolicy", "SingleStack")
            .add("ports", List.of(port))
            .add("sessionAffinity", "None")
            .add("type", "ClusterIP")
            .build();
    create(ApiResource.SERVICES, Struct.of("metadata", METADATA, "spec", spec));
  }

  /// The Service has no selector, so its endpoints are kept here.
  private void endpoints() {
    Struct port = Struct.of("name", "https", "port", (long) address.port, "protocol", "TCP");
    Struct subset =
        Struct.of("addresses", List.of(Struct.of("ip", address.host)), "ports", List.of(port));
    Struct metadata =
        Struct.of(
            "name",
            "kubernetes",
            "namespace",
            "default",
            "labels",
            Struct.of("endpointslice.kubernetes.io/skip-mirror", "true"));
    replace(
        ApiResource.ENDPOINTS,
        Struct.of("metadata", metadata, "subsets", List.of(subset)),
        "subsets");
    Struct endpoint =
        Struct.of("addresses", List.of(address.host), "conditions", Struct.of("ready", true));
    Struct slice =
        new StructBuilder()
            .add(
                "metadata",
                metadata.with("labels", Struct.of("kubernetes.io/service-name", "kubernetes")))
            .add("addressType", "IPv4")
            .add("endpoints", List.of(endpoint))
            .add("ports", List.of(port))
            .build();
    replace(ApiResource.ENDPOINT_SLICES, slice, "endpoints", "ports");
  }

  /// Makes an object, or brings some fields of it up to date.
  private void replace(ApiResource resource, Struct wanted, String... fields) {
    Struct metadata = wanted.struct("metadata");
    Struct present = api.find(resource, metadata.string("namespace"), metadata.string("name"));
    if (present == null) {
      create(resource, wanted);
      return;
    }
    Struct next = present;
    for (String field : fields) {
      next = next.with(field, wanted.list(field));
    }
    api.update(resource, next);
  }
}
