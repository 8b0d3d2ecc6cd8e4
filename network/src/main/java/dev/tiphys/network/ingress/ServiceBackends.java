package dev.tiphys.network.ingress;

import dev.tiphys.network.router.backends.Backend;
import dev.tiphys.network.router.backends.BackendPolicy;
import dev.tiphys.network.router.backends.ReadyEndpoints;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The backends of Services that Ingresses name. One is kept as long as a table has it, so that
/// connections and what is known of endpoints outlive a change of the table.
///
/// Not shared between threads.
final class ServiceBackends {

  private final World world;
  private final Cluster cluster;
  private final Map<Key, Backend> backends = new HashMap<>();
  private final Map<ObjectKey, Set<Key>> byService = new HashMap<>();

  /// What is known of Services.
  interface Cluster {
    @Nullable Struct service(ObjectKey key);

    List<Struct> slices(ObjectKey service);

    /// Where an endpoint is reached from here.
    InetSocketAddress reached(InetAddress address, int port);

    /// The addresses of a name outside of the cluster, as they are known now; asks for them anew in
    /// time.
    List<InetAddress> outside(String name);
  }

  /// A port of a Service.
  ///
  /// @param port number or name, as an Ingress has it
  record Target(ObjectKey service, Struct port) {

    static Target of(String namespace, Struct backend) {
      return new Target(
          new ObjectKey(namespace, backend.string("service", "name")),
          backend.struct("service", "port"));
    }
  }

  /// @param instead what takes the requests while the target has no endpoints; null for nothing
  /// @param throughService whether the Service's own address is used
  private record Key(
      Target target, @Nullable ObjectKey instead, boolean throughService, BackendPolicy policy) {}

  ServiceBackends(World world, Cluster cluster) {
    this.world = world;
    this.cluster = cluster;
  }

  /// The backend for what an Ingress names. One that names no Service that is there has no
  /// endpoints.
  ///
  /// @param instead what takes the requests while the target has no endpoints; null for nothing
  /// @param throughService whether the Service's own address is used, not those of its endpoints
  Backend of(
      Target target, @Nullable ObjectKey instead, boolean throughService, BackendPolicy policy) {
    Key key = new Key(target, instead, throughService, policy);
    Backend known = backends.get(key);
    if (known != null) {
      return known;
    }
    Backend made = new Backend(world, target.service() + ":" + label(target.port()), policy);
    made.endpoints(endpoints(key));
    backends.put(key, made);
    services(key).forEach(each -> byService.computeIfAbsent(each, _ -> new HashSet<>()).add(key));
    return made;
  }

  private static List<ObjectKey> services(Key key) {
    return key.instead == null
        ? List.of(key.target.service())
        : List.of(key.target.service(), key.instead);
  }

  /// How a port is named, whichever way that is done.
  static String label(Struct port) {
    String name = port.string("name");
    return name.isEmpty() ? Long.toString(port.integer("number")) : name;
  }

  /// Drops the backends that no table has.
  void retain(Set<Backend> used) {
    for (Key key : List.copyOf(backends.keySet())) {
      if (!used.contains(backends.get(key))) {
        backends.remove(key);
        services(key).forEach(each -> forget(each, key));
      }
    }
  }

  private void forget(ObjectKey service, Key key) {
    Set<Key> keys = byService.get(service);
    if (keys != null && keys.remove(key) && keys.isEmpty()) {
      byService.remove(service);
    }
  }

  /// A Service or one of its slices has changed.
  void update(ObjectKey service) {
    for (Key key : byService.getOrDefault(service, Set.of())) {
      Backend backend = backends.get(key);
      if (backend != null) {
        backend.endpoints(endpoints(key));
      }
    }
  }

  /// Names outside of the cluster may have other addresses.
  void updateOutside() {
    backends.forEach(
        (key, backend) -> {
          Struct service = cluster.service(key.target.service());
          if (service != null && isExternal(service)) {
            backend.endpoints(endpoints(key));
          }
        });
  }

  private static boolean isExternal(Struct service) {
    return service.string("spec", "type").equals("ExternalName");
  }

  private List<InetSocketAddress> endpoints(Key key) {
    List<InetSocketAddress> ready = endpoints(key.target, key.throughService);
    if (!ready.isEmpty() || key.instead == null) {
      return ready;
    }
    Struct other = cluster.service(key.instead);
    List<Struct> ports = other == null ? List.of() : other.structs("spec", "ports");
    return ports.isEmpty()
        ? ready
        : endpoints(
            new Target(key.instead, Struct.of("number", ports.getFirst().integer("port"))), false);
  }

  /// The endpoints that are ready now.
  List<InetSocketAddress> endpoints(Target target, boolean throughService) {
    Struct service = cluster.service(target.service());
    List<InetSocketAddress> ready = new ArrayList<>();
    if (service == null) {
      return ready;
    }
    if (isExternal(service)) {
      int port = (int) target.port().integer("number");
      cluster
          .outside(service.string("spec", "externalName"))
          .forEach(each -> ready.add(new InetSocketAddress(each, port)));
      return ready;
    }
    Struct port = port(service, target.port());
    String own = service.string("spec", "clusterIP");
    if (port == null) {
      return ready;
    }
    if (throughService && !own.isEmpty() && !own.equals("None")) {
      return List.of(new InetSocketAddress(InetAddress.ofLiteral(own), (int) port.integer("port")));
    }
    ready.addAll(
        ReadyEndpoints.of(cluster.slices(target.service()), port.string("name"), cluster::reached));
    return ready;
  }

  private static @Nullable Struct port(Struct service, Struct wanted) {
    for (Struct port : service.structs("spec", "ports")) {
      boolean same =
          wanted.string("name").isEmpty()
              ? port.integer("port") == wanted.integer("number")
              : port.string("name").equals(wanted.string("name"));
      if (same) {
        return port;
      }
    }
    return null;
  }
}
