package dev.tiphys.network.ingress;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.tiphys.network.Prefix;
import dev.tiphys.network.router.backends.Backend;
import dev.tiphys.network.router.backends.BackendPolicy;
import dev.tiphys.network.router.filters.AnyOf;
import dev.tiphys.network.router.filters.AuthSettings;
import dev.tiphys.network.router.filters.ClientAddresses;
import dev.tiphys.network.router.filters.ContentSize;
import dev.tiphys.network.router.filters.Cors;
import dev.tiphys.network.router.filters.Refusal;
import dev.tiphys.network.router.filters.SecureHeaders;
import dev.tiphys.network.router.filters.Unlogged;
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

  /// What browsers are told by default once they came by TLS (RFC 6797): a year of it.
  private static final Filter SECURE_ONLY =
      new SecureHeaders(
          new HeaderEdits(
              List.of(),
              Map.of("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
              Map.of()));

  private static final Filter UNLOGGED = new Unlogged();

  /// What the values of cookies begin with that keep a client with a canary or its partner.
  private static final String TO_CANARY = "c-";

  private static final String TO_MAIN = "m-";

  private final String host;
  private final boolean regex;
  private final boolean secured;
  private final Surroundings with;
  private final List<Route> routes = new ArrayList<>();
  private final Set<Backend> backends = new HashSet<>();
  private @Nullable String counterpart;

  /// What routes are made with that outlives them, or is not theirs to know.
  interface Surroundings {

    /// The backend of a location.
    Backend backend(Location location, BackendPolicy policy);

    /// Where pages in the place of failed answers come from; null if nowhere.
    @Nullable Backend errors(Location location);

    /// What has requests copied; null if it can't be had.
    @Nullable Mirror mirror(Location location, String target);

    /// Is told of locations that are left out, and why.
    void refuse(Location location, String why);

    Filter passwords(Location location, Annotations.PasswordSecret secret);

    Filter external(Location location, AuthSettings settings);

    Filter rate(Location location, double perSecond, int burst, List<Prefix> exempt);

    Filter concurrency(Location location, int most, List<Prefix> exempt);
  }

  private HostRoutes(String host, boolean regex, boolean secured, Surroundings with) {
    this.host = host;
    this.regex = regex;
    this.secured = secured;
    this.with = with;
  }

  /// @param secured whether there is TLS for the host
  static HostRoutes of(String host, List<Location> locations, boolean secured, Surroundings with) {
    boolean regex = locations.stream().anyMatch(Location::isRegex);
    HostRoutes made = new HostRoutes(host, regex, secured, with);
    locations.forEach(made::addRoot);
    locations.stream().sorted(made.precedence()).forEach(made::add);
    return made;
  }

  List<Route> routes() {
    return routes;
  }

  /// All backends that the routes lead to.
  Set<Backend> backends() {
    return backends;
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
          new Route(name(location), new PathMatch.Exact("/"), new Action.Redirect(302, root)));
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
      routes.add(new Route(name(location), path, List.of(new Condition.Scheme("http")), toTls));
    }
    Action elsewhere = redirect(annotations);
    if (elsewhere != null) {
      routes.add(new Route(name(location), path, elsewhere));
      return;
    }
    new Forwarding(location, path).add();
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
      this.filters = filters(location);
      this.errors = errorPages(location);
    }

    void add() {
      Location other = location.canary();
      if (other == null) {
        add(List.of(), Split.all(backend(location, annotations.policy())));
        return;
      }
      boolean sticky =
          "cookie".equals(annotations.text("affinity"))
              && !"legacy".equals(other.annotations().text("affinity-canary-behavior"));
      Backend main = backend(location, annotations.policy(sticky ? TO_MAIN : ""));
      BackendPolicy policy = sticky ? annotations.policy(TO_CANARY) : other.annotations().policy();
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
          Hashing.cookieName(annotations),
          new ValueMatch.Expression(Pattern.compile("\"?" + mark + ".*")));
    }

    private void add(List<Condition> when, Split split) {
      routes.add(new Route(name(location), path, when, filters, errors, forward(location, split)));
    }
  }

  private Backend backend(Location location, BackendPolicy policy) {
    Backend backend = with.backend(location, policy);
    backends.add(backend);
    return backend;
  }

  private @Nullable ErrorPages errorPages(Location location) {
    Set<Integer> statuses = location.annotations().errors();
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

  private List<Filter> filters(Location location) {
    Annotations annotations = location.annotations();
    List<Filter> filters = new ArrayList<>(List.of(SECURE_ONLY));
    if (!annotations.flag("enable-access-log", true)) {
      filters.add(UNLOGGED);
    }
    annotations.names().ifPresent(filters::add);
    Cors cors = annotations.cors();
    if (cors != null) {
      filters.add(cors);
    }
    annotations.contentSize().ifPresent(most -> filters.add(new ContentSize(most)));
    addLimits(filters, location);
    if (annotations.isClosed()) {
      filters.add(new Refusal(503));
    }
    List<Filter> access = access(location);
    if (annotations.satisfiesAny() && access.size() > 1) {
      filters.add(new AnyOf(access));
    } else {
      filters.addAll(access);
    }
    return filters;
  }

  private void addLimits(List<Filter> filters, Location location) {
    Annotations annotations = location.annotations();
    List<Prefix> exempt = annotations.exempt();
    int connections = annotations.number("limit-connections", 0);
    if (connections > 0) {
      filters.add(with.concurrency(location, connections, exempt));
    }
    int multiplier = Math.max(1, annotations.number("limit-burst-multiplier", 5));
    int perSecond = annotations.number("limit-rps", 0);
    if (perSecond > 0) {
      filters.add(with.rate(location, perSecond, perSecond * multiplier, exempt));
    }
    int perMinute = annotations.number("limit-rpm", 0);
    if (perMinute > 0) {
      filters.add(with.rate(location, perMinute / 60.0, perMinute * multiplier, exempt));
    }
  }

  private List<Filter> access(Location location) {
    Annotations annotations = location.annotations();
    List<Filter> access = new ArrayList<>();
    List<Prefix> allowed = annotations.allowed();
    List<Prefix> denied = annotations.denied();
    if (!allowed.isEmpty() || !denied.isEmpty()) {
      access.add(new ClientAddresses(allowed, denied));
    }
    Annotations.PasswordSecret passwords = annotations.passwords();
    if (passwords != null) {
      access.add(with.passwords(location, passwords));
    }
    AuthSettings external = annotations.external();
    if (external != null) {
      access.add(with.external(location, external));
    }
    return access;
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
        new Timeouts(annotations.triesTimeout(), Duration.ZERO, annotations.idle()),
        annotations.retries(),
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
