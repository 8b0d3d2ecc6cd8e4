package dev.tiphys.network.ingress;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.tiphys.network.router.backends.Backend;
import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.Condition;
import dev.tiphys.network.router.table.HeaderEdits;
import dev.tiphys.network.router.table.PathMatch;
import dev.tiphys.network.router.table.Retries;
import dev.tiphys.network.router.table.Rewrite;
import dev.tiphys.network.router.table.Route;
import dev.tiphys.network.router.table.Split;
import dev.tiphys.network.router.table.Timeouts;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Makes the routes of a host.
///
/// Exact paths come first, then the longest. As soon as one location of the host asks for regular
/// expressions or a rewrite, all of its paths are expressions without regard to case, the longest
/// first.
final class HostRoutes {

  private final boolean regex;
  private final boolean secured;
  private final Function<Location, Backend> backends;
  private final BiConsumer<Location, String> problems;
  private final List<Route> routes = new ArrayList<>();

  private HostRoutes(
      boolean regex,
      boolean secured,
      Function<Location, Backend> backends,
      BiConsumer<Location, String> problems) {
    this.regex = regex;
    this.secured = secured;
    this.backends = backends;
    this.problems = problems;
  }

  /// @param secured whether there is TLS for the host
  /// @param problems is told of locations that are left out, and why
  static List<Route> of(
      List<Location> locations,
      boolean secured,
      Function<Location, Backend> backends,
      BiConsumer<Location, String> problems) {
    boolean regex = locations.stream().anyMatch(Location::isRegex);
    HostRoutes host = new HostRoutes(regex, secured, backends, problems);
    locations.forEach(host::addRoot);
    locations.stream().sorted(host.precedence()).forEach(host::add);
    return host.routes;
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

  private static String name(Location location) {
    return Meta.of(location.ingress()).key() + location.path();
  }

  private void add(Location location) {
    PathMatch path = match(location);
    if (path == null) {
      return;
    }
    Annotations annotations = location.annotations();
    if (annotations.forceSslRedirect() || secured && annotations.sslRedirect()) {
      Action toTls = new Action.Redirect(308, "https://$host$target");
      add(location, path, List.of(new Condition.Scheme("http")), toTls);
    }
    Action elsewhere = redirect(annotations);
    if (elsewhere != null) {
      add(location, path, List.of(), elsewhere);
      return;
    }
    Backend main = backends.apply(location);
    Location other = location.canary();
    if (other == null) {
      add(location, path, List.of(), forward(location, Split.all(main)));
      return;
    }
    Backend canary = backends.apply(other);
    Canary share = Canary.of(other.annotations());
    for (Canary.Choice choice : share.choices()) {
      Split all = Split.all(choice.toCanary() ? canary : main);
      add(location, path, List.of(choice.condition()), forward(location, all));
    }
    Split split =
        new Split(
            List.of(
                new Split.Share(main, share.total() - share.weight()),
                new Split.Share(canary, share.weight())));
    add(location, path, List.of(), forward(location, split));
  }

  private void add(Location location, PathMatch path, List<Condition> when, Action action) {
    routes.add(new Route(name(location), path, when, action));
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
      problems.accept(
          location, "path " + location.path() + " is no regular expression: " + e.getMessage());
      return null;
    }
  }

  private static @Nullable Action redirect(Annotations annotations) {
    String temporal = annotations.text("temporal-redirect");
    if (temporal != null) {
      return new Action.Redirect(annotations.redirectCode("temporal-redirect-code", 302), temporal);
    }
    String permanent = annotations.text("permanent-redirect");
    return permanent == null
        ? null
        : new Action.Redirect(annotations.redirectCode("permanent-redirect-code", 301), permanent);
  }

  private Action forward(Location location, Split split) {
    Annotations annotations = location.annotations();
    String prefix = annotations.text("x-forwarded-prefix");
    return new Action.Forward(
        split,
        new Rewrite(rewrite(location), annotations.text("upstream-vhost")),
        prefix == null
            ? HeaderEdits.NONE
            : new HeaderEdits(List.of(), Map.of("X-Forwarded-Prefix", prefix), Map.of()),
        HeaderEdits.NONE,
        new Timeouts(Duration.ZERO, Duration.ZERO, annotations.idle()),
        Retries.OF_CONNECTIONS);
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
