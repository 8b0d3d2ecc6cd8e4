package dev.tiphys.network.proxy;

import dev.tiphys.network.NetworkSettings;
import dev.tiphys.network.Protocol;
import dev.tiphys.network.conntrack.Datagrams;
import dev.tiphys.network.conntrack.Flow;
import dev.tiphys.network.health.HealthChecks;
import dev.tiphys.network.health.ProxyMetrics;
import dev.tiphys.network.netlink.NetlinkSocket;
import dev.tiphys.network.nftables.Family;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The rules of all families, and the flows of datagrams that follow from them.
///
/// Threads: one.
final class Rules {
  private final ProxySettings proxy;
  private final NetworkSettings settings;
  private final Observed observed;
  private final NetlinkSocket socket;
  private final Map<Family, Program> programs = new EnumMap<>(Family.class);
  private final Map<ObjectKey, Known> known = new HashMap<>();
  private final Map<String, Refusal> refused = new HashMap<>();
  private final List<Datagrams.Port> flows = new ArrayList<>();
  private final ProxyMetrics metrics;
  private boolean checksChanged;

  /// What is remembered of a Service.
  ///
  /// @param check what is told to load balancers; null if nothing is
  private record Known(
      Set<PortName> ports, List<Datagrams.Port> datagrams, HealthChecks.@Nullable Wanted check) {
    static final Known NOTHING = new Known(Set.of(), List.of(), null);
  }

  private record PortName(Family family, String name) {}

  /// What the kernel does not take.
  ///
  /// @param port of the Service, as its chains are called
  record Refusal(ObjectKey service, String port, String reason) {}

  Rules(ProxySettings proxy, Observed observed, NetlinkSocket socket, ProxyMetrics metrics) {
    this.metrics = metrics;
    this.proxy = proxy;
    this.settings = proxy.network();
    this.observed = observed;
    this.socket = socket;
  }

  /// Makes the rules of some Services as they are to be.
  ///
  /// @return whether the kernel refuses some that it did not refuse before
  /// @throws IOException if the kernel takes no change
  boolean change(Set<ObjectKey> services) throws IOException {
    int before = refused.size();
    Planned planned = new Planned();
    services.forEach(service -> planned.add(service, observed.service(service)));
    for (Family family : settings.families()) {
      Map<String, Plan> wanted = planned.of(family);
      note(wanted.keySet(), program(family).change(wanted), planned, family);
    }
    forgetFlows();
    return refused.size() > before;
  }

  /// Makes all rules anew, in place of those that are there.
  ///
  /// @throws IOException if the kernel does not take what all Services need
  void rebuild() throws IOException {
    checksChanged = true;
    known.clear();
    refused.clear();
    Planned planned = new Planned();
    observed.services().forEach(service -> planned.add(ObjectKey.of(service), service));
    for (Family family : settings.families()) {
      Map<String, Plan> wanted = planned.of(family);
      note(
          wanted.keySet(),
          program(family).rebuild(wanted, observed.serviceRanges()),
          planned,
          family);
    }
    forgetFlows();
  }

  private Program program(Family family) {
    return programs.computeIfAbsent(family, _ -> new Program(family, proxy, socket));
  }

  private void note(
      Set<String> tried, Map<String, String> reasons, Planned planned, Family family) {
    tried.forEach(port -> refused.remove(family + port));
    reasons.forEach(
        (port, reason) ->
            refused.put(family + port, new Refusal(planned.serviceOf(port), port, reason)));
  }

  /// What the kernel does not take now.
  Collection<Refusal> refused() {
    return List.copyOf(refused.values());
  }

