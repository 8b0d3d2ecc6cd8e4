package dev.tiphys.delivery.traffic.gateway;

import dev.tiphys.delivery.experiment.StepExperiments;
import dev.tiphys.delivery.traffic.RoutingException;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The rules of a route of Gateway API, as they share traffic out between two Services. Pure.
///
/// Rules that lead to neither of them are left alone. Those that a step has made bear the name of
/// their managed route, and come before all others, in the order in which the Rollout names them.
///
/// @param canary the Service of the canary
/// @param stable the Service of the stable version
/// @param managed the names of routes that steps may make
record RouteRules(String canary, String stable, List<String> managed) {

  private boolean isManaged(Struct rule) {
    return managed.contains(rule.string("name"));
  }

  private boolean isShared(Struct rule) {
    List<String> names =
        rule.structs("backendRefs").stream().map(each -> each.string("name")).toList();
    return names.contains(stable) && names.contains(canary) && !isManaged(rule);
  }

  /// @param whole what all weights add up to
  Struct shared(Struct route, long canaryWeight, List<StepExperiments.Share> extra, long whole) {
    long others = extra.stream().mapToLong(StepExperiments.Share::weight).sum();
    List<Struct> rules = new ArrayList<>();
    boolean found = false;
    for (Struct rule : rules(route)) {
      found |= isShared(rule);
      rules.add(
          isShared(rule)
              ? weighted(rule, canaryWeight, whole - canaryWeight - others, extra)
              : rule);
    }
    if (!found) {
      throw new RoutingException(
          "no rule of the route leads to both `%s` and `%s`".formatted(stable, canary));
    }
    return with(route, rules);
  }

  private Struct weighted(
      Struct rule, long canaryWeight, long stableWeight, List<StepExperiments.Share> extra) {
    List<Struct> backends = new ArrayList<>();
    Struct model = Struct.EMPTY;
    for (Struct backend : rule.structs("backendRefs")) {
      if (backend.string("name").equals(stable)) {
        model = backend;
        backends.add(backend.with("weight", stableWeight));
      } else if (backend.string("name").equals(canary)) {
        backends.add(backend.with("weight", canaryWeight));
      }
    }
    for (StepExperiments.Share share : extra) {
      backends.add(model.with("name", share.service()).with("weight", share.weight()));
    }
    return rule.with("backendRefs", List.copyOf(backends));
  }

  /// With a rule that sends requests with certain headers to the canary; without it if the step has
  /// no match.
  Struct sent(Struct route, Struct step) {
    List<Struct> headers = new ArrayList<>();
    for (Struct match : step.structs("match")) {
      Struct value = match.struct("headerValue");
      headers.add(
          new StructBuilder()
              .add("type", value.has("exact") ? "Exact" : "RegularExpression")
              .add("name", match.string("headerName"))
              .add("value", value(value))
              .build());
    }
    return managed(
        route,
        step.string("name"),
        headers.isEmpty()
            ? List.of()
            : sharedRules(route).stream()
                .map(
                    rule ->
                        rule.with("name", step.string("name"))
                            .with("matches", matching(rule, Struct.of("headers", headers)))
                            .with("backendRefs", List.of(backend(rule, canary).with("weight", 1L))))
                .toList());
  }

  private static String value(Struct value) {
    return value.has("exact")
        ? value.string("exact")
        : value.has("prefix")
            ? Pattern.quote(value.string("prefix")) + ".*"
            : value.string("regex");
  }

  /// With a rule that sends a copy of certain requests to the canary; without it if the step has no
  /// match.
  Struct mirrored(Struct route, Struct step) {
    List<Struct> rules = new ArrayList<>();
    for (Struct match : step.structs("match")) {
      for (Struct rule : sharedRules(route)) {
        List<Struct> filters = new ArrayList<>(rule.structs("filters"));
        long percent = step.has("percentage") ? step.integer("percentage") : 100;
        filters.add(
            Struct.of(
                "type",
                "RequestMirror",
                "requestMirror",
                Struct.of(
                    "backendRef", backend(rule, canary).without("weight"), "percent", percent)));
        rules.add(
            rule.with("name", step.string("name"))
                .with("matches", matching(rule, mirrorMatch(match)))
                .with("filters", List.copyOf(filters)));
      }
    }
    return managed(route, step.string("name"), rules);
  }

  private static Struct mirrorMatch(Struct match) {
    StructBuilder wanted = new StructBuilder();
    if (match.has("method")) {
      wanted.add("method", match.string("method", "exact"));
    }
    if (match.has("path")) {
      Struct path = match.struct("path");
      wanted.add(
          "path",
          Struct.of(
              "type",
              path.has("exact") ? "Exact" : path.has("prefix") ? "PathPrefix" : "RegularExpression",
              "value",
              path.string(path.has("exact") ? "exact" : path.has("prefix") ? "prefix" : "regex")));
    }
    List<Struct> headers = new ArrayList<>();
    for (String name : match.struct("headers").names()) {
      Struct value = match.struct("headers", name);
      headers.add(
          new StructBuilder()
              .add("type", value.has("exact") ? "Exact" : "RegularExpression")
              .add("name", name)
              .add("value", value(value))
              .build());
    }
    return wanted.addUnlessEmpty("headers", headers).build();
  }

  /// What a rule matches, and these conditions besides.
  private static List<Struct> matching(Struct rule, Struct more) {
    List<Struct> matches = rule.structs("matches");
    List<Struct> all = new ArrayList<>();
    for (Struct match : matches.isEmpty() ? List.of(Struct.EMPTY) : matches) {
      List<Struct> headers = new ArrayList<>(match.structs("headers"));
      headers.addAll(more.structs("headers"));
      StructBuilder both = StructBuilder.from(match);
      more.forEach(both::add);
      both.addUnlessEmpty("headers", List.copyOf(headers));
      all.add(both.build());
    }
    return List.copyOf(all);
  }

  private List<Struct> sharedRules(Struct route) {
    return rules(route).stream().filter(this::isShared).toList();
  }

  private static Struct backend(Struct rule, String service) {
    return rule.structs("backendRefs").stream()
        .filter(each -> each.string("name").equals(service))
        .findFirst()
        .orElse(Struct.EMPTY);
  }

  /// With these rules for one managed route, in place of those that it had.
  private Struct managed(Struct route, String name, List<Struct> made) {
    List<Struct> first = new ArrayList<>();
    for (String each : managed) {
      first.addAll(
          each.equals(name)
              ? made
              : rules(route).stream().filter(rule -> rule.string("name").equals(each)).toList());
    }
    first.addAll(rules(route).stream().filter(rule -> !isManaged(rule)).toList());
    return with(route, first);
  }

  Struct withoutManaged(Struct route) {
    return with(route, rules(route).stream().filter(rule -> !isManaged(rule)).toList());
  }

  private static List<Struct> rules(Struct route) {
    return route.structs("spec", "rules");
  }

  private static Struct with(Struct route, List<Struct> rules) {
    return route.withAt(List.copyOf(rules), "spec", "rules");
  }
}
