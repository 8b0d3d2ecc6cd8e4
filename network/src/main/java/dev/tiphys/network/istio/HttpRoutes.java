package dev.tiphys.network.istio;

import com.google.re2j.PatternSyntaxException;
import dev.tiphys.network.istio.destinations.DestinationHosts;
import dev.tiphys.network.istio.fields.CorsPolicy;
import dev.tiphys.network.istio.fields.StringMatches;
import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.Condition;
import dev.tiphys.network.router.table.PathMatch;
import dev.tiphys.network.router.table.Route;
import dev.tiphys.network.router.table.ValueMatch;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/// Makes the routes of one VirtualService for one place, in the order in which they are listed.
final class HttpRoutes {

  /// What becomes of a request that no route is for.
  static final Action NOT_FOUND = new Action.Respond(404, "text/plain", "");

  private static final List<String> PSEUDO = List.of("uri", "scheme", "method", "authority");

  private final Struct virtualService;
  private final String namespace;
  private final Surroundings in;
  private final Callers callers;
  private final List<Route> routes = new ArrayList<>();

  private HttpRoutes(Struct virtualService, Surroundings in) {
    this.virtualService = virtualService;
    this.namespace = Meta.of(virtualService).namespace();
    this.in = in;
    this.callers = in.callers();
  }

  /// Those of a VirtualService.
  static List<Route> of(Struct virtualService, Surroundings in) {
    HttpRoutes made = new HttpRoutes(virtualService, in);
    int number = 0;
    for (Struct route : virtualService.structs("spec", "http")) {
      made.addOrDelegate(route, number++);
    }
    made.addLast();
    return made.routes;
  }

  /// What none of the routes is for is not found, whatever there is for other callers.
  private void addLast() {
    Predicate<InetAddress> some = callers.of(virtualService);
    if (!routes.isEmpty() && some != null) {
      routes.add(
          new Route(
              "none",
              new PathMatch.Characters(""),
              List.of(new Condition.Client(some)),
              NOT_FOUND));
    }
  }

  /// Whether what comes of a VirtualService depends on others.
  static boolean delegates(Struct virtualService) {
    return virtualService.structs("spec", "http").stream().anyMatch(each -> each.has("delegate"));
  }

  private void addOrDelegate(Struct route, int number) {
    if (!route.has("delegate")) {
      add(route, entries(route), namespace, name(virtualService, route, number));
      return;
    }
    ObjectKey key = DestinationHosts.delegate(route, namespace);
    Struct delegate = in.destinations().catalog().virtualService(key);
    if (delegate == null) {
      in.problems().add("delegate VirtualService %s is not known".formatted(key));
      return;
    }
    int inner = 0;
    for (Struct each : delegate.structs("spec", "http")) {
      List<Struct> merged = Delegation.matches(entries(route), entries(each));
      String name = name(delegate, each, inner++);
      if (!each.has("delegate") && !merged.isEmpty()) {
        add(Delegation.merged(route, each), merged, key.namespace(), name);
      }
    }
  }

  private static String name(Struct object, Struct route, int number) {
    String own = route.string("name");
    return Meta.of(object).key() + "/" + (own.isEmpty() ? Integer.toString(number) : own);
  }

  /// A route without conditions is for all requests.
  private static List<Struct> entries(Struct route) {
    List<Struct> entries = route.structs("match");
    return entries.isEmpty() ? List.of(Struct.EMPTY) : entries;
  }

  private void add(Struct route, List<Struct> entries, String owner, String name) {
    RouteActions actions = new RouteActions(route, owner, in);
    for (Struct entry : entries) {
      if (!isHere(entry)) {
        continue;
      }
      try {
        PathMatch path = StringMatches.path(entry.struct("uri"), entry.bool("ignoreUriCase"));
        Action action = actions.of(entry.struct("uri"));
        if (action != null) {
          routes.add(new Route(name, path, conditions(entry), CorsPolicy.of(route), null, action));
        }
      } catch (PatternSyntaxException e) {
        in.problems()
            .add(
                "route %s has an expression that can't be read: %s"
                    .formatted(name, e.getMessage()));
      }
    }
  }

  /// Whether an entry counts at this place at all.
  private boolean isHere(Struct entry) {
    return callers.isHere(entry, namespace)
        && (in.place().isMesh()
            || in.place().isEverywhere()
            || entry.struct("sourceLabels").isEmpty() && entry.string("sourceNamespace").isEmpty());
  }

  private List<Condition> conditions(Struct entry) {
    List<Condition> all = new ArrayList<>();
    if (says(entry, "method")) {
      all.add(new Condition.Methods(StringMatches.value(entry.struct("method"))));
    }
    if (says(entry, "scheme")) {
      all.add(new Condition.Schemes(StringMatches.value(entry.struct("scheme"))));
    }
    if (says(entry, "authority")) {
      all.add(new Condition.Host(StringMatches.value(entry.struct("authority"))));
    }
    Struct headers = entry.struct("headers");
    for (String name : headers.names()) {
      if (!PSEUDO.contains(name)) {
        all.add(header(name, headers.struct(name)));
      }
    }
    Struct without = entry.struct("withoutHeaders");
    for (String name : without.names()) {
      if (!PSEUDO.contains(name)) {
        all.add(new Condition.Not(header(name, without.struct(name))));
      }
    }
    Struct queries = entry.struct("queryParams");
    for (String name : queries.names()) {
      all.add(new Condition.Query(name, StringMatches.value(queries.struct(name))));
    }
    Predicate<InetAddress> some = callers.of(virtualService, entry);
    if (some != null) {
      all.add(new Condition.Client(some));
    }
    return all;
  }

  private static boolean says(Struct entry, String name) {
    return !entry.struct(name).isEmpty();
  }

  private static Condition header(String name, Struct match) {
    ValueMatch value = StringMatches.value(match);
    return new Condition.Header(name.toLowerCase(Locale.ROOT), value);
  }
}
