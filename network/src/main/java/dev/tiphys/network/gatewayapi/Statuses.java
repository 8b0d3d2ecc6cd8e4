package dev.tiphys.network.gatewayapi;

import dev.tiphys.client.ApiResource;
import dev.tiphys.network.router.listeners.Edge;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is said in the status of each kind.
final class Statuses {

  private static final int MOST_ANCESTORS = 16;

  private final Edge edge;

  Statuses(Edge edge) {
    this.edge = edge;
  }

  private static Plan.Told told(ApiResource resource, Struct object, Plan.Status status) {
    return new Plan.Told(resource, ObjectKey.of(object), Meta.of(object).generation(), status);
  }

  Plan.Told ofClass(Struct object) {
    Verdict accepted =
        object.has("spec", "parametersRef")
            ? Verdict.no("Accepted", "InvalidParameters", "there are no parameters here")
            : Verdict.yes("Accepted", "Accepted");
    long generation = Meta.of(object).generation();
    return told(
        GatewayResources.GATEWAY_CLASSES,
        object,
        (present, now) ->
            Struct.of(
                "conditions",
                Verdict.conditions(
                    List.of(accepted), generation, present.structs("conditions"), now),
                "supportedFeatures",
                Features.ALL.stream().map(each -> Struct.of("name", each)).toList()));
  }

  /// @param listeners of the Gateway, at least one
  /// @param attached how many routes each has
  Plan.Told ofGateway(List<GatewayListener> listeners, Map<GatewayListener, Integer> attached) {
    Struct gateway = listeners.getFirst().gateway();
    return told(
        GatewayResources.GATEWAYS,
        gateway,
        (present, now) -> gateway(gateway, listeners, attached, present, now));
  }

  /// Of a Gateway that is another controller's now, what was written here is taken away, so that it
  /// says that it waits. What that controller has written already stays.
  Plan.Told ofLeft(Struct gateway) {
    long generation = Meta.of(gateway).generation();
    return told(
        GatewayResources.GATEWAYS,
        gateway,
        (present, _) -> {
          List<Struct> conditions = present.structs("conditions");
          boolean old =
              conditions.stream()
                  .allMatch(
                      each ->
                          each.has("observedGeneration")
                              && each.integer("observedGeneration") < generation);
          return old && !conditions.isEmpty() ? Struct.EMPTY : present;
        });
  }

  private Struct gateway(
      Struct gateway,
      List<GatewayListener> listeners,
      Map<GatewayListener, Integer> attached,
      Struct present,
      String now) {
    long generation = Meta.of(gateway).generation();
    Verdict accepted = accepted(gateway, listeners);
    Set<InetAddress> addresses = new LinkedHashSet<>();
    for (GatewayListener each : listeners) {
      if (accepted.holds() && each.isServed()) {
        addresses.addAll(edge.addresses(each.port()));
      }
    }
    List<Verdict> verdicts = new ArrayList<>();
    verdicts.add(accepted);
    verdicts.add(programmed(gateway, accepted, addresses));
    if (listeners.stream().anyMatch(each -> each.frontend().isFallback())) {
      verdicts.add(
          new Verdict(
              "InsecureFrontendValidationMode",
              true,
              "ConfigurationChanged",
              "clients without a certificate that is good are served"));
    }
    List<Struct> told = new ArrayList<>();
    for (GatewayListener each : listeners) {
      told.add(
          listener(each, accepted.holds(), generation, present, now)
              .with("attachedRoutes", (long) attached.getOrDefault(each, 0)));
    }
    return Struct.of(
        "addresses",
        addresses.stream()
            .map(each -> Struct.of("type", "IPAddress", "value", each.getHostAddress()))
            .toList(),
        "conditions",
        Verdict.conditions(verdicts, generation, present.structs("conditions"), now),
        "listeners",
        told);
  }

  /// Why a Gateway is not served at all; null if it is.
  static @Nullable Verdict refusal(Struct gateway) {
    if (gateway.has("spec", "infrastructure", "parametersRef")) {
      return Verdict.no("Accepted", "InvalidParameters", "there are no parameters here");
    }
    for (Struct each : gateway.structs("spec", "addresses")) {
      if (!each.string("type").equals("IPAddress")) {
        return Verdict.no(
            "Accepted",
            "UnsupportedAddress",
            "addresses of type %s can't be had here".formatted(each.string("type")));
      }
    }
    return null;
  }

  private static Verdict accepted(Struct gateway, List<GatewayListener> listeners) {
    Verdict refusal = refusal(gateway);
    if (refusal != null) {
      return refusal;
    }
    List<String> bad =
        listeners.stream()
            .filter(each -> !each.accepted().holds() || each.conflicted().holds())
            .map(GatewayListener::name)
            .toList();
    String message = "not served: listeners " + String.join(", ", bad);
    return bad.isEmpty()
        ? Verdict.yes("Accepted", "Accepted")
        : new Verdict("Accepted", bad.size() < listeners.size(), "ListenersNotValid", message);
  }

