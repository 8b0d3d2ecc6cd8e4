package dev.tiphys.delivery.traffic.gateway;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.delivery.experiment.StepExperiments;
import dev.tiphys.delivery.model.Step;
import dev.tiphys.delivery.pass.Pass;
import dev.tiphys.delivery.traffic.Routing;
import dev.tiphys.delivery.traffic.RoutingException;
import dev.tiphys.delivery.traffic.TrafficRouter;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.schema.GroupVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// Shares traffic out in HTTPRoutes and GRPCRoutes of Gateway API, whichever gateway serves them.
///
/// Its settings are those of the plugin that people know by this name
/// (<https://rollouts-plugin-trafficrouter-gatewayapi.readthedocs.io>): `httpRoute` or
/// `httpRoutes`, `grpcRoute` or `grpcRoutes`, and `namespace`.
///
/// Threads: one.
public final class GatewayRouter implements TrafficRouter {

  /// By which name a Rollout asks for it.
  public static final String PLUGIN = "argoproj-labs/gatewayAPI";

  private static final GroupVersion VERSION = GroupVersion.parse("gateway.networking.k8s.io/v1");
  private static final ApiResource HTTP = new ApiResource(VERSION, "httproutes", "HTTPRoute", true);
  private static final ApiResource GRPC = new ApiResource(VERSION, "grpcroutes", "GRPCRoute", true);

  private final Pass pass;
  private final Api api;
  private final Struct spec;
  private final RouteRules rules;

  public GatewayRouter(Routing routing) {
    this.pass = routing.pass();
    this.api = pass.tools().api();
    Struct all = pass.rollout().canary().trafficRouting();
    this.spec = all.struct("plugins", PLUGIN);
    this.rules =
        new RouteRules(
            routing.canaryService(),
            routing.stableService(),
            all.structs("managedRoutes").stream().map(route -> route.string("name")).toList());
  }

  private void edit(UnaryOperator<Struct> edit) {
    List<String> http = names("httpRoute");
    List<String> grpc = names("grpcRoute");
    if (http.isEmpty() && grpc.isEmpty()) {
      throw new RoutingException("the plugin " + PLUGIN + " is given no route");
    }
    http.forEach(name -> edit(HTTP, name, edit));
    grpc.forEach(name -> edit(GRPC, name, edit));
  }

  private List<String> names(String field) {
    List<String> names = new ArrayList<>();
    if (spec.has(field)) {
      names.add(spec.string(field));
    }
    spec.structs(field + "s").forEach(each -> names.add(each.string("name")));
    return names;
  }

  private void edit(ApiResource resource, String name, UnaryOperator<Struct> edit) {
    String named = spec.string("namespace");
    ObjectKey key = new ObjectKey(named.isEmpty() ? pass.rollout().namespace() : named, name);
    Struct before = api.find(resource, key.namespace(), key.name());
    if (before == null) {
      throw new RoutingException(resource.kind() + " `" + name + "` not found");
    }
    Struct next = edit.apply(before);
    if (!next.equals(before)) {
      api.update(resource, next);
      pass.normal(
          "Updated" + resource.kind(), resource.kind() + " `" + name + "` was given new weights");
    }
  }

  @Override
  public void point(String canaryHash, String stableHash, List<StepExperiments.Share> extra) {}

  @Override
  public void share(long canaryWeight, List<StepExperiments.Share> extra) {
    long whole = pass.rollout().canary().maxWeight();
    edit(route -> rules.shared(route, canaryWeight, extra, whole));
  }

  @Override
  public void route(Step.SetHeaderRoute step) {
    edit(route -> rules.sent(route, step.route()));
  }

  @Override
  public void mirror(Step.SetMirrorRoute step) {
    edit(route -> rules.mirrored(route, step.route()));
  }

  @Override
  public void removeRoutes() {
    edit(rules::withoutManaged);
  }
}
