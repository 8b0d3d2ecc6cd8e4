package dev.tiphys.network.ingress;

import dev.tiphys.network.router.backends.Backend;
import dev.tiphys.network.router.backends.BackendPolicy;
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
  private final Set<Key> used = new HashSet<>();

  /// What is known of Services.
  interface Cluster {
    @Nullable Struct service(ObjectKey key);

    List<Struct> slices(ObjectKey service);

    /// Where an endpoint is reached from here.
    InetSocketAddress reached(InetAddress address, int port);
  }

  /// @param port number or name, as an Ingress has it
  private record Key(ObjectKey service, Struct port, BackendPolicy policy) {}

  ServiceBackends(World world, Cluster cluster) {
    this.world = world;
    this.cluster = cluster;
  }

  /// The backend for what an Ingress names. One that names no Service that is there has no
  /// endpoints.
  ///
  /// @param backend of an Ingress
  Backend of(String namespace, Struct backend, BackendPolicy policy) {
    ObjectKey service = new ObjectKey(namespace, backend.string("service", "name"));
    Struct port = backend.struct("service", "port");
    Key key = new Key(service, port, policy);
    used.add(key);
    return backends.computeIfAbsent(
        key,
        _ -> {
          Backend made = new Backend(world, service + ":" + label(port), policy);
          made.endpoints(endpoints(key));
          return made;
        });
  }

  private static String label(Struct port) {
    String name = port.string("name");
    return name.isEmpty() ? Long.toString(port.integer("number")) : name;
  }

  /// Drops the backends that were not asked for since the last time.
  void dropUnused() {
    backends.keySet().retainAll(used);
    used.clear();
  }

  /// A Service or one of its slices has changed.
  void update(ObjectKey service) {
    backends.forEach(
        (key, backend) -> {
          if (key.service.equals(service)) {
            backend.endpoints(endpoints(key));
          }
        });
  }

  private List<InetSocketAddress> endpoints(Key key) {
    Struct service = cluster.service(key.service);
    Struct port = service == null ? null : port(service, key.port);
    List<InetSocketAddress> ready = new ArrayList<>();
    if (port != null) {
      for (Struct slice : cluster.slices(key.service)) {
        addReady(ready, slice, port.string("name"));
      }
    }
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

  private void addReady(List<InetSocketAddress> ready, Struct slice, String portName) {
    if (slice.string("addressType").equals("FQDN")) {
      return;
    }
    for (Struct port : slice.structs("ports")) {
      if (!port.string("name").equals(portName)) {
        continue;
      }
      for (Struct endpoint : slice.structs("endpoints")) {
        if (isReady(endpoint)) {
          endpoint.strings("addresses").stream()
              .limit(1) // the others say nothing more
              .map(InetAddress::ofLiteral)
              .forEach(ip -> ready.add(cluster.reached(ip, (int) port.integer("port"))));
        }
      }
    }
  }

  /// That nothing is said of it stands for ready.
  private static boolean isReady(Struct endpoint) {
    return !Boolean.FALSE.equals(endpoint.get("conditions", "ready"));
  }
}
