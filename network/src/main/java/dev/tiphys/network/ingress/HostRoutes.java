package dev.tiphys.network.ingress;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.tiphys.network.ingress.annotations.AccessAnnotations;
import dev.tiphys.network.ingress.annotations.Annotations;
import dev.tiphys.network.ingress.annotations.BackendAnnotations;
import dev.tiphys.network.ingress.annotations.Hashing;
import dev.tiphys.network.router.backends.Backend;
import dev.tiphys.network.router.backends.BackendPolicy;
import dev.tiphys.network.router.backends.EndpointTls;
import dev.tiphys.network.router.streams.StreamRoute;
import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.Condition;
import dev.tiphys.network.router.table.ErrorPages;
import dev.tiphys.network.router.table.Fault;
import dev.tiphys.network.router.table.Filter;
import dev.tiphys.network.router.table.HeaderEdits;
import dev.tiphys.network.router.table.Mirror;
import dev.tiphys.network.router.table.PathMatch;
import dev.tiphys.network.router.table.Rewrite;
import dev.tiphys.network.router.table.Route;
import dev.tiphys.network.router.table.Split;
import dev.tiphys.network.router.table.Timeouts;
import dev.tiphys.network.router.table.ValueMatch;
import dev.tiphys.network.router.table.Wording;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes the routes of a host.
///
/// Exact paths come first, then the longest. As soon as one location of the host asks for regular
/// expressions or a rewrite, all of its paths are expressions without regard to case, the longest
/// first.
final class HostRoutes {

  /// What the values of cookies begin with that keep a client with a canary or its partner.
  private static final String TO_CANARY = "c-";

  private static final String TO_MAIN = "m-";

  private final String host;
  private final boolean regex;
  private final boolean secured;
  private final boolean passed;
  private final ClientCheck check;
  private final Surroundings with;
  private final List<Route> routes = new ArrayList<>();
  private final Set<Backend> backends = new HashSet<>();
  private @Nullable String counterpart;
  private @Nullable StreamRoute stream;

  private HostRoutes(
      String host, List<Location> locations, boolean secured, Surroundings surroundings) {
    this.host = host;
    this.regex = locations.stream().anyMatch(Location::isRegex);
    this.passed = locations.stream().anyMatch(each -> each.annotations().isPassedThrough());
    this.secured = secured;
    this.with = surroundings;
    this.check = check(locations);
  }

  /// @param locations those of the oldest Ingress first
  /// @param secured whether there is TLS for the host
  static HostRoutes of(String host, List<Location> locations, boolean secured, Surroundings with) {
    HostRoutes made = new HostRoutes(host, locations, secured, with);
    locations.forEach(made::addRoot);
    locations.stream().sorted(made.precedence()).forEach(made::add);
    return made;
  }

  /// What the oldest Ingress says of certificates is for the whole host.
  private ClientCheck check(List<Location> locations) {
    for (Location each : locations) {
      AccessAnnotations.ClientAsked asked = each.annotations().access().certificates();
      if (asked != null) {
        return with.certificates(each, asked);
      }
    }
    return ClientCheck.NONE;
  }

  List<Route> routes() {
    return routes;
  }

  /// All backends that the routes lead to.
  Set<Backend> backends() {
    return backends;
  }

  /// Whose certificates clients are asked for; empty if they are not asked.
  List<X509Certificate> authorities() {
    return check.authorities();
  }

  /// Where connections go whose TLS is the Pods' own matter; null if it ends here.
  @Nullable StreamRoute stream() {
    return stream;
  }

  /// The name with or without `www.` whose clients are to be sent to this host; null for none.
  @Nullable String counterpart() {
    return counterpart;
  }

  /// Sends the clients of a host to another one.
  static Route to(String host, String from) {
    return new Route(
        from,
        new PathMatch.Prefix("/"),
        new Action.Relocate(308, null, host, Action.Relocate.SAME_PORT, new Rewrite.OfPath.Keep()));
  }

