package dev.tiphys.network.istio.fields;

import com.google.re2j.PatternSyntaxException;
import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.Filter;
import dev.tiphys.network.router.table.HeaderEdits;
import dev.tiphys.network.router.table.Passage;
import dev.tiphys.network.router.table.ValueMatch;
import dev.tiphys.object.Struct;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Tells browsers which pages of other origins may use what is served, and answers what they ask
/// beforehand (the Fetch Standard, 3.2). What pages of unknown origins ask beforehand is passed on,
/// unless the policy says that it isn't.
///
/// @param preflight what is told of origins that are known, to those that ask beforehand
/// @param actual the same with responses
/// @param forwards whether what unknown origins ask beforehand is passed on
public record CorsPolicy(
    List<ValueMatch> origins,
    Map<String, String> preflight,
    Map<String, String> actual,
    boolean forwards)
    implements Filter {

  private static final String ALLOW = "access-control-allow-";

  /// @param route one without `corsPolicy` has no filter
  /// @throws PatternSyntaxException if there is an expression that can't be read
  public static List<Filter> of(Struct route) {
    return route.has("corsPolicy") ? List.of(read(route.struct("corsPolicy"))) : List.of();
  }

  private static CorsPolicy read(Struct policy) {
    List<ValueMatch> origins = new ArrayList<>();
    policy.structs("allowOrigins").forEach(each -> origins.add(StringMatches.value(each)));
    for (String each : policy.strings("allowOrigin")) {
      origins.add(each.equals("*") ? new ValueMatch.Present() : new ValueMatch.Exact(each));
    }
    Map<String, String> preflight = new LinkedHashMap<>();
    Map<String, String> actual = new LinkedHashMap<>();
    if (policy.bool("allowCredentials")) {
      preflight.put(ALLOW + "credentials", "true");
      actual.put(ALLOW + "credentials", "true");
    }
    put(preflight, ALLOW + "methods", policy.strings("allowMethods"));
    put(preflight, ALLOW + "headers", policy.strings("allowHeaders"));
    put(actual, "access-control-expose-headers", policy.strings("exposeHeaders"));
    Duration age = Durations.of(policy, "maxAge", Duration.ZERO);
    if (!age.isZero()) {
      preflight.put("access-control-max-age", Long.toString(age.toSeconds()));
    }
    return new CorsPolicy(
        origins, preflight, actual, !policy.string("unmatchedPreflights").equals("IGNORE"));
  }

  private static void put(Map<String, String> headers, String name, List<String> values) {
    if (!values.isEmpty()) {
      headers.put(name, String.join(",", values));
    }
  }

  @Override
  public void filter(Passage passage) {
    String origin = passage.request().header("origin");
    if (origin == null) {
      passage.goOn();
      return;
    }
    boolean known = origins.stream().anyMatch(each -> each.matches(origin));
    boolean asksBeforehand =
        passage.request().method().equals("OPTIONS")
            && passage.request().header("access-control-request-method") != null;
    if (asksBeforehand && (known || !forwards)) {
      HeaderEdits edits = known ? told(origin, preflight) : HeaderEdits.NONE;
      passage.answer(new Action.Respond(200, "text/plain", ""), edits);
      return;
    }
    if (known) {
      passage.editResponse(told(origin, actual));
    }
    passage.goOn();
  }

  private static HeaderEdits told(String origin, Map<String, String> headers) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put(ALLOW + "origin", origin);
    return new HeaderEdits(List.of(), all, Map.of());
  }
}
