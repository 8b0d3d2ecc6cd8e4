package dev.tiphys.delivery;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informers;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.ObjectList;
import dev.tiphys.client.defaults.DefaultObjects;
import dev.tiphys.client.leader.Charge;
import dev.tiphys.client.leader.Leavable;
import dev.tiphys.client.leader.OtherHolder;
import dev.tiphys.client.outbound.HttpTransport;
import dev.tiphys.client.outbound.ServiceAddresses;
import dev.tiphys.delivery.controller.RolloutController;
import dev.tiphys.delivery.experiment.ExperimentController;
import dev.tiphys.delivery.measuring.AnalysisController;
import dev.tiphys.delivery.measuring.Providers;
import dev.tiphys.delivery.measuring.providers.JobProvider;
import dev.tiphys.delivery.measuring.providers.PrometheusProvider;
import dev.tiphys.delivery.measuring.providers.WebProvider;
import dev.tiphys.delivery.metrics.RolloutMetrics;
import dev.tiphys.delivery.model.DeliveryResources;
import dev.tiphys.delivery.traffic.Routers;
import dev.tiphys.delivery.traffic.gateway.GatewayRouter;
import dev.tiphys.delivery.traffic.istio.IstioRouter;
import dev.tiphys.delivery.traffic.nginx.NginxRouter;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// All that a cluster needs to have Rollouts: their kinds, and what acts on them.
///
/// Where another program holds the well-known Lease in a namespace of its own, it is left in
/// charge, and every Rollout has an event that says so.
///
/// Threads: any.
public final class Rollouts implements Leavable {

  /// What it is called in requests, and whose rights it has.
  public static final String NAME = "rollouts";

  /// The user that acts on them.
  public static final String USER = "system:tiphys:rollouts";

  /// What a controller of Rollouts holds while it works.
  public static final String LEASE = "argo-rollouts-controller-lock";

  private static final String OWN_NAMESPACE = "kube-system";

  /// What events say that they come from.
  private static final String COMPONENT = "rollouts-controller";

  private static final Duration PAUSE = Duration.ofMillis(200);

  /// Read once: tests start many clusters.
  private static final List<Struct> DEFINITIONS =
      DefaultObjects.read(Rollouts.class, "rollout-definition.yaml", "analysis-definitions.yaml");

  private final World world;
  private final Api api;
  private final DefaultObjects definitions;
  private final Charge charge = new Charge();
  private final OtherHolder other;
  private final Informers informers;
  private final EventRecorder events;
  private final RolloutController rollouts;
  private final AnalysisController analyses;
  private final ExperimentController experiments;
  private final RolloutMetrics metrics;
  private final SupervisedTask starting;

  private Rollouts(
      World world, Api api, Routers routers, Function<Informers, Providers> providers) {
    this.world = world;
    this.api = api;
    this.definitions =
        new DefaultObjects(
                world, api, NAME, List.of(ApiResource.CUSTOM_RESOURCE_DEFINITIONS), DEFINITIONS)
            .start();
    this.informers = new Informers(world, api);
    this.events = new EventRecorder(world, api, COMPONENT, "");
    this.rollouts = new RolloutController(world, api, informers, events, routers, charge);
    this.analyses =
        new AnalysisController(world, api, informers, events, providers.apply(informers), charge);
    this.experiments = new ExperimentController(world, api, informers, events, charge);
    this.metrics =
        new RolloutMetrics(
            informers.of(DeliveryResources.ROLLOUTS),
            informers.of(DeliveryResources.ANALYSIS_RUNS),
            informers.of(DeliveryResources.EXPERIMENTS));
    this.other = new OtherHolder(world, api, LEASE, OWN_NAMESPACE).onChange(charge::leaveTo);
    this.starting = world.supervisor().start(NAME, this::begin);
    other.start();
  }

  /// Starts it.
  ///
  /// @param api as it sees the cluster
  public static Rollouts start(World world, Api api) {
    return start(
        world,
        api,
        new Routers(
            Map.of(
                "istio",
                IstioRouter::new,
                "nginx",
                NginxRouter::new,
                "plugins/" + GatewayRouter.PLUGIN,
                GatewayRouter::new)),
        informers -> providers(world, api, informers));
  }

  /// @param routers what can share traffic out
  /// @param providers what takes measurements
  static Rollouts start(
      World world, Api api, Routers routers, Function<Informers, Providers> providers) {
    return new Rollouts(world, api, routers, providers);
  }

  private static Providers providers(World world, Api api, Informers informers) {
    HttpTransport transport =
        new HttpTransport(new ServiceAddresses(informers.of(ApiResource.SERVICES)));
    return new Providers(
        Map.of(
            "job", new JobProvider(world, api, informers.of(ApiResource.JOBS)),
            "web", new WebProvider(world, transport),
            "prometheus", new PrometheusProvider(world, transport)));
  }

  private void begin() throws InterruptedException {
    while (!isServed(DeliveryResources.ROLLOUTS)
        || !isServed(DeliveryResources.ANALYSIS_RUNS)
        || !isServed(DeliveryResources.EXPERIMENTS)) {
      world.background().sleep(PAUSE);
    }
    informers.start();
    informers.awaitSynced();
    rollouts.start();
    analyses.start();
    experiments.start();
  }

  /// Kinds of a new cluster are served a moment after they are made.
  private boolean isServed(ApiResource resource) {
    try {
      ObjectList _ = api.list(resource, "", ListOptions.ALL.inPagesOf(1));
      return true;
    } catch (ApiException e) {
      return false;
    }
  }

  @Override
  public String leftTo() {
    return other.holder().orElse("");
  }

  /// Tells how Rollouts, AnalysisRuns and Experiments stand.
  public void write(Exposition out) {
    metrics.write(out);
  }

  @Override
  public void close() {
    other.close();
    starting.close();
    experiments.close();
    analyses.close();
    rollouts.close();
    informers.close();
    events.close();
    definitions.close();
  }
}
