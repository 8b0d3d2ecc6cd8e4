package dev.tiphys.network.gatewayapi;

import dev.tiphys.network.gatewayapi.fields.Hostnames;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.selector.LabelSelector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Which routes are served at which listeners. Routes are asked for the oldest first: of two that
/// can't be served beside each other it is the one that is.
final class Attachments {

  private final Map<ObjectKey, List<GatewayListener>> listeners;
  private final Function<String, Struct> labels;
  private final Map<PortKind, List<Joined>> ofPort = new HashMap<>();
  private final Map<GatewayListener, Integer> counts = new HashMap<>();
  private final Set<String> kinds = new HashSet<>(); // of routes that are served

  private record PortKind(int port, String kind) {}

  /// What became of one parent that a route names.
  record Parent(Struct ref, Verdict accepted) {}

  /// A route at a listener.
  ///
  /// @param hosts under which it is asked for there
  record Joined(Struct route, String kind, GatewayListener listener, List<String> hosts) {}

  /// A listener that takes a route.
  ///
  /// @param contested whether it is not served there, since an older one of another kind is
  record Candidate(Joined joined, boolean contested) {}

  /// What became of a route.
  ///
  /// @param parents those that are Gateways which are served here
  /// @param candidates each listener once
  /// @param joined the route at each listener where it is served
  record Attached(List<Parent> parents, List<Candidate> candidates, List<Joined> joined) {

    Attached(List<Parent> parents, List<Candidate> candidates) {
      this(
          List.copyOf(parents),
          List.copyOf(candidates),
          candidates.stream().filter(each -> !each.contested).map(Candidate::joined).toList());
    }
  }

  /// @param listeners by Gateway
  /// @param labels of a namespace
  Attachments(Map<ObjectKey, List<GatewayListener>> listeners, Function<String, Struct> labels) {
    this.listeners = listeners;
    this.labels = labels;
  }

  /// What becomes of the next route.
  ///
  /// @param before what became of the same route among the same Gateways; null if it is a new one
  /// @return the same as before, unless routes of other kinds have changed what becomes of it
  Attached of(Struct route, String kind, @Nullable Attached before) {
    Attached now = before != null && stillHolds(before) ? before : attach(route, kind);
    for (Joined each : now.joined) {
      GatewayListener listener = each.listener;
      kinds.add(kind);
      ofPort.computeIfAbsent(new PortKind(listener.port(), kind), _ -> new ArrayList<>()).add(each);
      counts.merge(listener, 1, Integer::sum);
    }
    return now;
  }

  private boolean stillHolds(Attached before) {
    for (Candidate each : before.candidates) {
      Joined joined = each.joined;
      if (isContested(joined.listener, joined.kind, joined.hosts) != each.contested) {
        return false;
      }
    }
    return true;
  }

  /// How many routes each listener has; none for those that are not in it.
  Map<GatewayListener, Integer> counts() {
    return Map.copyOf(counts);
  }

  private Attached attach(Struct route, String kind) {
    List<Parent> parents = new ArrayList<>();
    List<Candidate> candidates = new ArrayList<>();
    for (Struct ref : route.structs("spec", "parentRefs")) {
      String namespace =
          ref.has("namespace") ? ref.string("namespace") : Meta.of(route).namespace();
      boolean gateway =
          ref.string("group").equals(GatewayResources.GROUP)
              && ref.string("kind").equals("Gateway");
      List<GatewayListener> found = listeners.get(new ObjectKey(namespace, ref.string("name")));
      if (gateway && found != null) {
        parents.add(new Parent(ref, attach(route, kind, ref, found, candidates)));
      }
    }
    return new Attached(parents, candidates);
  }

  private Verdict attach(
      Struct route,
      String kind,
      Struct ref,
      List<GatewayListener> all,
      List<Candidate> candidates) {
    List<GatewayListener> meant = all.stream().filter(each -> isMeant(each, ref)).toList();
    if (meant.isEmpty()) {
      return refused("NoMatchingParent", "the Gateway has no listener of that name and port");
    }
    List<GatewayListener> open =
        meant.stream().filter(each -> admits(each, kind, Meta.of(route).namespace())).toList();
    if (open.isEmpty()) {
      return refused(
          "NotAllowedByListeners",
          "no listener takes a %s of namespace %s".formatted(kind, Meta.of(route).namespace()));
    }
    boolean named = false;
    boolean taken = false;
    for (GatewayListener listener : open) {
      List<String> hosts =
          kind.equals("TCPRoute") ? List.of("") : Hostnames.shared(route, listener.hostname());
      if (hosts.isEmpty()) {
        continue;
      }
      named = true;
      boolean contested = isContested(listener, kind, hosts);
      taken |= !contested;
      if (candidates.stream().noneMatch(each -> each.joined.listener == listener)) {
        candidates.add(new Candidate(new Joined(route, kind, listener, hosts), contested));
      }
    }
    if (!named) {
      return refused("NoMatchingListenerHostname", "no listener has one of the hostnames");
    }
    return taken
        ? Verdict.yes("Accepted", "Accepted")
        : refused("HostnameConflict", "an older route of another kind has one of the hostnames");
  }

  private static Verdict refused(String reason, String message) {
    return Verdict.no("Accepted", reason, message);
  }

  private static boolean isMeant(GatewayListener listener, Struct ref) {
    return (!ref.has("sectionName") || ref.string("sectionName").equals(listener.name()))
        && (!ref.has("port") || ref.integer("port") == listener.port());
  }

  private boolean admits(GatewayListener listener, String kind, String namespace) {
    if (!listener.accepted().holds() || !listener.kinds().contains(kind)) {
      return false;
    }
    Struct from = listener.spec().struct("allowedRoutes", "namespaces");
    return switch (from.string("from")) {
      case "All" -> true;
      case "Selector" ->
          from.has("selector")
              && LabelSelector.from(from.struct("selector")).matches(labels.apply(namespace));
      default -> namespace.equals(Meta.of(listener.gateway()).namespace());
    };
  }

  /// An HTTPRoute and a GRPCRoute are never asked under one name.
  private boolean isContested(GatewayListener listener, String kind, List<String> hosts) {
    String other =
        switch (kind) {
          case "HTTPRoute" -> "GRPCRoute";
          case "GRPCRoute" -> "HTTPRoute";
          default -> "";
        };
    return kinds.contains(other)
        && ofPort.getOrDefault(new PortKind(listener.port(), other), List.of()).stream()
            .flatMap(each -> each.hosts().stream())
            .anyMatch(theirs -> hosts.stream().anyMatch(ours -> Hostnames.overlap(ours, theirs)));
  }
}