  private static Verdict programmed(Struct gateway, Verdict accepted, Set<InetAddress> addresses) {
    if (!accepted.holds()) {
      return Verdict.no("Programmed", "Invalid", accepted.message());
    }
    List<String> open = addresses.stream().map(InetAddress::getHostAddress).toList();
    for (Struct each : gateway.structs("spec", "addresses")) {
      if (each.has("value") && !open.contains(each.string("value"))) {
        return Verdict.no(
            "Programmed",
            "AddressNotUsable",
            "address %s is none of this cluster's".formatted(each.string("value")));
      }
    }
    return open.isEmpty()
        ? Verdict.no("Programmed", "AddressNotAssigned", "no listener has a port that is open")
        : Verdict.yes("Programmed", "Programmed");
  }

  private Struct listener(
      GatewayListener listener, boolean accepted, long generation, Struct present, String now) {
    String problem = edge.problems().getOrDefault(listener.port(), "");
    boolean served = accepted && listener.isServed();
    Verdict programmed =
        !served
            ? Verdict.no("Programmed", "Invalid", "the listener is not served")
            : edge.addresses(listener.port()).isEmpty()
                ? Verdict.no("Programmed", "Pending", problem)
                : Verdict.yes("Programmed", "Programmed");
    List<Struct> before =
        present.structs("listeners").stream()
            .filter(each -> each.string("name").equals(listener.name()))
            .flatMap(each -> each.structs("conditions").stream())
            .toList();
    return Struct.of("name", listener.name())
        .with(
            "supportedKinds",
            listener.kinds().stream()
                .map(each -> Struct.of("group", GatewayResources.GROUP, "kind", each))
                .toList())
        .with(
            "conditions",
            Verdict.conditions(
                List.of(
                    listener.accepted(), listener.conflicted(), listener.resolved(), programmed),
                generation,
                before,
                now));
  }

  /// Parents that other controllers serve are left as they are, and those that the route has left
  /// are taken away.
  Plan.Told ofRoute(
      ApiResource resource, Struct route, List<Attachments.Parent> parents, RuleActions actions) {
    List<String> problems = actions.unsupported();
    Verdict resolved = parents.isEmpty() ? Verdict.yes("", "") : actions.resolved();
    boolean none = problems.size() == route.structs("spec", "rules").size();
    long generation = Meta.of(route).generation();
    return told(
        resource,
        route,
        (present, now) -> {
          List<Struct> all = new ArrayList<>(ofOthers(present.structs("parents")));
          for (Attachments.Parent parent : parents) {
            Verdict accepted = parent.accepted();
            List<Verdict> verdicts = new ArrayList<>();
            if (accepted.holds() && !problems.isEmpty()) {
              String message = "Dropped Rule: " + String.join("; ", problems);
              accepted = none ? Verdict.no("Accepted", "UnsupportedValue", message) : accepted;
              if (!none) {
                verdicts.add(new Verdict("PartiallyInvalid", true, "UnsupportedValue", message));
              }
            }
            verdicts.addFirst(resolved);
            verdicts.addFirst(accepted);
            List<Struct> before =
                present.structs("parents").stream()
                    .filter(Statuses::isOwn)
                    .filter(each -> each.struct("parentRef").equals(parent.ref()))
                    .flatMap(each -> each.structs("conditions").stream())
                    .toList();
            all.add(
                Struct.of("parentRef", parent.ref())
                    .with("controllerName", GatewayApi.CONTROLLER)
                    .with("conditions", Verdict.conditions(verdicts, generation, before, now)));
          }
          return all.isEmpty() && present.isEmpty() ? present : present.with("parents", all);
        });
  }

  private static boolean isOwn(Struct entry) {
    return entry.string("controllerName").equals(GatewayApi.CONTROLLER);
  }

  private static List<Struct> ofOthers(List<Struct> entries) {
    return entries.stream().filter(each -> !isOwn(each)).toList();
  }

  /// @param gateways by which requests come to what it is for
  Plan.Told ofPolicy(TlsPolicies.Policy policy, List<ObjectKey> gateways) {
    long generation = Meta.of(policy.object()).generation();
    return told(
        GatewayResources.BACKEND_TLS_POLICIES,
        policy.object(),
        (present, now) -> {
          List<Struct> all = new ArrayList<>(ofOthers(present.structs("ancestors")));
          for (ObjectKey each : gateways) {
            Struct ref =
                Struct.of("group", GatewayResources.GROUP, "kind", "Gateway")
                    .with("name", each.name())
                    .with("namespace", each.namespace());
            List<Struct> before =
                present.structs("ancestors").stream()
                    .filter(entry -> isOwn(entry) && entry.struct("ancestorRef").equals(ref))
                    .flatMap(entry -> entry.structs("conditions").stream())
                    .toList();
            if (all.size() < MOST_ANCESTORS) {
              all.add(
                  Struct.of("ancestorRef", ref)
                      .with("controllerName", GatewayApi.CONTROLLER)
                      .with(
                          "conditions",
                          Verdict.conditions(policy.verdicts(), generation, before, now)));
            }
          }
          return all.isEmpty() && present.isEmpty() ? present : present.with("ancestors", all);
        });
  }
}