  /// Whether the rules are still there.
  boolean isThere() {
    try {
      for (Program program : programs.values()) {
        if (!program.isThere()) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /// The kernel sends the datagrams of a flow to where it sent the first of them, for as long as it
  /// remembers the flow; so it is to forget those that would go elsewhere now.
  private void forgetFlows() throws IOException {
    List<Datagrams.Port> changed = List.copyOf(flows);
    flows.clear();
    if (!changed.isEmpty()) {
      metrics.forgot(Datagrams.forget(changed, settings.addresses(), socket));
    }
  }

  /// Plans in the making.
  private final class Planned {
    private final Planner planner =
        new Planner(settings.node(), observed.zone(), settings.podRanges());
    private final Map<Family, Map<String, Plan>> plans = new EnumMap<>(Family.class);
    private final Map<String, ObjectKey> services = new HashMap<>();

    Map<String, Plan> of(Family family) {
      return plans.computeIfAbsent(family, _ -> new HashMap<>());
    }

    ObjectKey serviceOf(String port) {
      return services.getOrDefault(port, new ObjectKey("", ""));
    }

    /// Plans the ports of a Service, those too that it has no more.
    void add(ObjectKey key, @Nullable Struct service) {
      Known before = known.getOrDefault(key, Known.NOTHING);
      before.ports().forEach(port -> put(key, port, Plan.NOTHING));
      Set<PortName> ports = new HashSet<>();
      List<Datagrams.Port> datagrams = new ArrayList<>();
      Set<InetAddress> local = new HashSet<>();
      for (ServicePort port : service == null ? List.<ServicePort>of() : ServicePort.of(service)) {
        List<Endpoint> endpoints = new ArrayList<>();
        observed.slicesOf(key).forEach(slice -> endpoints.addAll(Endpoint.of(slice, port)));
        PortName name = new PortName(port.family(), port.name());
        put(key, name, planner.plan(port, endpoints));
        ports.add(name);
        endpoints.stream()
            .filter(endpoint -> endpoint.ready() && endpoint.node().equals(settings.node()))
            .forEach(endpoint -> local.add(endpoint.target().address()));
        if (port.protocol() == Protocol.UDP && settings.families().contains(port.family())) {
          datagrams.add(datagrams(port, endpoints));
        }
      }
      changeFlows(before.datagrams(), datagrams);
      if (ports.isEmpty()) {
        checksChanged |= before.check() != null;
        known.remove(key);
      } else {
        known.put(key, new Known(ports, datagrams, check(key, service, local)));
      }
    }

    private void put(ObjectKey service, PortName port, Plan plan) {
      of(port.family()).put(port.name(), plan);
      services.put(port.name(), service);
    }
  }

  private HealthChecks.@Nullable Wanted check(
      ObjectKey key, @Nullable Struct service, Set<InetAddress> local) {
    Struct spec = service == null ? Struct.EMPTY : service.struct("spec");
    int port = (int) spec.integer("healthCheckNodePort");
    HealthChecks.Wanted wanted =
        port > 0 && spec.string("externalTrafficPolicy").equals("Local")
            ? new HealthChecks.Wanted(port, local.size())
            : null;
    checksChanged |= !Objects.equals(wanted, known.getOrDefault(key, Known.NOTHING).check());
    return wanted;
  }

  /// What is to be told to load balancers, if that has changed since the last call; null otherwise.
  @Nullable Map<ObjectKey, HealthChecks.Wanted> checks() {
    if (!checksChanged) {
      return null;
    }
    checksChanged = false;
    Map<ObjectKey, HealthChecks.Wanted> checks = new HashMap<>();
    known.forEach(
        (service, one) -> {
          HealthChecks.Wanted check = one.check();
          if (check != null) {
            checks.put(service, check);
          }
        });
    return checks;
  }

  private void changeFlows(List<Datagrams.Port> before, List<Datagrams.Port> now) {
    for (Datagrams.Port port : before) {
      if (now.stream().noneMatch(port::isAt)) {
        flows.add(port.withoutTargets());
      }
    }
    now.stream().filter(port -> !before.contains(port)).forEach(flows::add);
  }

  /// What goes on with a flow that began: an endpoint that serves keeps its flows, even if it gets
  /// no new ones.
  private static Datagrams.Port datagrams(ServicePort port, List<Endpoint> endpoints) {
    Set<Flow.End> targets = new HashSet<>();
    for (Endpoint endpoint : endpoints) {
      if (endpoint.serving()) {
        targets.add(new Flow.End(endpoint.target().address(), endpoint.target().port()));
      }
    }
    Set<InetAddress> addresses = new HashSet<>(port.external());
    addresses.add(port.clusterAddress());
    return new Datagrams.Port(addresses, port.number(), port.nodePort(), targets);
  }
}
