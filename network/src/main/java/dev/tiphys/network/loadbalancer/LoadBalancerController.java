package dev.tiphys.network.loadbalancer;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.client.controller.RetryPolicy;
import dev.tiphys.object.IpAddress;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Gives Services of type LoadBalancer their addresses: those of the nodes, or one each from a
/// pool.
///
/// The finalizer, the class, events and status are those of upstream's service controller. What the
/// addresses lead to is the proxies' work. Services are seen one at a time, so that no address or
/// port is given twice.
public final class LoadBalancerController implements AutoCloseable {

  /// Who it is towards the API.
  public static final String NAME = "service-controller";

  /// What the Lease is called that the process holds where it works.
  public static final String LEASE = "tiphys-load-balancer";

  private static final String FINALIZER = "service.kubernetes.io/load-balancer-cleanup";
  private static final RetryPolicy RETRY =
      RetryPolicy.between(Duration.ofSeconds(5), Duration.ofMinutes(5));

  private final Api api;
  private final EventRecorder events;
  private final Informer services;
  private final Informer nodes;
  private final @Nullable AddressPool pool;
  private final PortsInUse inUse;
  private final LocalAddresses.@Nullable Shared local;
  private final Controller controller;

  /// What already listens on the nodes, and must be reached as before.
  @FunctionalInterface
  public interface PortsInUse {

    /// What has a port of the nodes; empty if nothing does.
    String user(String protocol, int port);

    /// Whether what has it is a listener of the cluster itself, beside which a Service is to be
    /// reached all the same.
    default boolean isOwn(String protocol, int port) {
      return false;
    }
  }

  /// @param api as the service controller sees it
  /// @param pool where addresses come from; null for those of the nodes
  /// @param inUse which ports of the nodes must not lead to Services
  public LoadBalancerController(
      World world, Api api, @Nullable AddressPool pool, PortsInUse inUse) {
    this(world, api, pool, inUse, null);
  }

  /// @param local addresses that only the nodes themselves and their Pods reach, for Services whose
  ///   ports at the nodes' addresses belong to a listener of the cluster; null for none
  public LoadBalancerController(
      World world,
      Api api,
      @Nullable AddressPool pool,
      PortsInUse inUse,
      LocalAddresses.@Nullable Shared local) {
    this.api = api;
    this.pool = pool;
    this.inUse = inUse;
    this.local = local;
    this.events = new EventRecorder(world, api, NAME, "");
    this.services = new Informer(world, api, ApiResource.SERVICES);
    this.nodes = new Informer(world, api, ApiResource.NODES);
    this.controller = new Controller(NAME, world, 1, RETRY, this::reconcile);
    services.listen(new ServiceListener());
    nodes.listen(new NodeListener());
  }

  /// Starts to work, and returns at once.
  public void start() {
    nodes.start();
    services.start();
    controller.start();
  }

  private final class ServiceListener implements Informer.Listener {
    @Override
    public void added(Struct service) {
      look(service);
    }

    @Override
    public void updated(Struct before, Struct now) {
      if (wants(now) || holds(now)) {
        Notes.of(before, now).forEach((reason, text) -> events.normal(now, reason, text));
      }
      look(now);
      if (!PortConflicts.addresses(now).containsAll(PortConflicts.addresses(before))) {
        lookAtAll();
      }
    }

    @Override
    public void deleted(Struct last) {
      if (!PortConflicts.addresses(last).isEmpty()) {
        lookAtAll();
      }
    }

    /// What one gives back another may wait for.
    private void lookAtAll() {
      services.list().forEach(this::look);
    }

    private void look(Struct service) {
      if (wants(service) || holds(service)) {
        controller.enqueue(service);
      }
    }
  }

  private final class NodeListener implements Informer.Listener {
    @Override
    public void added(Struct node) {
      lookAtAll(node);
    }

    @Override
    public void updated(Struct before, Struct now) {
      if (EligibleNodes.isEligible(before) != EligibleNodes.isEligible(now)
          || !before
              .struct("status")
              .list("addresses")
              .equals(now.struct("status").list("addresses"))) {
        lookAtAll(now);
      }
    }

    @Override
    public void deleted(Struct last) {
      lookAtAll(last);
    }

    private void lookAtAll(Struct cause) {
      for (Struct service : services.list()) {
        if (wants(service)) {
          controller.queue().add(ObjectKey.of(service), Meta.of(cause).revision());
        }
      }
    }
  }

  private static boolean wants(Struct service) {
    return service.string("spec", "type").equals("LoadBalancer")
        && service.string("spec", "loadBalancerClass").isEmpty()
        && !Meta.of(service).isBeingDeleted();
  }

  private static boolean holds(Struct service) {
    return service.struct("metadata").strings("finalizers").contains(FINALIZER);
  }

  private Outcome reconcile(ObjectKey key) throws InterruptedException {
    services.awaitSynced();
    nodes.awaitSynced();
    Struct service = services.find(key);
    if (service == null) {
      return Outcome.DONE;
    }
    if (wants(service)) {
      return ensure(service);
    }
    if (holds(service)) {
      letGo(service);
    }
    return Outcome.DONE;
  }

  private Outcome ensure(Struct service) {
    List<String> present = PortConflicts.addresses(service);
    boolean first = present.isEmpty() || !holds(service);
    List<String> addresses;
    try {
      if (first) {
        events.normal(service, "EnsuringLoadBalancer", "Ensuring load balancer");
      }
      addresses = addresses(service, present);
    } catch (LoadBalancerException e) {
      events.warning(
          service, "SyncLoadBalancerFailed", "Error syncing load balancer: " + e.getMessage());
      write(service, List.of());
      return Outcome.again(RETRY.longest());
    }
    if (addresses.isEmpty()) {
      events.warning(
          service, "UnAvailableLoadBalancer", "There are no available nodes for LoadBalancer");
    }
    write(service, addresses);
    if (first && !addresses.isEmpty()) {
      events.normal(service, "EnsuredLoadBalancer", "Ensured load balancer");
    } else if (!new HashSet<>(addresses).equals(new HashSet<>(present))) {
      events.normal(service, "UpdatedLoadBalancer", "Updated load balancer with new hosts");
    }
    return Outcome.DONE;
  }

