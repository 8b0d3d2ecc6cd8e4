package dev.tiphys.network.istio;

import com.google.re2j.PatternSyntaxException;
import dev.tiphys.network.istio.fields.CorsPolicy;
import dev.tiphys.network.istio.fields.Exports;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Makes the routes of one VirtualService for one place, in the order in which they are listed.
final class HttpRoutes {

  private static final List<String> PSEUDO = List.of("uri", "scheme", "method", "authority");

  private final Struct virtualService;
  private final String namespace;
  private final Place place;
  private final Destinations destinations;
  private final List<Route> routes = new ArrayList<>();
  private final Set<String> missing = new LinkedHashSet<>();
  private final Set<String> problems = new LinkedHashSet<>();

  /// What came out.
  ///
  /// @param missing destinations that get requests and have no endpoints
  /// @param problems what else can't be kept
  record Made(List<Route> routes, Set<String> missing, Set<String> problems) {}

  private HttpRoutes(Struct virtualService, Place place, Destinations destinations) {
    this.virtualService = virtualService;
    this.namespace = Meta.of(virtualService).namespace();
    this.place = place;
    this.destinations = destinations;
  }

  static Made of(Struct virtualService, Place place, Destinations destinations) {
    HttpRoutes made = new HttpRoutes(virtualService, place, destinations);
    int number = 0;
    for (Struct route : virtualService.structs("spec", "http")) {
      made.addOrDelegate(route, number++);
    }
    for (String kind : List.of("tls", "tcp")) {
      if (!virtualService.structs("spec", kind).isEmpty()) {
        made.problems.add("spec.%s is not served here: only spec.http is".formatted(kind));
      }
    }
    return new Made(made.routes, made.missing, made.problems);
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
    String named = route.string("delegate", "namespace");
    ObjectKey key =
        new ObjectKey(named.isEmpty() ? namespace : named, route.string("delegate", "name"));
    Struct delegate = destinations.catalog().virtualService(key);
    if (delegate == null) {
      problems.add("delegate VirtualService %s is not known".formatted(key));
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
    RouteActions actions =
        new RouteActions(route, owner, place.port(), destinations, missing, problems);
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
        problems.add(
            "route %s has an expression that can't be read: %s".formatted(name, e.getMessage()));
      }
    }
  }

  /// Whether an entry counts at this place at all.
  private boolean isHere(Struct entry) {
    List<String> gateways = entry.strings("gateways");
    long port = entry.integer("port");
    return (port == 0 || port == place.port())
        && (gateways.isEmpty() || place.isIn(gateways, namespace))
        && (place.isMesh()
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
    Predicate<InetAddress> callers = callers(entry);
    if (callers != null) {
      all.add(new Condition.Client(callers));
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

  /// Which Pods a rule is for; null for all, and for callers that are no Pods.
  private @Nullable Predicate<InetAddress> callers(Struct entry) {
    Struct labels = entry.struct("sourceLabels");
    String source = entry.string("sourceNamespace");
    boolean forAll = !place.isMesh() || place.isOutside() || Exports.isForAll(virtualService);
    if (labels.isEmpty() && source.isEmpty() && forAll) {
      return null;
    }
    Catalog catalog = destinations.catalog();
    return address -> {
      Struct pod = catalog.podAt(address);
      if (pod == null) {
        return false;
      }
      Meta meta = Meta.of(pod);
      return (forAll || Exports.isVisible(virtualService, meta.namespace()))
          && (source.isEmpty() || meta.namespace().equals(source))
          && labels.names().stream()
              .allMatch(name -> labels.string(name).equals(meta.labels().get(name)));
    };
  }
}
