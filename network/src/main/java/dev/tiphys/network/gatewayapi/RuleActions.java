package dev.tiphys.network.gatewayapi;

import dev.tiphys.network.gatewayapi.fields.Expressions;
import dev.tiphys.network.router.backends.Backend;
import dev.tiphys.network.router.backends.Protocol;
import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.Fault;
import dev.tiphys.network.router.table.Mirror;
import dev.tiphys.network.router.table.PathMatch;
import dev.tiphys.network.router.table.Retries;
import dev.tiphys.network.router.table.Split;
import dev.tiphys.network.router.table.Timeouts;
import dev.tiphys.network.router.table.Wording;
import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Struct;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes what the rules of a route do, and says what is wrong with them.
///
/// Not shared between threads.
final class RuleActions {

  private static final Duration SILENCE = Duration.ofMinutes(5);

  private final Struct route;
  private final String kind;
  private final ServiceBackends backends;

  /// @param kind of the route
  RuleActions(Struct route, String kind, ServiceBackends backends) {
    this.route = route;
    this.kind = kind;
    this.backends = backends;
  }

  private Protocol protocol() {
    return kind.equals("GRPCRoute") ? Protocol.HTTP_2 : Protocol.HTTP_1;
  }

  /// With what is answered that no backend may answer: callers of gRPC take 503 for UNAVAILABLE.
  private int failure() {
    return kind.equals("GRPCRoute") ? 503 : 500;
  }

  private ServiceBackends.Found found(Struct ref) {
    return backends.of(ref, route, kind, protocol());
  }

  /// What a rule does at a listener with the requests that match.
  Action of(Struct rule, PathMatch match, GatewayListener listener) {
    RuleFilters filters = RuleFilters.of(rule);
    Action failed = new Action.Respond(failure(), "text/plain", "");
    if (unsupported(rule) != null) {
      return failed;
    }
    Action redirect = filters.redirect(match, listener);
    if (redirect != null) {
      return redirect;
    }
    List<Split.Share> shares = new ArrayList<>();
    long lost = shares(rule, shares);
    long sum = shares.stream().mapToLong(Split.Share::weight).sum();
    if (sum == 0) {
      return failed;
    }
    return new Action.Forward(
        new Split(shares),
        filters.rewrite(match),
        filters.request(),
        filters.response(),
        timeouts(rule.struct("timeouts")),
        Retries.OF_CONNECTIONS,
        mirrors(filters),
        lost == 0
            ? Fault.NONE
            : new Fault(0, Duration.ZERO, 100.0 * lost / (sum + lost), failure()),
        Wording.ENVOY);
  }

  /// Where the connections of a rule go.
  Split split(Struct rule) {
    List<Split.Share> shares = new ArrayList<>();
    shares(rule, shares);
    return new Split(shares);
  }

  /// @return the weight of what requests can't be passed on to
  private long shares(Struct rule, List<Split.Share> shares) {
    long lost = 0;
    for (Struct ref : rule.structs("backendRefs")) {
      Backend backend = found(ref).backend();
      int weight = ref.has("weight") ? (int) ref.integer("weight") : 1;
      if (backend == null) {
        lost += weight;
      } else {
        RuleFilters own = RuleFilters.of(ref);
        shares.add(new Split.Share(backend, weight, own.request(), own.response()));
      }
    }
    return lost;
  }

  /// Both are limits from the head of the request to the end of the response, since no request is
  /// tried again for what was responded.
  private Timeouts timeouts(Struct timeouts) {
    Duration whole = span(timeouts, "request");
    Duration each = span(timeouts, "backendRequest");
    Duration limit = whole.isZero() || !each.isZero() && each.compareTo(whole) < 0 ? each : whole;
    boolean limited = timeouts.has("request") || timeouts.has("backendRequest");
    boolean silent = limited || kind.equals("GRPCRoute");
    return new Timeouts(limit, Duration.ZERO, silent ? Duration.ZERO : SILENCE);
  }

  private static Duration span(Struct timeouts, String name) {
    return timeouts.has(name) ? GoDuration.parse(timeouts.string(name)) : Duration.ZERO;
  }

  private List<Mirror> mirrors(RuleFilters filters) {
    List<Mirror> mirrors = new ArrayList<>();
    for (Struct mirror : filters.mirrors()) {
      Backend backend = found(mirror.struct("backendRef")).backend();
      if (backend != null) {
        mirrors.add(new Mirror(backend, percent(mirror)));
      }
    }
    return mirrors;
  }

  private static double percent(Struct mirror) {
    if (mirror.has("percent")) {
      return mirror.integer("percent");
    }
    Struct fraction = mirror.struct("fraction");
    return mirror.has("fraction")
        ? 100.0 * fraction.integer("numerator") / fraction.integer("denominator")
        : 100;
  }

  /// What of a rule can't be kept; null if all can.
  private static @Nullable String unsupported(Struct rule) {
    String unknown = RuleFilters.of(rule).unknown();
    for (Struct ref : rule.structs("backendRefs")) {
      unknown = unknown == null ? RuleFilters.of(ref).unknownOfBackend() : unknown;
    }
    return unknown == null
        ? Expressions.problem(rule)
        : "filter %s is not known here".formatted(unknown);
  }

  /// What is in the way of each rule that can't be kept.
  List<String> unsupported() {
    List<String> problems = new ArrayList<>();
    List<Struct> rules = route.structs("spec", "rules");
    for (int i = 0; i < rules.size(); i++) {
      String problem = unsupported(rules.get(i));
      if (problem != null) {
        problems.add("rule %d: %s".formatted(i, problem));
      }
    }
    return problems;
  }

  /// Whether all that the route names is there.
  Verdict resolved() {
    for (Struct rule : route.structs("spec", "rules")) {
      List<Struct> refs = new ArrayList<>(rule.structs("backendRefs"));
      RuleFilters.of(rule).mirrors().forEach(each -> refs.add(each.struct("backendRef")));
      for (Struct ref : refs) {
        ServiceBackends.Found found = found(ref);
        if (!found.reason().isEmpty()) {
          return Verdict.no("ResolvedRefs", found.reason(), found.message());
        }
      }
    }
    return Verdict.yes("ResolvedRefs", "ResolvedRefs");
  }
}
