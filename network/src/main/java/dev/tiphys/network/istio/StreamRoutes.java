package dev.tiphys.network.istio;

import dev.tiphys.network.Prefix;
import dev.tiphys.network.router.streams.StreamRoute;
import dev.tiphys.network.router.table.Split;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.ArrayList;
import java.util.List;

/// Makes the rules for connections of one VirtualService for one place, in the order in which they
/// are listed. At a Gateway, neither the callers nor the address that they called are looked at.
final class StreamRoutes {

  private final Struct virtualService;
  private final String namespace;
  private final Surroundings in;
  private final Callers callers;

  StreamRoutes(Struct virtualService, Surroundings in) {
    this.virtualService = virtualService;
    this.namespace = Meta.of(virtualService).namespace();
    this.in = in;
    this.callers = in.callers();
  }

  /// Those of `tcp`, which may do without a `match`.
  List<StreamRule> tcp() {
    List<StreamRule> rules = new ArrayList<>();
    for (Struct route : virtualService.structs("spec", "tcp")) {
      List<Struct> entries = route.structs("match");
      add(rules, route, entries.isEmpty() ? List.of(Struct.EMPTY) : entries);
    }
    return rules;
  }

  /// Those of `tls`.
  List<StreamRule> tls() {
    List<StreamRule> rules = new ArrayList<>();
    for (Struct route : virtualService.structs("spec", "tls")) {
      add(rules, route, route.structs("match"));
    }
    return rules;
  }

  private void add(List<StreamRule> rules, Struct route, List<Struct> entries) {
    List<Struct> here = entries.stream().filter(each -> callers.isHere(each, namespace)).toList();
    if (here.isEmpty() || route.structs("route").isEmpty()) {
      return;
    }
    Split split = new RouteActions(route, namespace, in).split();
    for (Struct entry : here) {
      rules.add(
          new StreamRule(
              entry.strings("sniHosts"),
              in.place().isMesh() ? subnets(entry) : List.of(),
              new StreamRoute.Rule(callers.of(virtualService, entry), split)));
    }
  }

  private static List<Prefix> subnets(Struct entry) {
    return entry.strings("destinationSubnets").stream().map(Prefix::of).toList();
  }
}
