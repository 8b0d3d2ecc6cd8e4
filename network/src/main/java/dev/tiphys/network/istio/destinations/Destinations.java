package dev.tiphys.network.istio.destinations;

import dev.tiphys.network.istio.fields.EntryEndpoints;
import dev.tiphys.network.istio.fields.Exports;
import dev.tiphys.network.istio.fields.PortProtocol;
import dev.tiphys.network.istio.fields.TrafficPolicies;
import dev.tiphys.network.router.backends.Backend;
import dev.tiphys.network.router.backends.BackendPolicy;
import dev.tiphys.network.router.backends.EndpointTls;
import dev.tiphys.network.router.backends.Protocol;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What the destinations of routes are. A backend is kept as long as a table has it, so that
/// connections and what is known of endpoints outlive a change of the table.
///
/// Not shared between threads.
public final class Destinations {

  private final World world;
  private final Catalog catalog;
  private final Hosts hosts;
  private final Map<Key, Backend> backends = new HashMap<>();
  private final Set<Backend> used = new HashSet<>();
  private @Nullable Set<Backend> noted;
  private final Credentials credentials;
  private final ClientTls tls;
  private RuleBook rules;
  private @Nullable Map<Struct, Set<String>> problems;

  /// @param host a Service's full name, or a name outside
  /// @param service null for a name outside
  /// @param entry the ServiceEntry that knows a name outside; null if there is none
  /// @param port the one that endpoints are looked up by; 0 if there is none
  /// @param labels that the Pods behind endpoints must have
  private record Key(
      String host,
      @Nullable ObjectKey service,
      @Nullable ObjectKey entry,
      int port,
      Struct labels,
      BackendPolicy policy) {}

  /// @param problem why it has no endpoints; empty if it has some
  /// @param notes what of its policy can't be kept
  public record Found(Backend backend, String problem, List<String> notes) {

    /// Whether it has no endpoints.
    public boolean isMissing() {
      return !problem.isEmpty();
    }
  }

  /// @param hosts what names mean
  public Destinations(World world, Catalog catalog, Hosts hosts) {
    this.world = world;
    this.catalog = catalog;
    this.hosts = hosts;
    this.credentials = new Credentials(catalog::secret);
    this.tls = new ClientTls(credentials);
    this.rules = new RuleBook(List.of(), hosts);
  }

  /// What is asked for from now on is as the cluster is now.
  public void refresh() {
    rules = new RuleBook(catalog.destinationRules(), hosts);
    problems = null;
  }

  /// What of each DestinationRule can't be kept; nothing of those that are well.
  public Map<Struct, Set<String>> problems() {
    Map<Struct, Set<String>> found = problems;
    if (found == null) {
      found = new LinkedHashMap<>();
      for (Struct rule : catalog.destinationRules()) {
        found.put(rule, problems(rule));
      }
      problems = found;
    }
    return found;
  }

  private Set<String> problems(Struct rule) {
    List<Struct> policies = new ArrayList<>(List.of(rule.struct("spec")));
    policies.addAll(rule.structs("spec", "subsets"));
    Set<String> found = new LinkedHashSet<>();
    for (Struct each : policies) {
      Struct policy = each.struct("trafficPolicy");
      addProblems(found, rule, policy);
      policy.structs("portLevelSettings").forEach(port -> addProblems(found, rule, port));
    }
    return found;
  }

  private void addProblems(Set<String> found, Struct rule, Struct policy) {
    found.addAll(TrafficPolicies.problems(policy));
    try {
      EndpointTls _ =
          tls.read(policy.struct("tls"), Meta.of(rule).namespace(), rule.string("spec", "host"));
    } catch (IllegalArgumentException e) {
      found.add(String.valueOf(e.getMessage()));
    }
  }

  /// Where keys and certificates are.
  public Credentials credentials() {
    return credentials;
  }

  /// What names mean.
  public Hosts hosts() {
    return hosts;
  }

  /// What is known of the cluster.
  public Catalog catalog() {
    return catalog;
  }

