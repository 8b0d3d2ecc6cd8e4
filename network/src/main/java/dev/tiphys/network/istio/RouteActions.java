package dev.tiphys.network.istio;

import com.google.re2j.Pattern;
import dev.tiphys.network.istio.destinations.Destinations;
import dev.tiphys.network.istio.fields.Durations;
import dev.tiphys.network.istio.fields.GrpcStatuses;
import dev.tiphys.network.istio.fields.Percentages;
import dev.tiphys.network.istio.fields.RetryPolicies;
import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.Fault;
import dev.tiphys.network.router.table.HeaderEdits;
import dev.tiphys.network.router.table.Mirror;
import dev.tiphys.network.router.table.Rewrite;
import dev.tiphys.network.router.table.Split;
import dev.tiphys.network.router.table.Timeouts;
import dev.tiphys.network.router.table.Wording;
import dev.tiphys.object.Struct;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes what a route does.
final class RouteActions {

  private static final Duration SILENCE = Duration.ofMinutes(5);

  private final Struct route;
  private final String namespace;
  private final Surroundings in;

  /// @param namespace of the object that the route is from
  RouteActions(Struct route, String namespace, Surroundings in) {
    this.route = route;
    this.namespace = namespace;
    this.in = in;
  }

  /// @param uri by which the route matches
  /// @return null if the route does nothing that is known
  @Nullable Action of(Struct uri) {
    if (route.has("redirect")) {
      return redirect(route.struct("redirect"), uri);
    }
    if (route.has("directResponse")) {
      return respond(route.struct("directResponse"));
    }
    return route.structs("route").isEmpty() ? null : forward(uri);
  }

  private static Action redirect(Struct redirect, Struct uri) {
    String scheme = redirect.string("scheme");
    String authority = redirect.string("authority");
    boolean sameAuthority = authority.isEmpty();
    int port =
        redirect.integer("port") > 0
            ? (int) redirect.integer("port")
            : redirect.string("derivePort").equals("FROM_REQUEST_PORT")
                    || !redirect.has("derivePort") && sameAuthority && scheme.isEmpty()
                ? Action.Relocate.SAME_PORT
                : 0;
    return new Action.Relocate(
        redirect.has("redirectCode") ? (int) redirect.integer("redirectCode") : 301,
        scheme.isEmpty() ? null : scheme,
        sameAuthority ? null : authority,
        port,
        redirect.has("prefixRewrite")
            ? replaced(uri, redirect.string("prefixRewrite"))
            : redirect.has("uri")
                ? new Rewrite.OfPath.Whole(redirect.string("uri"))
                : new Rewrite.OfPath.Keep());
  }

  private static Rewrite.OfPath replaced(Struct uri, String with) {
    return uri.has("prefix")
        ? new Rewrite.OfPath.Characters(uri.string("prefix"), with)
        : new Rewrite.OfPath.Whole(with);
  }

  private static Action respond(Struct response) {
    Struct body = response.struct("body");
    String content =
        body.has("bytes")
            ? new String(Base64.getDecoder().decode(body.string("bytes")), StandardCharsets.UTF_8)
            : body.string("string");
    return new Action.Respond((int) response.integer("status"), "text/plain", content);
  }

  private Action forward(Struct uri) {
    Struct headers = route.struct("headers");
    Struct rewrite = route.struct("rewrite");
    String authority = authority(headers.struct("request"));
    Duration whole = Durations.of(route, "timeout", Duration.ZERO);
    return new Action.Forward(
        split(),
        new Rewrite(
            path(rewrite, uri),
            rewrite.has("authority")
                ? rewrite.string("authority")
                : authority.isEmpty() ? null : authority),
        edits(headers.struct("request"), false),
        edits(headers.struct("response"), false),
        new Timeouts(
            whole, Durations.of(route.struct("retries"), "perTryTimeout", Duration.ZERO), SILENCE),
        RetryPolicies.of(route),
        mirrors(),
        fault(route.struct("fault")),
        Wording.ENVOY);
  }

