package dev.tiphys.delivery.traffic.istio;

import dev.tiphys.client.Api;
import dev.tiphys.delivery.experiment.StepExperiments;
import dev.tiphys.delivery.model.Labels;
import dev.tiphys.delivery.model.ReplicaSet;
import dev.tiphys.delivery.model.Step;
import dev.tiphys.delivery.pass.Pass;
import dev.tiphys.delivery.traffic.Routing;
import dev.tiphys.delivery.traffic.RoutingException;
import dev.tiphys.delivery.traffic.TrafficRouter;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/// Shares traffic out in VirtualServices.
///
/// Threads: one.
public final class IstioRouter implements TrafficRouter {

  private final Pass pass;
  private final Api api;
  private final Struct spec;
  private final Sides sides;
  private final List<String> managed;

  public IstioRouter(Routing routing) {
    this.pass = routing.pass();
    this.api = pass.tools().api();
    Struct all = pass.rollout().canary().trafficRouting();
    this.spec = all.struct("istio");
    this.managed =
        all.structs("managedRoutes").stream().map(route -> route.string("name")).toList();
    Struct rule = spec.struct("destinationRule");
    this.sides =
        new Sides(
            routing.canaryService(),
            rule.string("canarySubsetName"),
            routing.stableService(),
            rule.string("stableSubsetName"),
            rule.strings("additionalSubsetNames"));
  }

  /// Changes every VirtualService that the Rollout names, if that makes a difference.
  ///
  /// @param said what an event tells of the change
  private void edit(BiFunction<Routes, Struct, Struct> edit, String said) {
    for (Struct reference : IstioResources.references(spec)) {
      ObjectKey place = IstioResources.place(reference.string("name"), pass.rollout().namespace());
      Struct before = api.find(IstioResources.VIRTUAL_SERVICES, place.namespace(), place.name());
      if (before == null) {
        throw new RoutingException(
            "VirtualServiceNotFound", "VirtualService `" + place.name() + "` not found");
      }
      Struct next = edit.apply(new Routes(place.name(), reference, sides, managed), before);
      if (!next.equals(before)) {
        api.update(IstioResources.VIRTUAL_SERVICES, next);
        pass.normal("Updated VirtualService", "VirtualService `" + place.name() + "` " + said);
      }
    }
  }

  @Override
  public void point(String canaryHash, String stableHash, List<StepExperiments.Share> extra) {
    Struct reference = spec.struct("destinationRule");
    if (reference.isEmpty()) {
      return;
    }
    String name = reference.string("name");
    Struct before = api.find(IstioResources.DESTINATION_RULES, pass.rollout().namespace(), name);
    if (before == null) {
      throw new RoutingException(
          "DestinationRuleNotFound", "DestinationRule `" + name + "` not found");
    }
    List<Struct> subsets = new ArrayList<>();
    Map<String, Struct> versions = new LinkedHashMap<>();
    extra.forEach(share -> versions.put(share.service(), version(share)));
    for (Struct subset : before.structs("spec", "subsets")) {
      Struct version = versions.remove(subset.string("name"));
      if (subset.string("name").equals(sides.canarySubset())) {
        subsets.add(pointed(subset, canaryHash));
      } else if (subset.string("name").equals(sides.stableSubset())) {
        subsets.add(pointed(subset, stableHash));
      } else if (version != null) {
        subsets.add(subset.withAt(version.string("labels", Labels.HASH), "labels", Labels.HASH));
      } else if (!isVersion(subset)) {
        subsets.add(subset);
      }
    }
    subsets.addAll(versions.values());
    Struct next =
        Meta.withAnnotation(
            before.withAt(List.copyOf(subsets), "spec", "subsets"),
            Labels.MANAGED_BY,
            pass.rollout().name());
    if (!next.equals(before)) {
      api.update(IstioResources.DESTINATION_RULES, next);
      pass.normal(
          "UpdatedDestinationRule",
          "DestinationRule %s subset updated (%s: %s, %s: %s)"
              .formatted(name, sides.canarySubset(), canaryHash, sides.stableSubset(), stableHash));
    }
  }

  /// The subset of an Experiment's version.
  private static Struct version(StepExperiments.Share share) {
    return Struct.of("name", share.service(), "labels", Struct.of(Labels.HASH, share.hash()));
  }

  /// Whether a subset was made for a version of an Experiment: it says nothing else.
  private boolean isVersion(Struct subset) {
    String hash = subset.string("labels", Labels.HASH);
    return !hash.isEmpty()
        && !sides.additional().contains(subset.string("name"))
        && subset.equals(
            Struct.of("name", subset.string("name"), "labels", Struct.of(Labels.HASH, hash)));
  }

  /// A subset does not leave for a revision without Pods.
  private Struct pointed(Struct subset, String hash) {
    ReplicaSet set = pass.withHash(hash);
    return set == null || set.available() == 0
        ? subset
        : subset.withAt(hash, "labels", Labels.HASH);
  }

  @Override
  public void share(long canaryWeight, List<StepExperiments.Share> extra) {
    long whole = pass.rollout().canary().maxWeight();
    edit(
        (routes, virtualService) -> routes.shared(virtualService, canaryWeight, extra, whole),
        "set to desiredWeight '" + canaryWeight + "'");
  }

  @Override
  public void route(Step.SetHeaderRoute step) {
    String name = step.route().string("name");
    List<Struct> matches = new ArrayList<>();
    for (Struct match : step.route().structs("match")) {
      matches.add(
          Struct.of("headers", Struct.of(match.string("headerName"), match.struct("headerValue"))));
    }
    edit(
        (routes, virtualService) ->
            matches.isEmpty()
                ? routes.without(virtualService, name)
                : routes.added(
                    virtualService,
                    Struct.of(
                        "name",
                        name,
                        "match",
                        matches,
                        "route",
                        List.of(canary(routes, virtualService).with("weight", 100L)))),
        "set headerRoute '" + name + "'");
  }

  @Override
  public void mirror(Step.SetMirrorRoute step) {
    String name = step.route().string("name");
    List<Struct> matches = step.route().structs("match").stream().map(IstioRouter::match).toList();
    double percentage = step.route().has("percentage") ? step.route().integer("percentage") : 100;
    edit(
        (routes, virtualService) ->
            matches.isEmpty()
                ? routes.without(virtualService, name)
                : routes.added(
                    virtualService,
                    new StructBuilder()
                        .add("name", name)
                        .add("match", matches)
                        .add("route", routes.destinations(virtualService))
                        .add("mirror", canary(routes, virtualService).struct("destination"))
                        .add("mirrorPercentage", Struct.of("value", percentage))
                        .build()),
        "set mirrorRoute '" + name + "'");
  }

  private static Struct match(Struct match) {
    return new StructBuilder()
        .addUnlessEmpty("method", match.struct("method"))
        .addUnlessEmpty("uri", match.struct("path"))
        .addUnlessEmpty("headers", match.struct("headers"))
        .build();
  }

  private Struct canary(Routes routes, Struct virtualService) {
    return routes.destinations(virtualService).stream()
        .filter(sides::isCanary)
        .findFirst()
        .orElseThrow(
            () ->
                new RoutingException(
                    "VirtualService '%s' has a route without a destination of the canary version"
                        .formatted(routes.name())));
  }

  @Override
  public void removeRoutes() {
    edit(Routes::withoutManaged, "removed all managed routes.");
  }
}