  /// The backend for a destination.
  ///
  /// @param destination of an object: a host, and perhaps a subset and a port
  /// @param namespace of the object
  /// @param place where the client calls: its port counts where the destination names none and
  ///   there are several
  public Found of(Struct destination, String namespace, Place place) {
    String named = destination.string("host");
    String subset = destination.string("subset");
    ObjectKey service = hosts.service(named, namespace);
    String host = service == null ? named : hosts.full(service);
    Struct owner = service == null ? entry(host, place.viewer()) : catalog.service(service);
    int port =
        owner == null ? 0 : port(owner, (int) destination.integer("port", "number"), place.port());
    String home = owner == null ? "" : Meta.of(owner).namespace();
    List<Struct> found = rules.of(host, place.viewer(), home);
    Struct rule = found.isEmpty() ? Struct.EMPTY : found.getFirst().struct("spec");
    Struct chosen = subset.isEmpty() ? Struct.EMPTY : subset(found, subset);
    Protocol protocol = owner == null ? Protocol.HTTP_1 : protocol(owner, port);
    Struct said = TrafficPolicies.merged(rule, chosen, port);
    BackendPolicy policy = TrafficPolicies.of(said, protocol);
    String refused = "";
    try {
      EndpointTls secured =
          found.isEmpty()
              ? null
              : tls.read(said.struct("tls"), Meta.of(found.getFirst()).namespace(), host);
      policy = secured == null ? policy : policy.with(secured);
    } catch (IllegalArgumentException e) {
      refused = "DestinationRule for %s: %s".formatted(named, e.getMessage());
    }
    boolean known = refused.isEmpty() && (subset.isEmpty() || chosen != Struct.EMPTY);
    ObjectKey entry = owner == null || service != null ? null : ObjectKey.of(owner);
    Key key = new Key(host, service, entry, known ? port : 0, chosen.struct("labels"), policy);
    Backend backend = backend(key, subset);
    return new Found(
        backend,
        refused.isEmpty() ? problem(owner, port, named, subset, known, backend) : refused,
        TrafficPolicies.problems(said).stream()
            .map(each -> "DestinationRule for %s: %s".formatted(named, each))
            .toList());
  }

  private static String problem(
      @Nullable Struct owner,
      int port,
      String host,
      String subset,
      boolean known,
      Backend backend) {
    if (owner == null) {
      return "host %s is not known".formatted(host);
    }
    if (port == 0) {
      return "host %s has no such port, or several and none is named".formatted(host);
    }
    if (!known) {
      return "no DestinationRule has subset %s of host %s".formatted(subset, host);
    }
    if (!backend.endpoints().isEmpty()) {
      return "";
    }
    return subset.isEmpty()
        ? "host %s has no endpoint that is ready".formatted(host)
        : "subset %s of host %s has no endpoint that is ready".formatted(subset, host);
  }

  private Backend backend(Key key, String subset) {
    Backend backend =
        backends.computeIfAbsent(
            key,
            _ -> {
              String name = "outbound|%d|%s|%s".formatted(key.port, subset, key.host);
              Backend made = new Backend(world, name, key.policy);
              made.endpoints(endpoints(key));
              return made;
            });
    used.add(backend);
    if (noted != null) {
      noted.add(backend);
    }
    return backend;
  }

  /// Notes the backends that are asked for while something is made.
  public <T> T noting(Set<Backend> into, Supplier<T> make) {
    noted = into;
    try {
      return make.get();
    } finally {
      noted = null;
    }
  }

  /// These backends are used still, though they are not asked for.
  public void use(Set<Backend> still) {
    used.addAll(still);
  }

  /// Drops the backends that were not used since the last time.
  public void dropUnused() {
    backends.values().retainAll(used);
    used.clear();
  }

  /// Endpoints have changed, of Services, Pods or entries.
  ///
  /// @param changed which Services; null for all
  /// @return the backends that have their first endpoint, or have lost their last
  public Set<Backend> update(@Nullable Set<ObjectKey> changed) {
    Set<Backend> turned = new HashSet<>();
    for (Map.Entry<Key, Backend> each : backends.entrySet()) {
      ObjectKey service = each.getKey().service;
      if (changed == null || service != null && changed.contains(service)) {
        Backend backend = each.getValue();
        boolean before = backend.endpoints().isEmpty();
        backend.endpoints(endpoints(each.getKey()));
        if (before != backend.endpoints().isEmpty()) {
          turned.add(backend);
        }
      }
    }
    return turned;
  }

  private static Struct subset(List<Struct> rules, String name) {
    for (Struct rule : rules) {
      for (Struct subset : rule.structs("spec", "subsets")) {
        if (subset.string("name").equals(name)) {
          return subset;
        }
      }
    }
    return Struct.EMPTY;
  }

  /// The ServiceEntry that knows a host, of those that are seen from a namespace.
  private @Nullable Struct entry(String host, String viewer) {
    for (Struct entry : catalog.serviceEntries()) {
      if (Exports.isVisible(entry, viewer) && knows(entry, host)) {
        return entry;
      }
    }
    return null;
  }