  private Comparator<Location> precedence() {
    Comparator<Location> longest =
        Comparator.comparingInt((Location each) -> length(each)).reversed();
    return regex
        ? longest
        : Comparator.comparing((Location each) -> !each.pathType().equals("Exact"))
            .thenComparing(longest);
  }

  /// A prefix by elements is as long as with the slash that ends it.
  private int length(Location location) {
    String path = location.path();
    boolean open = !regex && location.pathType().equals("Prefix") && !path.endsWith("/");
    return path.length() + (open ? 1 : 0);
  }

  private void addRoot(Location location) {
    String root = location.annotations().text("app-root");
    if (root != null) {
      routes.add(
          route(location, new PathMatch.Exact("/"), List.of(), new Action.Redirect(302, root)));
    }
  }

  /// Tells the Ingress, the host and the path: `NAMESPACE/NAME@HOST/PATH`.
  private String name(Location location) {
    return Meta.of(location.ingress()).key() + "@" + host + location.path();
  }

  private void add(Location location) {
    PathMatch path = match(location);
    if (path == null) {
      return;
    }
    Annotations annotations = location.annotations();
    if (annotations.flag("from-to-www-redirect", false) && !host.startsWith("*")) {
      counterpart = host.startsWith("www.") ? host.substring(4) : "www." + host;
    }
    if (annotations.forceSslRedirect() || secured && annotations.sslRedirect()) {
      Action toTls = new Action.Redirect(308, "https://$host$target");
      routes.add(route(location, path, List.of(new Condition.Scheme("http")), toTls));
    }
    Action elsewhere = redirect(annotations);
    if (elsewhere != null) {
      routes.add(route(location, path, List.of(), elsewhere));
      return;
    }
    new Forwarding(location, path).add();
  }

  private Route route(Location location, PathMatch path, List<Condition> when, Action action) {
    return new Route(name(location), path, when, check.filters(), null, action);
  }

  /// The routes of a location that lead to backends.
  private final class Forwarding {
    private final Location location;
    private final PathMatch path;
    private final Annotations annotations;
    private final List<Filter> filters;
    private final @Nullable ErrorPages errors;

    Forwarding(Location location, PathMatch path) {
      this.location = location;
      this.path = path;
      this.annotations = location.annotations();
      this.filters = new ArrayList<>(check.filters());
      filters.addAll(new LocationFilters(location, with).all());
      this.errors = errorPages(location);
    }

    void add() {
      Location other = location.canary();
      if (other == null) {
        Backend only = backend(location, policy(annotations, ""));
        add(List.of(), Split.all(only));
        if (passed && location.path().equals("/")) {
          Backend pods = backend(location, annotations.backend().policy("").plain());
          stream = new StreamRoute(Split.all(pods), false);
        }
        return;
      }
      boolean sticky =
          "cookie".equals(annotations.text("affinity"))
              && !"legacy".equals(other.annotations().text("affinity-canary-behavior"));
      Backend main = backend(location, policy(annotations, sticky ? TO_MAIN : ""));
      BackendPolicy policy =
          sticky ? policy(annotations, TO_CANARY) : policy(other.annotations(), "");
      Backend canary = backend(other, policy);
      if (sticky) {
        add(List.of(keptWith(TO_CANARY)), Split.all(canary));
        add(List.of(keptWith(TO_MAIN)), Split.all(main));
      }
      Canary share = Canary.of(other.annotations());
      for (Canary.Choice choice : share.choices()) {
        add(List.of(choice.condition()), Split.all(choice.toCanary() ? canary : main));
      }
      add(
          List.of(),
          new Split(
              List.of(
                  new Split.Share(main, share.total() - share.weight()),
                  new Split.Share(canary, share.weight()))));
    }

    private Condition keptWith(String mark) {
      return new Condition.Cookie(
          Hashing.cookieName(annotations.values()),
          new ValueMatch.Expression(Pattern.compile("\"?" + mark + ".*")));
    }