  private List<String> addresses(Struct service, List<String> present)
      throws LoadBalancerException {
    List<String> families = service.struct("spec").strings("ipFamilies");
    AddressPool given = pool;
    if (given != null) {
      return fromPool(given, service, families, present);
    }
    LocalAddresses.Shared beside = local;
    if (beside != null && (isIn(beside.pool(), present) || isBesideOwn(service))) {
      return List.of(fromLocal(beside, service, present));
    }
    requireFreePorts(service);
    List<String> addresses = EligibleNodes.addresses(nodes, families);
    String conflict = PortConflicts.conflict(service, addresses, services.list());
    if (!conflict.isEmpty()) {
      throw new LoadBalancerException(conflict);
    }
    return addresses;
  }

  /// A Service stays at the local address that it was given.
  private static boolean isIn(AddressPool pool, List<String> addresses) {
    return addresses.stream()
        .anyMatch(
            each -> IpAddress.parse(each) != null && pool.contains(InetAddress.ofLiteral(each)));
  }

  private boolean isBesideOwn(Struct service) {
    return service.struct("spec").structs("ports").stream()
        .anyMatch(port -> inUse.isOwn(port.string("protocol"), (int) port.integer("port")));
  }

  private void requireFreePorts(Struct service) throws LoadBalancerException {
    for (Struct port : service.struct("spec").structs("ports")) {
      String user = inUse.user(port.string("protocol"), (int) port.integer("port"));
      if (!user.isEmpty()) {
        throw new LoadBalancerException(
            "port %d of the nodes is taken by %s".formatted(port.integer("port"), user));
      }
    }
  }

  private String fromLocal(LocalAddresses.Shared local, Struct service, List<String> present)
      throws LoadBalancerException {
    Set<String> taken = taken(service);
    taken.add(local.edge().getHostAddress());
    return fromPool(local.pool(), service, "IPv4", present, taken);
  }

  private List<String> fromPool(
      AddressPool pool, Struct service, List<String> families, List<String> present)
      throws LoadBalancerException {
    Set<String> taken = taken(service);
    List<String> addresses = new ArrayList<>();
    for (String family : families) {
      addresses.add(fromPool(pool, service, family, present, taken));
    }
    return addresses;
  }

  /// The addresses of all other Services.
  private Set<String> taken(Struct service) {
    Set<String> taken = new HashSet<>();
    for (Struct other : services.list()) {
      if (!Meta.of(other).uid().equals(Meta.of(service).uid())) {
        taken.addAll(PortConflicts.addresses(other));
      }
    }
    return taken;
  }

  /// The address that the Service asks for or has, if it can have it; another one otherwise.
  private static String fromPool(
      AddressPool pool, Struct service, String family, List<String> present, Set<String> taken)
      throws LoadBalancerException {
    String wanted = service.string("spec", "loadBalancerIP");
    if (!wanted.isEmpty() && isOf(wanted, family)) {
      if (!pool.contains(InetAddress.ofLiteral(wanted)) || taken.contains(wanted)) {
        throw new LoadBalancerException("the address %s cannot be had".formatted(wanted));
      }
      return wanted;
    }
    for (String address : present) {
      if (isOf(address, family)
          && pool.contains(InetAddress.ofLiteral(address))
          && !taken.contains(address)) {
        return address;
      }
    }
    InetAddress free =
        pool.any(
            family.equals("IPv6") ? 16 : 4, address -> !taken.contains(address.getHostAddress()));
    if (free == null) {
      throw new LoadBalancerException("no " + family + " address of the pool is free");
    }
    return free.getHostAddress();
  }

  private static boolean isOf(String address, String family) {
    return IpAddress.parse(address) != null && address.contains(":") == family.equals("IPv6");
  }

  private void letGo(Struct service) {
    events.normal(service, "DeletingLoadBalancer", "Deleting load balancer");
    List<String> others =
        service.struct("metadata").strings("finalizers").stream()
            .filter(finalizer -> !finalizer.equals(FINALIZER))
            .toList();
    Struct next =
        service
            .withAt(others, "metadata", "finalizers")
            .withAt(Struct.EMPTY, "status", "loadBalancer");
    api.update(ApiResource.SERVICES, next, "status");
    events.normal(service, "DeletedLoadBalancer", "Deleted load balancer");
  }

  /// Writes the addresses, and that they must be given back.
  private void write(Struct service, List<String> addresses) {
    List<Struct> ingress =
        addresses.stream().map(ip -> Struct.of("ip", ip, "ipMode", "VIP")).toList();
    List<String> finalizers = new ArrayList<>(service.struct("metadata").strings("finalizers"));
    if (!holds(service)) {
      finalizers.add(FINALIZER);
    }
    Struct balancer = ingress.isEmpty() ? Struct.EMPTY : Struct.of("ingress", ingress);
    Struct next =
        service
            .withAt(List.copyOf(finalizers), "metadata", "finalizers")
            .withAt(balancer, "status", "loadBalancer");
    if (!next.equals(service)) {
      api.update(ApiResource.SERVICES, next, "status");
    }
  }

  @Override
  public void close() {
    controller.close();
    services.close();
    nodes.close();
    events.close();
  }
}
