package dev.tiphys.delivery;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.defaults.DefaultObjects;
import dev.tiphys.client.leader.OtherHolder;
import dev.tiphys.delivery.controller.RolloutController;
import dev.tiphys.delivery.traffic.Routers;
import dev.tiphys.delivery.traffic.istio.IstioRouter;
import dev.tiphys.delivery.traffic.nginx.NginxRouter;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.world.World;
import java.util.List;
import java.util.Map;

/// All that a cluster needs to have Rollouts: their kinds, and what acts on them.
///
/// Where another program holds the well-known Lease in a namespace of its own, it is left in
/// charge, and every Rollout has an event that says so.
///
/// Threads: any.
public final class Rollouts implements AutoCloseable {

  /// What it is called in requests, and whose rights it has.
  public static final String NAME = "rollouts";

  /// What a controller of Rollouts holds while it works.
  public static final String LEASE = "argo-rollouts-controller-lock";

  private static final String OWN_NAMESPACE = "kube-system";

  private static final ApiResource DEFINITIONS =
      new ApiResource(
          GroupVersion.parse("apiextensions.k8s.io/v1"),
          "customresourcedefinitions",
          "CustomResourceDefinition",
          false);

  private final DefaultObjects definitions;
  private final OtherHolder other;
  private final RolloutController controller;

  private Rollouts(DefaultObjects definitions, OtherHolder other, RolloutController controller) {
    this.definitions = definitions;
    this.other = other;
    this.controller = controller;
  }

  /// Starts it.
  ///
  /// @param api as it sees the cluster
  public static Rollouts start(World world, Api api) {
    return start(
        world, api, new Routers(Map.of("istio", IstioRouter::new, "nginx", NginxRouter::new)));
  }

  /// @param routers what can share traffic out
  static Rollouts start(World world, Api api, Routers routers) {
    DefaultObjects definitions =
        new DefaultObjects(
                world,
                api,
                NAME,
                List.of(DEFINITIONS),
                DefaultObjects.read(
                    Rollouts.class, "rollout-definition.yaml", "analysis-definitions.yaml"))
            .start();
    RolloutController controller = new RolloutController(world, api, routers);
    OtherHolder other =
        new OtherHolder(world, api, LEASE, OWN_NAMESPACE).onChange(controller::leaveTo);
    controller.start();
    other.start();
    return new Rollouts(definitions, other, controller);
  }

  /// Which other program acts on Rollouts instead; empty if this does.
  public String leftTo() {
    return other.holder().orElse("");
  }

  @Override
  public void close() {
    other.close();
    controller.close();
    definitions.close();
  }
}
