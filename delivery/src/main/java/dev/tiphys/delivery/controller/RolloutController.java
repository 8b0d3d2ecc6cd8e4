package dev.tiphys.delivery.controller;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informer;
import dev.tiphys.client.Informers;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.client.controller.Claims;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.client.controller.OwnerIndex;
import dev.tiphys.client.defaults.LateInformer;
import dev.tiphys.client.leader.Charge;
import dev.tiphys.delivery.model.DeliveryResources;
import dev.tiphys.delivery.model.Rollout;
import dev.tiphys.delivery.pass.Tools;
import dev.tiphys.delivery.traffic.Routers;
import dev.tiphys.delivery.traffic.istio.IstioResources;
import dev.tiphys.delivery.traffic.nginx.CanaryIngress;
import dev.tiphys.delivery.traffic.nginx.NginxRouter;
import dev.tiphys.delivery.workload.WorkloadTemplate;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Looks at Rollouts whenever something happens to them, or to what they own or refer to.
///
/// Cost of a look: the Rollout's ReplicaSets, its namespace's ReplicaSets without an owner, and a
/// read of each template of an analysis; Pods are listed for restarts and changed metadata only.
///
/// Threads: any.
public final class RolloutController implements AutoCloseable {

  private static final String NAME = "rollouts-controller";
  private static final int WORKERS = 5;

  private final Informer rollouts;
  private final ObjectIndex byService;
  private final ObjectIndex byWorkload;
  private final ObjectIndex byRoute;

  /// About kinds that are not in every cluster, so that none waits for them.

  private final List<LateInformer> meshes;

  private final EventRecorder events;
  private final Tools tools;
  private final Claims claims;
  private final OwnerIndex sets;
  private final Routers routers;
  private final Controller controller;
  private final Charge charge;

  /// Which states are older than what was written.
  private final Map<ObjectKey, Long> written = new ConcurrentHashMap<>();

  /// @param informers not started yet
  /// @param events where they are told
  /// @param routers what can share traffic out
  public RolloutController(
      World world,
      Api api,
      Informers informers,
      EventRecorder events,
      Routers routers,
      Charge charge) {
    this.events = events;
    this.routers = routers;
    this.charge = charge;
    this.rollouts = informers.of(DeliveryResources.ROLLOUTS);
    Informer runs = informers.of(DeliveryResources.ANALYSIS_RUNS);
    Informer experiments = informers.of(DeliveryResources.EXPERIMENTS);
    Informer replicaSets = informers.of(ApiResource.REPLICA_SETS);
    Informer services = informers.of(ApiResource.SERVICES);
    this.claims = new Claims(api, DeliveryResources.ROLLOUTS, ApiResource.REPLICA_SETS);
    this.sets = new OwnerIndex(replicaSets);
    this.byService = rollouts.index(RolloutController::services);
    this.byWorkload = rollouts.index(RolloutController::workload);
    this.byRoute = rollouts.index(RolloutController::routes);
    this.meshes =
        Stream.of(IstioResources.VIRTUAL_SERVICES, IstioResources.DESTINATION_RULES)
            .map(each -> new LateInformer(world, api, each, ofRoutes(each)))
            .toList();
    this.tools =
        new Tools(
            world,
            api,
            events,
            services,
            rollouts,
            runs,
            runs.index(RolloutController::owner),
            experiments,
            experiments.index(RolloutController::owner));
    this.controller = new Controller(NAME, world, WORKERS, this::reconcile);
    rollouts.listen(Informer.Listener.ofAll(controller::enqueue));
    replicaSets.listen(Informer.Listener.ofAll(this::ownerOf));
    runs.listen(Informer.Listener.ofAll(this::ownerOf));
    experiments.listen(Informer.Listener.ofAll(this::ownerOf));
    services.listen(Informer.Listener.ofAll(service -> all(byService, place(service))));
    informers
        .of(ApiResource.DEPLOYMENTS)
        .listen(
            Informer.Listener.ofAll(
                deployment -> all(byWorkload, "Deployment/" + place(deployment))));
    informers.of(ApiResource.INGRESSES).listen(ofRoutes(ApiResource.INGRESSES));
    charge.onChange(() -> rollouts.list().forEach(controller::enqueue));
  }