  private static Rewrite.OfPath path(Struct rewrite, Struct uri) {
    if (rewrite.has("uriRegexRewrite")) {
      return new Rewrite.OfPath.Found(
          Pattern.compile(rewrite.string("uriRegexRewrite", "match")),
          rewrite.string("uriRegexRewrite", "rewrite").replaceAll("\\\\([0-9])", "\\$$1"));
    }
    return rewrite.has("uri") ? replaced(uri, rewrite.string("uri")) : new Rewrite.OfPath.Keep();
  }

  /// One destination gets all requests, whatever its weight; of several each gets its weight over
  /// the sum, and one without a weight gets none.
  Split split() {
    List<Struct> targets = route.structs("route");
    List<Split.Share> shares = new ArrayList<>();
    for (Struct target : targets) {
      int weight = targets.size() == 1 ? 1 : (int) Math.max(0, target.integer("weight"));
      Destinations.Found found = found(target.struct("destination"));
      if (weight > 0 && found.isMissing()) {
        in.missing().add(found.problem());
      }
      in.problems().addAll(found.notes());
      Struct headers = target.struct("headers");
      shares.add(
          new Split.Share(
              found.backend(),
              weight,
              edits(headers.struct("request"), true),
              edits(headers.struct("response"), true)));
    }
    return new Split(shares);
  }

  private Destinations.Found found(Struct destination) {
    return in.destinations().of(destination, namespace, in.place());
  }

  private static boolean isAuthority(String name) {
    return name.equalsIgnoreCase(":authority") || name.equalsIgnoreCase("host");
  }

  private static String authority(Struct edits) {
    for (String kind : List.of("set", "add")) {
      for (String name : edits.struct(kind).names()) {
        if (isAuthority(name)) {
          return edits.string(kind, name);
        }
      }
    }
    return "";
  }

  /// @param withAuthority whether the host is set with the headers
  private static HeaderEdits edits(Struct edits, boolean withAuthority) {
    if (edits.isEmpty()) {
      return HeaderEdits.NONE;
    }
    Map<String, String> set = headers(edits.struct("set"));
    String authority = authority(edits);
    if (withAuthority && !authority.isEmpty()) {
      set.put("host", authority);
    }
    return new HeaderEdits(
        edits.strings("remove").stream().map(each -> each.toLowerCase(Locale.ROOT)).toList(),
        set,
        headers(edits.struct("add")));
  }

  private static Map<String, String> headers(Struct values) {
    Map<String, String> headers = new HashMap<>();
    for (String name : values.names()) {
      if (!isAuthority(name)) {
        headers.put(name.toLowerCase(Locale.ROOT), values.string(name));
      }
    }
    return headers;
  }

  private List<Mirror> mirrors() {
    List<Mirror> mirrors = new ArrayList<>();
    if (route.has("mirror")) {
      double percent =
          route.has("mirrorPercentage")
              ? Percentages.of(route.struct("mirrorPercentage"))
              : route.has("mirrorPercent") ? Percentages.of(route, "mirrorPercent") : 100;
      mirrors.add(mirror(route.struct("mirror"), percent));
    }
    for (Struct mirror : route.structs("mirrors")) {
      double percent = mirror.has("percentage") ? Percentages.of(mirror.struct("percentage")) : 100;
      mirrors.add(mirror(mirror.struct("destination"), percent));
    }
    return mirrors;
  }

  private Mirror mirror(Struct destination, double percent) {
    Destinations.Found found = found(destination);
    if (found.isMissing()) {
      in.problems().add("nothing is mirrored: " + found.problem());
    }
    return new Mirror(found.backend(), percent);
  }

  private static Fault fault(Struct fault) {
    if (fault.isEmpty()) {
      return Fault.NONE;
    }
    Struct delay = fault.struct("delay");
    Struct abort = fault.struct("abort");
    return new Fault(
        percent(delay),
        Durations.of(delay, "fixedDelay", Duration.ZERO),
        percent(abort),
        abort.has("httpStatus")
            ? (int) abort.integer("httpStatus")
            : GrpcStatuses.http(abort.string("grpcStatus")),
        abort.has("grpcStatus") ? GrpcStatuses.number(abort.string("grpcStatus")) : -1);
  }

  private static double percent(Struct part) {
    return part.has("percentage")
        ? Percentages.of(part.struct("percentage"))
        : Percentages.of(part, "percent");
  }
}
