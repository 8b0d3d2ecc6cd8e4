package dev.tiphys.network.gatewayapi;

import dev.tiphys.network.gatewayapi.fields.Grants;
import dev.tiphys.network.router.backends.Backend;
import dev.tiphys.network.router.backends.BackendPolicy;
import dev.tiphys.network.router.backends.EndpointTls;
import dev.tiphys.network.router.backends.Protocol;
import dev.tiphys.network.router.backends.ReadyEndpoints;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The backends that routes name. One is kept as long as a table has it, so that connections and
/// what is known of endpoints outlive a change of the table.
///
/// Not shared between threads.
final class ServiceBackends {

  private final World world;
  private final Followed cluster;
  private final Map<Key, Backend> backends = new HashMap<>();
  private Set<Object> asked = new HashSet<>();
  private Grants grants = new Grants(List.of());
  private TlsPolicies policies = new TlsPolicies(List.of(), new AuthorityRefs(_ -> null));

  private record Key(ObjectKey service, int port, BackendPolicy policy) {}

  /// What a reference leads to.
  ///
  /// @param backend null if requests can't be passed on
  /// @param reason why the reference is no good; empty if it is good, though the backend may be
  ///   missing because its policy can't be kept
  record Found(@Nullable Backend backend, String reason, String message) {}

  ServiceBackends(World world, Followed cluster) {
    this.world = world;
    this.cluster = cluster;
  }

  /// What is asked for from now on is as the cluster is now.
  void refresh(Grants granted, TlsPolicies said) {
    grants = granted;
    policies = said;
  }

  /// @param ref in a route
  /// @param protocol what endpoints speak whose port does not say so
  Found of(Struct ref, Struct route, String kind, Protocol protocol) {
    String own = Meta.of(route).namespace();
    String namespace = ref.has("namespace") ? ref.string("namespace") : own;
    ObjectKey key = new ObjectKey(namespace, ref.string("name"));
    if (!ref.string("group").isEmpty() || !ref.string("kind").equals("Service")) {
      return new Found(
          null, "InvalidKind", "%s %s is no Service".formatted(ref.string("kind"), key));
    }
    if (!grants.allow(kind, own, "Service", key)) {
      return new Found(
          null,
          "RefNotPermitted",
          "no ReferenceGrant lets %ss of namespace %s name Service %s".formatted(kind, own, key));
    }
    Struct service = cluster.service(key);
    if (service == null || service.string("spec", "type").equals("ExternalName")) {
      return new Found(
          null, "BackendNotFound", "there is no Service %s with endpoints".formatted(key));
    }
    Struct port = port(service, (int) ref.integer("port"));
    if (port == null) {
      return new Found(
          null, "BackendNotFound", "Service %s has no port %d".formatted(key, ref.integer("port")));
    }
    return found(key, port, protocol);
  }

  private Found found(ObjectKey service, Struct port, Protocol otherwise) {
    String said = port.string("appProtocol");
    TlsPolicies.Policy policy = policies.of(service, port.string("name"));
    if (said.equals("kubernetes.io/wss") && policy == null) {
      return new Found(
          null, "UnsupportedProtocol", "wss needs a BackendTLSPolicy for Service " + service);
    }
    EndpointTls tls = policy == null ? null : policy.tls();
    if (policy != null && tls == null) {
      return new Found(null, "", "");
    }
    Protocol protocol =
        said.equals("kubernetes.io/h2c") || said.equals("grpc") ? Protocol.HTTP_2 : otherwise;
    BackendPolicy usual = BackendPolicy.USUAL.with(protocol);
    Key key = new Key(service, (int) port.integer("port"), tls == null ? usual : usual.with(tls));
    asked.add(key);
    return new Found(backends.computeIfAbsent(key, this::made), "", "");
  }

  private Backend made(Key key) {
    Backend made = new Backend(world, key.service + ":" + key.port, key.policy);
    made.endpoints(endpoints(key));
    return made;
  }

  private static @Nullable Struct port(Struct service, int number) {
    for (Struct port : service.structs("spec", "ports")) {
      if (port.integer("port") == number && !port.string("protocol").equals("UDP")) {
        return port;
      }
    }
    return null;
  }

  private List<InetSocketAddress> endpoints(Key key) {
    Struct service = cluster.service(key.service);
    Struct port = service == null ? null : port(service, key.port);
    return port == null
        ? List.of()
        : ReadyEndpoints.of(cluster.slices(key.service), port.string("name"), cluster::reached);
  }

  /// Endpoints of Services have changed.
  void update(Set<ObjectKey> services) {
    backends.forEach(
        (key, backend) -> {
          if (services.contains(key.service)) {
            backend.endpoints(endpoints(key));
          }
        });
  }

  /// Makes something, and tells which backends were asked for meanwhile: what they are kept by.
  <T> Made<T> making(Supplier<T> make) {
    Set<Object> before = asked;
    asked = new HashSet<>(4);
    T made = make.get();
    Made<T> result = new Made<>(made, Set.copyOf(asked));
    asked = before;
    return result;
  }

  /// What was made, and the backends in it.
  record Made<T>(T value, Set<Object> backends) {}

  /// Drops the backends that are in nothing that was made.
  void retain(Set<Object> used) {
    backends.keySet().retainAll(used);
    asked.clear();
  }

  /// All Services may have changed.
  void updateAll() {
    backends.forEach((key, backend) -> backend.endpoints(endpoints(key)));
  }
}