  private static boolean knows(Struct entry, String host) {
    return entry.strings("spec", "hosts").stream().anyMatch(each -> Hosts.covers(each, host));
  }

  /// Whether any ServiceEntry knows a host.
  public boolean isEntry(String host) {
    return catalog.serviceEntries().stream().anyMatch(each -> knows(each, host));
  }

  /// The namespaces from which destinations with these full names are seen otherwise than from the
  /// rest.
  public Set<String> viewers(Set<String> names) {
    Set<String> all = new TreeSet<>(rules.viewers(names));
    for (Struct entry : catalog.serviceEntries()) {
      if (!Exports.isForAll(entry) && names.stream().anyMatch(name -> knows(entry, name))) {
        all.addAll(Exports.named(entry));
      }
    }
    return all;
  }

  /// Whether destinations are seen otherwise from some namespaces.
  public boolean hasViewers() {
    return rules.hasViewers()
        || catalog.serviceEntries().stream().anyMatch(each -> !Exports.isForAll(each));
  }

  /// Whether any DestinationRule says how the endpoints of anything are used.
  public boolean hasPolicies() {
    return catalog.destinationRules().stream().anyMatch(RuleBook::hasPolicy);
  }

  /// Whether any DestinationRule says how the endpoints of a Service are used.
  public boolean hasPolicy(ObjectKey service) {
    return rules.hasPolicy(hosts.full(service));
  }

  /// 0 if there is none.
  private static int port(Struct owner, int named, int called) {
    List<Struct> ports = owner.structs("spec", "ports");
    if (named == 0 && ports.size() == 1) {
      return number(ports.getFirst());
    }
    int wanted = named == 0 ? called : named;
    return ports.stream().anyMatch(each -> number(each) == wanted) ? wanted : 0;
  }

  /// A Service calls it `port`, a ServiceEntry `number`.
  private static int number(Struct port) {
    return (int) (port.has("number") ? port.integer("number") : port.integer("port"));
  }

  private static Protocol protocol(Struct owner, int number) {
    for (Struct port : owner.structs("spec", "ports")) {
      if (number(port) == number) {
        return PortProtocol.of(port) == PortProtocol.HTTP_2 ? Protocol.HTTP_2 : Protocol.HTTP_1;
      }
    }
    return Protocol.HTTP_1;
  }

  private List<InetSocketAddress> endpoints(Key key) {
    if (key.port == 0) {
      return List.of();
    }
    if (key.service == null) {
      Struct entry = key.entry == null ? null : catalog.serviceEntry(key.entry);
      return entry == null ? List.of() : EntryEndpoints.of(entry, key.host, key.port, key.labels);
    }
    Struct service = catalog.service(key.service);
    List<InetSocketAddress> ready = new ArrayList<>();
    if (service != null) {
      for (Struct port : service.structs("spec", "ports")) {
        if (number(port) == key.port) {
          for (Struct slice : catalog.slices(key.service)) {
            addReady(ready, slice, port.string("name"), key.labels);
          }
        }
      }
    }
    return ready;
  }

  private void addReady(
      List<InetSocketAddress> ready, Struct slice, String portName, Struct labels) {
    if (slice.string("addressType").equals("FQDN")) {
      return;
    }
    for (Struct port : slice.structs("ports")) {
      if (!port.string("name").equals(portName)) {
        continue;
      }
      for (Struct endpoint : slice.structs("endpoints")) {
        if (isReady(endpoint) && has(endpoint, slice, labels)) {
          endpoint.strings("addresses").stream()
              .limit(1) // the others say nothing more
              .map(InetAddress::ofLiteral)
              .forEach(ip -> ready.add(catalog.reached(ip, (int) port.integer("port"))));
        }
      }
    }
  }

  /// That nothing is said of it stands for ready.
  private static boolean isReady(Struct endpoint) {
    return !Boolean.FALSE.equals(endpoint.get("conditions", "ready"));
  }

  private boolean has(Struct endpoint, Struct slice, Struct labels) {
    if (labels.isEmpty()) {
      return true;
    }
    Struct pod = endpoint.struct("targetRef");
    Struct own = catalog.labels(new ObjectKey(Meta.of(slice).namespace(), pod.string("name")));
    return labels.names().stream().allMatch(name -> labels.string(name).equals(own.get(name)));
  }
}
