package dev.tiphys.delivery.traffic.nginx;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.delivery.experiment.StepExperiments;
import dev.tiphys.delivery.model.Rollout;
import dev.tiphys.delivery.model.Step;
import dev.tiphys.delivery.pass.Pass;
import dev.tiphys.delivery.traffic.Routing;
import dev.tiphys.delivery.traffic.RoutingException;
import dev.tiphys.delivery.traffic.TrafficRouter;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.ArrayList;
import java.util.List;

/// Shares traffic out by annotations of an Ingress that is the canary's own.
///
/// Routes by headers, mirrors and shares of Experiments it has none: a Rollout that asks for them
/// is refused before.
///
/// Threads: one.
public final class NginxRouter implements TrafficRouter {

  private final Routing routing;
  private final Pass pass;
  private final Api api;

  public NginxRouter(Routing routing) {
    this.routing = routing;
    this.pass = routing.pass();
    this.api = pass.tools().api();
  }

  @Override
  public void point(String canaryHash, String stableHash, List<StepExperiments.Share> extra) {}

  @Override
  public void share(long canaryWeight, List<StepExperiments.Share> extra) {
    String namespace = pass.rollout().namespace();
    for (String name : ingresses(pass.rollout())) {
      Struct stable = api.find(ApiResource.INGRESSES, namespace, name);
      if (stable == null) {
        throw new RoutingException("ingress `" + name + "` not found");
      }
      CanaryIngress canary = new CanaryIngress(routing, stable);
      Struct present = api.find(ApiResource.INGRESSES, namespace, canary.name());
      Struct next = canary.with(present, canaryWeight);
      if (present == null) {
        pass.normal(
            "CreatingCanaryIngress",
            "Creating canary ingress `%s` with weight `%d`".formatted(canary.name(), canaryWeight));
        api.create(ApiResource.INGRESSES, next);
      } else if (!Meta.of(present).isControlledBy(pass.rollout().meta().uid())) {
        throw new RoutingException(
            "canary ingress `%s` is not owned by Rollout `%s`"
                .formatted(canary.name(), pass.rollout().name()));
      } else if (!next.equals(present)) {
        pass.normal(
            "PatchingCanaryIngress",
            "Updating Ingress `%s` to desiredWeight '%d'".formatted(canary.name(), canaryWeight));
        api.update(ApiResource.INGRESSES, next);
      }
    }
  }

  /// The Ingresses of the stable version that a Rollout names.
  public static List<String> ingresses(Rollout rollout) {
    Struct spec = rollout.canary().trafficRouting().struct("nginx");
    List<String> all = new ArrayList<>(spec.strings("stableIngresses"));
    if (spec.has("stableIngress")) {
      all.add(spec.string("stableIngress"));
    }
    return all;
  }

  @Override
  public void route(Step.SetHeaderRoute step) {}

  @Override
  public void mirror(Step.SetMirrorRoute step) {}

  @Override
  public void removeRoutes() {}
}
