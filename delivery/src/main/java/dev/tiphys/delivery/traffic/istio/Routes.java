package dev.tiphys.delivery.traffic.istio;

import dev.tiphys.delivery.experiment.StepExperiments;
import dev.tiphys.delivery.traffic.RoutingException;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/// The routes of a VirtualService with other shares, or with other managed routes. Pure.
///
/// @param name of the VirtualService, for messages
/// @param wanted which routes a Rollout is about: names of HTTP routes, ports and server names of
///   others
/// @param managed names of the routes that come and go, the first one first
record Routes(String name, Struct wanted, Sides sides, List<String> managed) {

  /// `virtualService` with a share for the canary, those of an Experiment, those of additional
  /// subsets as they are, and the rest for the stable version. What is none of these loses its
  /// place.
  Struct shared(Struct virtualService, long canary, List<StepExperiments.Share> extra, long whole) {
    Struct next = virtualService;
    for (String kind : List.of("http", "tls", "tcp")) {
      next = edited(next, kind, route -> weighted(route, canary, extra, whole));
    }
    return next;
  }

  private Struct edited(Struct virtualService, String kind, UnaryOperator<Struct> edit) {
    List<Struct> all = virtualService.structs("spec", kind);
    Set<Integer> chosen = chosen(kind, all);
    if (chosen.isEmpty()) {
      return virtualService;
    }
    List<Struct> next = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      next.add(chosen.contains(i) || isMirror(all.get(i)) ? edit.apply(all.get(i)) : all.get(i));
    }
    return virtualService.withAt(List.copyOf(next), "spec", kind);
  }

  /// A mirror route takes requests from the routes behind it, and shares them out as they do.
  private boolean isMirror(Struct route) {
    return managed.contains(route.string("name")) && route.has("mirror");
  }

  private Set<Integer> chosen(String kind, List<Struct> all) {
    Set<Integer> found = new HashSet<>();
    for (int i = 0; i < all.size(); i++) {
      boolean chosen =
          switch (kind) {
            case "http" -> wanted.strings("routes").contains(all.get(i).string("name"));
            case "tls" -> isAt(wanted.structs("tlsRoutes"), all.get(i));
            default -> isAt(wanted.structs("tcpRoutes"), all.get(i));
          };
      if (chosen) {
        found.add(i);
      }
    }
    if (found.isEmpty() && isOpen() && kind.equals("http")) {
      found.addAll(onlyOne(all));
    }
    return found;
  }

  private boolean isOpen() {
    return wanted.list("routes").isEmpty()
        && wanted.list("tlsRoutes").isEmpty()
        && wanted.list("tcpRoutes").isEmpty();
  }

  private List<Integer> onlyOne(List<Struct> all) {
    List<Integer> own = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (!managed.contains(all.get(i).string("name"))) {
        own.add(i);
      }
    }
    if (own.size() <= 1) {
      return own;
    }
    return own.stream().filter(i -> all.get(i).string("name").isEmpty()).limit(1).toList();
  }

  private static boolean isAt(List<Struct> places, Struct route) {
    for (Struct place : places) {
      for (Struct match : route.structs("match")) {
        boolean port = !place.has("port") || place.integer("port") == match.integer("port");
        boolean names =
            place.list("sniHosts").isEmpty()
                || new HashSet<>(place.strings("sniHosts"))
                    .equals(new HashSet<>(match.strings("sniHosts")));
        if (port && names) {
          return true;
        }
      }
    }
    return false;
  }

  private Struct weighted(
      Struct route, long canary, List<StepExperiments.Share> extra, long whole) {
    long given = extra.stream().mapToLong(StepExperiments.Share::weight).sum();
    for (Struct destination : route.structs("route")) {
      given += sides.isAdditional(destination) ? destination.integer("weight") : 0;
    }
    long rest = Math.max(0, whole - canary - given);
    List<Struct> next = new ArrayList<>();
    boolean hasCanary = false;
    boolean hasStable = false;
    for (Struct destination : route.structs("route")) {
      if (sides.isCanary(destination)) {
        next.add(destination.with("weight", canary));
        hasCanary = true;
      } else if (sides.isStable(destination)) {
        next.add(destination.with("weight", rest));
        hasStable = true;
      } else if (sides.isAdditional(destination)) {
        next.add(destination);
      }
    }
    if (!hasCanary || !hasStable) {
      throw new RoutingException(
          "VirtualService '%s' has a route without a destination of the %s version"
              .formatted(name, hasStable ? "canary" : "stable"));
    }
    for (StepExperiments.Share share : extra) {
      next.add(
          Struct.of("destination", Struct.of("host", share.service()), "weight", share.weight()));
    }
    return route.with("route", List.copyOf(next));
  }

  /// `virtualService` with a managed route, in its place among them. It replaces one of its name.
  Struct added(Struct virtualService, Struct route) {
    List<Struct> all = new ArrayList<>(removed(virtualService, route.string("name")));
    int rank = managed.indexOf(route.string("name"));
    int place = 0;
    while (place < all.size() && isBefore(all.get(place), rank)) {
      place++;
    }
    all.add(place, route);
    return virtualService.withAt(List.copyOf(all), "spec", "http");
  }

  private boolean isBefore(Struct route, int rank) {
    int own = managed.indexOf(route.string("name"));
    return own >= 0 && own < rank;
  }

  private static List<Struct> removed(Struct virtualService, String route) {
    return virtualService.structs("spec", "http").stream()
        .filter(each -> !each.string("name").equals(route))
        .toList();
  }

  Struct without(Struct virtualService, String route) {
    List<Struct> left = removed(virtualService, route);
    return left.size() == virtualService.structs("spec", "http").size()
        ? virtualService
        : virtualService.withAt(left, "spec", "http");
  }

  Struct withoutManaged(Struct virtualService) {
    Struct next = virtualService;
    for (String route : managed) {
      next = without(next, route);
    }
    return next;
  }

  /// The destinations of the HTTP route that shares are set in.
  List<Struct> destinations(Struct virtualService) {
    List<Struct> all = virtualService.structs("spec", "http");
    return chosen("http", all).stream()
        .findFirst()
        .map(place -> all.get(place).structs("route"))
        .orElse(List.of());
  }
}