  /// Begins, once the informers are complete.
  public void start() {
    controller.start();
    meshes.forEach(LateInformer::start);
  }

  /// A route that is changed from outside is set right at once.
  private Informer.Listener ofRoutes(ApiResource resource) {
    return Informer.Listener.ofAll(route -> all(byRoute, resource.plural() + "/" + place(route)));
  }

  private static String place(Struct object) {
    return ObjectKey.of(object).toString();
  }

  private static List<String> services(Struct object) {
    Rollout rollout = new Rollout(object);
    List<String> names = new ArrayList<>();
    Struct strategy = rollout.spec().struct("strategy");
    names.add(strategy.string("blueGreen", "activeService"));
    names.add(strategy.string("blueGreen", "previewService"));
    names.add(strategy.string("canary", "stableService"));
    names.add(strategy.string("canary", "canaryService"));
    names.add(strategy.string("canary", "pingPong", "pingService"));
    names.add(strategy.string("canary", "pingPong", "pongService"));
    return names.stream()
        .filter(name -> !name.isEmpty())
        .map(name -> rollout.namespace() + "/" + name)
        .distinct()
        .toList();
  }

  private static List<String> workload(Struct object) {
    Rollout rollout = new Rollout(object);
    Struct reference = rollout.workloadRef();
    return WorkloadTemplate.resource(reference.string("kind")) == null
        ? List.of()
        : List.of(
            reference.string("kind") + "/" + rollout.namespace() + "/" + reference.string("name"));
  }

  private static List<String> routes(Struct object) {
    Rollout rollout = new Rollout(object);
    if (!rollout.isCanary() || !rollout.canary().isRouted()) {
      return List.of();
    }
    List<String> all = new ArrayList<>();
    for (ObjectKey key : IstioResources.virtualServices(rollout)) {
      all.add(IstioResources.VIRTUAL_SERVICES.plural() + "/" + key);
    }
    for (ObjectKey key : IstioResources.destinationRules(rollout)) {
      all.add(IstioResources.DESTINATION_RULES.plural() + "/" + key);
    }
    for (String name : NginxRouter.ingresses(rollout)) {
      String prefix = ApiResource.INGRESSES.plural() + "/" + rollout.namespace() + "/";
      all.add(prefix + name);
      all.add(prefix + CanaryIngress.name(rollout, name));
    }
    return all.stream().distinct().toList();
  }

  private static List<String> owner(Struct object) {
    Struct controller = Meta.of(object).controller();
    return controller == null ? List.of() : List.of(controller.string("uid"));
  }

  private void all(ObjectIndex index, String value) {
    index.with(value).forEach(controller::enqueue);
  }

  private void ownerOf(Struct object) {
    Meta meta = Meta.of(object);
    Struct reference = meta.controller();
    if (reference != null && reference.string("kind").equals("Rollout")) {
      controller
          .queue()
          .add(new ObjectKey(meta.namespace(), reference.string("name")), meta.revision());
    }
  }

  private Outcome reconcile(ObjectKey key) {
    Struct object = rollouts.find(key);
    if (object == null) {
      written.remove(key);
      return Outcome.DONE;
    }
    if (!charge.isDecided()) {
      return Outcome.DONE; // all are looked at once it is
    }
    Optional<String> holder = charge.other();
    if (holder.isPresent()) {
      events.normal(object, "LeftToOther", "Another controller is in charge: " + holder.get());
      return Outcome.DONE;
    }
    Meta meta = Meta.of(object);
    if (meta.isBeingDeleted() || meta.revision() < written.getOrDefault(key, 0L)) {
      return Outcome.DONE; // the newer state is on its way, and is looked at then
    }
    Look look = new Look(tools, claims, sets, routers, new Rollout(object));
    Outcome outcome = look.run();
    written.merge(key, Meta.of(look.last()).revision(), Math::max);
    return outcome;
  }

  @Override
  public void close() {
    controller.close();
    meshes.forEach(LateInformer::close);
  }
}