    private void add(List<Condition> when, Split split) {
      routes.add(new Route(name(location), path, when, filters, errors, forward(location, split)));
    }
  }

  /// Pods that end TLS themselves are asked by it also for what comes without.
  private BackendPolicy policy(Annotations annotations, String mark) {
    BackendPolicy policy = annotations.backend().policy(mark);
    return passed && policy.tls() == null ? policy.with(new EndpointTls("")) : policy;
  }

  private Backend backend(Location location, BackendPolicy policy) {
    Backend backend = with.backend(location, policy);
    backends.add(backend);
    return backend;
  }

  private @Nullable ErrorPages errorPages(Location location) {
    Set<Integer> statuses = location.annotations().backend().errors();
    Backend pages = statuses.isEmpty() ? null : with.errors(location);
    if (pages == null) {
      return null;
    }
    backends.add(pages);
    Struct service = location.backend().struct("service");
    return new ErrorPages(
        statuses,
        new Action.Forward(Split.all(pages)),
        Map.of(
            "X-Namespace", Meta.of(location.ingress()).namespace(),
            "X-Ingress-Name", Meta.of(location.ingress()).name(),
            "X-Service-Name", service.string("name"),
            "X-Service-Port", ServiceBackends.label(service.struct("port"))));
  }

  private @Nullable PathMatch match(Location location) {
    String path = location.path();
    if (regex) {
      Pattern pattern = pattern(location);
      return pattern == null ? null : new PathMatch.Expression(pattern, false);
    }
    return switch (location.pathType()) {
      case "Exact" -> new PathMatch.Exact(path);
      case "Prefix" -> new PathMatch.Prefix(path);
      default -> new PathMatch.Characters(path);
    };
  }

  private @Nullable Pattern pattern(Location location) {
    try {
      return Pattern.compile(location.path(), Pattern.CASE_INSENSITIVE);
    } catch (PatternSyntaxException e) {
      with.refuse(
          location, "path " + location.path() + " is no regular expression: " + e.getMessage());
      return null;
    }
  }

  private static @Nullable Action redirect(Annotations annotations) {
    String temporal = annotations.text("temporal-redirect");
    if (temporal != null) {
      return redirect(annotations.redirectCode("temporal-redirect-code", 302), temporal);
    }
    String permanent = annotations.text("permanent-redirect");
    return permanent == null
        ? null
        : redirect(annotations.redirectCode("permanent-redirect-code", 301), permanent);
  }

  private static Action redirect(int code, String location) {
    return new Action.Redirect(code, location.replace("$request_uri", "$target"));
  }

  private Action forward(Location location, Split split) {
    Annotations annotations = location.annotations();
    BackendAnnotations said = annotations.backend();
    String prefix = annotations.text("x-forwarded-prefix");
    String target = annotations.text("mirror-target");
    Mirror mirror = target == null ? null : with.mirror(location, target);
    if (mirror != null) {
      backends.add(mirror.backend());
    }
    return new Action.Forward(
        split,
        new Rewrite(rewrite(location), annotations.text("upstream-vhost")),
        prefix == null
            ? HeaderEdits.NONE
            : new HeaderEdits(List.of(), Map.of("X-Forwarded-Prefix", prefix), Map.of()),
        HeaderEdits.NONE,
        new Timeouts(said.triesTimeout(), Duration.ZERO, said.idle()),
        said.retries(),
        mirror == null ? List.of() : List.of(mirror),
        Fault.NONE,
        Wording.NGINX);
  }

  private Rewrite.OfPath rewrite(Location location) {
    String target = location.annotations().text("rewrite-target");
    if (target == null || target.equals(location.path())) {
      return new Rewrite.OfPath.Keep();
    }
    Pattern pattern = pattern(location);
    return pattern == null ? new Rewrite.OfPath.Keep() : new Rewrite.OfPath.Groups(pattern, target);
  }
}
